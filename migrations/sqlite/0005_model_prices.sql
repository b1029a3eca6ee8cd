-- What models cost, in nano-USD per 1,000 tokens. The rows of a model with the same valid_from are
-- the tiers of one price; a change adds rows, so that any past call can be explained.
CREATE TABLE t_ai_model_prices (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    model_id BIGINT NOT NULL,
    valid_from DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- The smallest whole prompt that the tier is for.
    tier_min_prompt_tokens BIGINT NOT NULL DEFAULT 0,
    -- Both NULL: the tier exists and its price is not known, so calls in it are unpriced.
    prompt_nanousd BIGINT NULL,
    completion_nanousd BIGINT NULL,
    -- NULL: no price of its own, so it costs what a prompt token costs.
    cache_read_nanousd BIGINT NULL,
    cache_write_nanousd BIGINT NULL,
    cache_write_1h_nanousd BIGINT NULL,
    -- Per request.
    request_fee_nanousd BIGINT NOT NULL DEFAULT 0,
    source VARCHAR(32) NOT NULL DEFAULT 'manual',
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- Serves of_model, and keeps a version's tiers apart.
    CONSTRAINT uq_ai_model_prices_tier UNIQUE (model_id, valid_from, tier_min_prompt_tokens),
    CONSTRAINT fk_ai_model_prices_model FOREIGN KEY (model_id) REFERENCES t_ai_models (id)
);
