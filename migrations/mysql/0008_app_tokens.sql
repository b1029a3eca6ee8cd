-- The lists are JSON arrays, and NULL is an empty one.
CREATE TABLE t_app_tokens (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    token_hint VARCHAR(20) NOT NULL DEFAULT '',
    owner_id BIGINT NULL,
    scopes JSON NULL,
    allowed_models JSON NULL,
    allowed_providers JSON NULL,
    expires_at DATETIME(3) NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    last_used_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    deleted_at DATETIME(3) NULL,
    -- no two tokens alike
    UNIQUE INDEX uq_app_tokens_token_hash (token_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
