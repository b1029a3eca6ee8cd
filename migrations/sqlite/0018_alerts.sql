-- What operators should know of: a row for each time that something went wrong, until it is over.
CREATE TABLE t_ai_alerts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR(40) NOT NULL,
    level VARCHAR(20) NOT NULL,
    -- What it is about, in words: `openai / main`.
    subject VARCHAR(255) NOT NULL,
    message VARCHAR(1000) NOT NULL,
    -- The same for programs, without secrets.
    payload TEXT NULL,
    -- What has to end for the alert to be over: `key:12`. NULL once it is, so that it can fire again.
    open_condition VARCHAR(100) NULL,
    fired_at DATETIME NOT NULL,
    resolved_at DATETIME NULL,
    -- Whether a channel was told of it.
    notified BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- A condition fires once until it is over, however many instances see it.
    CONSTRAINT uq_ai_alerts_open_condition UNIQUE (open_condition)
);

-- the list, newest first, and ranges of it
CREATE INDEX ix_ai_alerts_fired_at ON t_ai_alerts (fired_at);

-- one kind of alert, newest first
CREATE INDEX ix_ai_alerts_kind ON t_ai_alerts (kind, fired_at);
