-- One row per attempt of a call, and one with attempt 0 for a call refused before any attempt.
-- Token counts are disjoint: no token is in two of them. cost_nanousd is NULL where no price is
-- known. created_at is the call's arrival, the same for all its attempts. Rows are written once and
-- never changed, so there is no updated_at. No foreign keys, so that days can become partitions,
-- which is also why created_at is in every unique key of MySQL.
CREATE TABLE t_ai_api_logs (
    id BIGINT NOT NULL AUTO_INCREMENT,
    request_id BINARY(16) NOT NULL,
    attempt INT NOT NULL,
    is_final BOOLEAN NOT NULL,
    created_at DATETIME(3) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    client_request_id VARCHAR(128) NULL,
    user_id BIGINT NULL,
    app_id BIGINT NULL,
    end_user VARCHAR(128) NULL,
    provider_id BIGINT NULL,
    key_id BIGINT NULL,
    model_code VARCHAR(200) NULL,
    requested_model VARCHAR(200) NULL,
    endpoint VARCHAR(100) NOT NULL,
    is_stream BOOLEAN NOT NULL DEFAULT FALSE,
    status VARCHAR(20) NOT NULL,
    http_status INT NULL,
    error_code VARCHAR(100) NULL,
    error_message VARCHAR(500) NULL,
    prompt_tokens BIGINT NOT NULL DEFAULT 0,
    cached_tokens BIGINT NOT NULL DEFAULT 0,
    cache_write_tokens BIGINT NOT NULL DEFAULT 0,
    completion_tokens BIGINT NOT NULL DEFAULT 0,
    reasoning_tokens BIGINT NOT NULL DEFAULT 0,
    total_tokens BIGINT NOT NULL DEFAULT 0,
    usage_source VARCHAR(20) NOT NULL,
    price_id BIGINT NULL,
    cost_nanousd BIGINT NULL,
    latency_ms BIGINT NOT NULL DEFAULT 0,
    first_token_ms BIGINT NULL,
    finish_reason VARCHAR(64) NULL,
    routing JSON NULL,
    ip_address VARCHAR(64) NULL,
    user_agent VARCHAR(255) NULL,
    PRIMARY KEY (id, created_at),
    -- one call with its attempts; the same attempt written twice
    UNIQUE INDEX uq_ai_api_logs_attempt (request_id, attempt, created_at),
    -- reports over a range; the list of calls, newest first
    INDEX ix_ai_api_logs_created_at (created_at),
    -- the list and the counts of failed calls
    INDEX ix_ai_api_logs_status (status, created_at),
    -- calls of one provider
    INDEX ix_ai_api_logs_provider (provider_id, created_at),
    -- calls of one key
    INDEX ix_ai_api_logs_key (key_id, created_at),
    -- calls of one model, by what was sent
    INDEX ix_ai_api_logs_model (model_code, created_at),
    -- calls of one model, by what was asked for
    INDEX ix_ai_api_logs_requested_model (requested_model, created_at),
    -- calls of one app token
    INDEX ix_ai_api_logs_app (app_id, created_at),
    -- calls of one user
    INDEX ix_ai_api_logs_user (user_id, created_at),
    -- calls of one end user
    INDEX ix_ai_api_logs_end_user (end_user, created_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
