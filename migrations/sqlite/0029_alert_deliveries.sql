-- What channels are told of alerts: a notice for each alert, event and channel, written with the
-- alert itself and sent afterwards, so that none is lost and none holds anything up.
CREATE TABLE t_ai_alert_deliveries (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    alert_id BIGINT NOT NULL,
    -- fired, resolved
    event VARCHAR(20) NOT NULL,
    -- The channel's name in the settings.
    channel VARCHAR(100) NOT NULL,
    -- pending, delivered, failed
    state VARCHAR(20) NOT NULL DEFAULT 'pending',
    attempts BIGINT NOT NULL DEFAULT 0,
    -- When it is sent next, or, while somebody is sending it, when another one may.
    next_attempt_at DATETIME NOT NULL,
    last_error VARCHAR(500) NULL,
    delivered_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- A channel is told each thing once, however many instances see it; the notices of an alert.
    CONSTRAINT uq_ai_alert_deliveries_notice UNIQUE (alert_id, event, channel)
);

-- what is due
CREATE INDEX ix_ai_alert_deliveries_due ON t_ai_alert_deliveries (state, next_attempt_at);
