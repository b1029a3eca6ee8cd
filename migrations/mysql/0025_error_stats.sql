-- What failed per hour, provider, key and error code; 0 or '' where there is none. calls counts calls
-- by their final attempts, attempts those that were sent to a provider and failed.
CREATE TABLE t_ai_error_stats (
    stat_hour DATETIME(3) NOT NULL,
    provider_id BIGINT NOT NULL DEFAULT 0,
    key_id BIGINT NOT NULL DEFAULT 0,
    error_code VARCHAR(100) NOT NULL DEFAULT '',
    calls BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- reports over a range
    PRIMARY KEY (stat_hour, provider_id, key_id, error_code)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The same per UTC day.
CREATE TABLE t_ai_error_stats_daily (
    stat_day DATETIME(3) NOT NULL,
    provider_id BIGINT NOT NULL DEFAULT 0,
    key_id BIGINT NOT NULL DEFAULT 0,
    error_code VARCHAR(100) NOT NULL DEFAULT '',
    calls BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- reports over a range
    PRIMARY KEY (stat_day, provider_id, key_id, error_code)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
