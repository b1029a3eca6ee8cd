-- Which instance runs a job, and how its last run went. A run is for one time of the job's schedule:
-- scheduled_for is that of the latest claim, finished_for that of the latest run that ended. A
-- holder past expires_at has vanished, and another one takes over.
CREATE TABLE t_job_leases (
    job VARCHAR(64) NOT NULL,
    holder VARCHAR(64) NULL,
    expires_at DATETIME(3) NULL,
    scheduled_for DATETIME(3) NULL,
    finished_for DATETIME(3) NULL,
    last_run_at DATETIME(3) NULL,
    last_result VARCHAR(500) NULL,
    is_ok BOOLEAN NOT NULL DEFAULT TRUE,
    last_success_at DATETIME(3) NULL,
    duration_ms BIGINT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- a job by its name
    PRIMARY KEY (job)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
