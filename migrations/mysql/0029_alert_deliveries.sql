-- What channels are told of alerts: a notice for each alert, event and channel, written with the
-- alert itself and sent afterwards, so that none is lost and none holds anything up.
CREATE TABLE t_ai_alert_deliveries (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    alert_id BIGINT NOT NULL,
    -- fired, resolved
    event VARCHAR(20) NOT NULL,
    -- The channel's name in the settings.
    channel VARCHAR(100) NOT NULL,
    -- pending, delivered, failed
    state VARCHAR(20) NOT NULL DEFAULT 'pending',
    attempts BIGINT NOT NULL DEFAULT 0,
    -- When it is sent next, or, while somebody is sending it, when another one may.
    next_attempt_at DATETIME(3) NOT NULL,
    last_error VARCHAR(500) NULL,
    delivered_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- A channel is told each thing once, however many instances see it; the notices of an alert.
    UNIQUE KEY uq_ai_alert_deliveries_notice (alert_id, event, channel),
    -- what is due
    INDEX ix_ai_alert_deliveries_due (state, next_attempt_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
