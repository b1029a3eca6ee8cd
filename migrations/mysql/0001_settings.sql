-- Runtime settings, one row each, and the version that every instance watches.
CREATE TABLE t_settings (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    value JSON NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Its `version` counts every change of configuration.
INSERT INTO t_settings (name, value) VALUES ('config_version', 'null');
