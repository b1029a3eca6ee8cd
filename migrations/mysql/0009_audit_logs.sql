-- Written once and never changed, so there is no updated_at.
CREATE TABLE t_audit_logs (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NULL,
    app_id BIGINT NULL,
    actor_name VARCHAR(100) NOT NULL DEFAULT '',
    action VARCHAR(20) NOT NULL,
    resource VARCHAR(40) NOT NULL,
    resource_id BIGINT NULL,
    before_json JSON NULL,
    after_json JSON NULL,
    ip VARCHAR(64) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- the whole log, newest first, and ranges of it
    INDEX ix_audit_logs_created_at (created_at),
    -- what happened to one thing, or to one kind of thing
    INDEX ix_audit_logs_resource (resource, resource_id, created_at),
    -- what one user did
    INDEX ix_audit_logs_user (user_id, created_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
