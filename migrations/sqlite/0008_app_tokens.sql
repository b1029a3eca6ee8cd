-- The lists are JSON arrays, and NULL is an empty one.
CREATE TABLE t_app_tokens (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(100) NOT NULL,
    token_hash BLOB NOT NULL,
    token_hint VARCHAR(20) NOT NULL DEFAULT '',
    owner_id BIGINT NULL,
    scopes TEXT NULL,
    allowed_models TEXT NULL,
    allowed_providers TEXT NULL,
    expires_at DATETIME NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    last_used_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    deleted_at DATETIME NULL
);

-- no two tokens alike
CREATE UNIQUE INDEX uq_app_tokens_token_hash ON t_app_tokens (token_hash);
