-- What providers serve. A deleted row stays, so that reports keep its name and seeds do not bring
-- it back.
CREATE TABLE t_ai_models (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    provider_id BIGINT NOT NULL,
    model_code VARCHAR(200) NOT NULL,
    -- Empty: the code is its name.
    model_name VARCHAR(200) NOT NULL DEFAULT '',
    model_type VARCHAR(32) NOT NULL DEFAULT 'chat',
    max_input_tokens BIGINT NULL,
    max_output_tokens BIGINT NULL,
    supports_streaming BOOLEAN NOT NULL DEFAULT TRUE,
    supports_function_call BOOLEAN NOT NULL DEFAULT FALSE,
    supports_vision BOOLEAN NOT NULL DEFAULT FALSE,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    source VARCHAR(32) NOT NULL DEFAULT 'manual',
    lifecycle VARCHAR(32) NOT NULL DEFAULT 'active',
    shutdown_date DATE NULL,
    constraints TEXT NULL,
    is_missing_upstream BOOLEAN NOT NULL DEFAULT FALSE,
    synced_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    deleted_at DATETIME NULL,
    -- Serves list and find_by_code by provider.
    CONSTRAINT uq_ai_models_code UNIQUE (provider_id, model_code),
    CONSTRAINT fk_ai_models_provider FOREIGN KEY (provider_id) REFERENCES t_ai_providers (id)
);
