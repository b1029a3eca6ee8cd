-- The instances that share this database: each says every few seconds that it is there, and how its
-- journal fares. One that stops takes its row away; that of a killed one is removed after a day.
CREATE TABLE t_instances (
    instance VARCHAR(64) NOT NULL,
    address VARCHAR(300) NOT NULL,
    version VARCHAR(50) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    seen_at DATETIME(3) NOT NULL,
    backlog_records BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- an instance by its name
    PRIMARY KEY (instance)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
