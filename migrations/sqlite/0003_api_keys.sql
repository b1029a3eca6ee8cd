-- Upstream keys. A person may add one with a plain INSERT that names only provider_id, key_name,
-- api_key, priority, rate_limit_rpm, rate_limit_tpm and rate_limit_rpd: it is sealed within a minute.
CREATE TABLE t_ai_api_keys (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    provider_id BIGINT NOT NULL,
    key_name VARCHAR(128) NOT NULL,
    credential_kind VARCHAR(32) NOT NULL DEFAULT 'static',
    -- Sealed: v1:<key id>:<nonce>:<ciphertext>. NULL once it was wiped.
    api_key TEXT NULL,
    key_hint VARCHAR(64) NOT NULL DEFAULT '',
    -- NULL for a deleted key, so that the same key may be added again.
    key_fingerprint VARCHAR(64) NULL,
    base_url VARCHAR(512) NULL,
    priority BIGINT NOT NULL DEFAULT 100,
    weight BIGINT NOT NULL DEFAULT 1,
    -- Limits: 0 is unlimited, NULL unknown.
    rate_limit_rpm BIGINT NULL,
    rate_limit_tpm BIGINT NULL,
    rate_limit_rpd BIGINT NULL,
    max_concurrent BIGINT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    status VARCHAR(32) NOT NULL DEFAULT 'normal',
    status_reason VARCHAR(500) NULL,
    error_count BIGINT NOT NULL DEFAULT 0,
    last_error VARCHAR(500) NULL,
    cooling_until DATETIME NULL,
    requests_count_today BIGINT NOT NULL DEFAULT 0,
    tokens_count_today BIGINT NOT NULL DEFAULT 0,
    counted_on DATE NULL,
    last_used_at DATETIME NULL,
    last_validated_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    deleted_at DATETIME NULL,
    -- Serves list by provider, and refuses the same key twice.
    CONSTRAINT uq_ai_api_keys_fingerprint UNIQUE (provider_id, key_fingerprint),
    CONSTRAINT fk_ai_api_keys_provider FOREIGN KEY (provider_id) REFERENCES t_ai_providers (id)
);
