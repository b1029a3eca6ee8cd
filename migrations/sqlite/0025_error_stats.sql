-- What failed per hour, provider, key and error code; 0 or '' where there is none. calls counts calls
-- by their final attempts, attempts those that were sent to a provider and failed.
CREATE TABLE t_ai_error_stats (
    stat_hour DATETIME NOT NULL,
    provider_id BIGINT NOT NULL DEFAULT 0,
    key_id BIGINT NOT NULL DEFAULT 0,
    error_code VARCHAR(100) NOT NULL DEFAULT '',
    calls BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- reports over a range
    PRIMARY KEY (stat_hour, provider_id, key_id, error_code)
);

-- The same per UTC day.
CREATE TABLE t_ai_error_stats_daily (
    stat_day DATETIME NOT NULL,
    provider_id BIGINT NOT NULL DEFAULT 0,
    key_id BIGINT NOT NULL DEFAULT 0,
    error_code VARCHAR(100) NOT NULL DEFAULT '',
    calls BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- reports over a range
    PRIMARY KEY (stat_day, provider_id, key_id, error_code)
);
