-- name_key is the username in lower case while the user lives, and NULL once they are deleted:
-- names are unique among the living, whatever their case, and a deleted user's name is free again.
CREATE TABLE t_users (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(100) NOT NULL,
    name_key VARCHAR(100) NULL,
    password_hash VARCHAR(255) NOT NULL,
    role VARCHAR(20) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    token_version BIGINT NOT NULL DEFAULT 0,
    last_login_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    deleted_at DATETIME(3) NULL,
    -- signing in, and refusing a name that is taken
    UNIQUE INDEX uq_users_name_key (name_key)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
