-- The instances that share this database: each says every few seconds that it is there, and how its
-- journal fares. One that stops takes its row away; that of a killed one is removed after a day.
CREATE TABLE t_instances (
    instance VARCHAR(64) NOT NULL,
    address VARCHAR(300) NOT NULL,
    version VARCHAR(50) NOT NULL,
    started_at DATETIME NOT NULL,
    seen_at DATETIME NOT NULL,
    backlog_records BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- an instance by its name
    PRIMARY KEY (instance)
);
