-- What operators should know of: a row for each time that something went wrong, until it is over.
CREATE TABLE t_ai_alerts (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    level VARCHAR(20) NOT NULL,
    -- What it is about, in words: `openai / main`.
    subject VARCHAR(255) NOT NULL,
    message VARCHAR(1000) NOT NULL,
    -- The same for programs, without secrets.
    payload JSON NULL,
    -- What has to end for the alert to be over: `key:12`. NULL once it is, so that it can fire again.
    open_condition VARCHAR(100) NULL,
    fired_at DATETIME(3) NOT NULL,
    resolved_at DATETIME(3) NULL,
    -- Whether a channel was told of it.
    notified BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- A condition fires once until it is over, however many instances see it.
    UNIQUE KEY uq_ai_alerts_open_condition (open_condition),
    -- the list, newest first, and ranges of it
    INDEX ix_ai_alerts_fired_at (fired_at),
    -- one kind of alert, newest first
    INDEX ix_ai_alerts_kind (kind, fired_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
