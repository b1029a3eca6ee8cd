-- What providers serve. A deleted row stays, so that reports keep its name and seeds do not bring
-- it back.
CREATE TABLE t_ai_models (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    provider_id BIGINT NOT NULL,
    model_code VARCHAR(200) NOT NULL,
    -- Empty: the code is its name.
    model_name VARCHAR(200) NOT NULL DEFAULT '',
    model_type VARCHAR(32) NOT NULL DEFAULT 'chat',
    max_input_tokens BIGINT NULL,
    max_output_tokens BIGINT NULL,
    supports_streaming BOOLEAN NOT NULL DEFAULT TRUE,
    supports_function_call BOOLEAN NOT NULL DEFAULT FALSE,
    supports_vision BOOLEAN NOT NULL DEFAULT FALSE,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    source VARCHAR(32) NOT NULL DEFAULT 'manual',
    lifecycle VARCHAR(32) NOT NULL DEFAULT 'active',
    shutdown_date DATE NULL,
    constraints JSON NULL,
    is_missing_upstream BOOLEAN NOT NULL DEFAULT FALSE,
    synced_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    deleted_at DATETIME(3) NULL,
    -- Serves list and find_by_code by provider.
    UNIQUE KEY uq_ai_models_code (provider_id, model_code),
    CONSTRAINT fk_ai_models_provider FOREIGN KEY (provider_id) REFERENCES t_ai_providers (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
