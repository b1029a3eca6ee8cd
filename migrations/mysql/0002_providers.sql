-- Where calls go. A deleted row stays, so that reports keep its name and seeds do not bring it back.
CREATE TABLE t_ai_providers (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    provider_code VARCHAR(64) NOT NULL,
    provider_name VARCHAR(128) NOT NULL,
    protocol VARCHAR(32) NOT NULL DEFAULT 'openai',
    base_url VARCHAR(512) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    -- Behind the seeded ones, whose models a new provider may list too.
    sort_order BIGINT NOT NULL DEFAULT 100,
    description TEXT NULL,
    lb_strategy VARCHAR(32) NOT NULL DEFAULT 'priority',
    -- No foreign key: the model's own points here already.
    default_model_id BIGINT NULL,
    default_params JSON NULL,
    connect_timeout_ms BIGINT NOT NULL DEFAULT 10000,
    first_token_timeout_ms BIGINT NOT NULL DEFAULT 120000,
    idle_timeout_ms BIGINT NOT NULL DEFAULT 120000,
    total_timeout_ms BIGINT NOT NULL DEFAULT 600000,
    max_retries BIGINT NOT NULL DEFAULT 3,
    queue_timeout_ms BIGINT NOT NULL DEFAULT 0,
    extra_headers JSON NULL,
    quirks JSON NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    deleted_at DATETIME(3) NULL,
    -- Serves find_by_code, and keeps codes apart, those of deleted rows too.
    UNIQUE KEY uq_ai_providers_code (provider_code)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
