-- Written once and never changed, so there is no updated_at.
CREATE TABLE t_audit_logs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NULL,
    app_id BIGINT NULL,
    actor_name VARCHAR(100) NOT NULL DEFAULT '',
    action VARCHAR(20) NOT NULL,
    resource VARCHAR(40) NOT NULL,
    resource_id BIGINT NULL,
    before_json TEXT NULL,
    after_json TEXT NULL,
    ip VARCHAR(64) NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
);

-- the whole log, newest first, and ranges of it
CREATE INDEX ix_audit_logs_created_at ON t_audit_logs (created_at);

-- what happened to one thing, or to one kind of thing
CREATE INDEX ix_audit_logs_resource ON t_audit_logs (resource, resource_id, created_at);

-- what one user did
CREATE INDEX ix_audit_logs_user ON t_audit_logs (user_id, created_at);
