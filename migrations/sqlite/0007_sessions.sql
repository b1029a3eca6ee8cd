CREATE TABLE t_sessions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    refresh_hash BLOB NOT NULL,
    previous_hash BLOB NULL,
    expires_at DATETIME NOT NULL,
    revoked_at DATETIME NULL,
    ip VARCHAR(64) NULL,
    user_agent VARCHAR(255) NULL,
    last_used_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
);

-- a refresh
CREATE UNIQUE INDEX uq_sessions_refresh_hash ON t_sessions (refresh_hash);

-- an old refresh token used again
CREATE INDEX ix_sessions_previous_hash ON t_sessions (previous_hash);

-- every session of a user, to end them
CREATE INDEX ix_sessions_user ON t_sessions (user_id);

-- what was revoked lately, for the snapshot
CREATE INDEX ix_sessions_revoked_at ON t_sessions (revoked_at);
