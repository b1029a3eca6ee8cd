CREATE TABLE t_sessions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    refresh_hash BINARY(32) NOT NULL,
    previous_hash BINARY(32) NULL,
    expires_at DATETIME(3) NOT NULL,
    revoked_at DATETIME(3) NULL,
    ip VARCHAR(64) NULL,
    user_agent VARCHAR(255) NULL,
    last_used_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- a refresh
    UNIQUE INDEX uq_sessions_refresh_hash (refresh_hash),
    -- an old refresh token used again
    INDEX ix_sessions_previous_hash (previous_hash),
    -- every session of a user, to end them
    INDEX ix_sessions_user (user_id),
    -- what was revoked lately, for the snapshot
    INDEX ix_sessions_revoked_at (revoked_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
