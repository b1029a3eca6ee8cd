-- Tokens written to a provider's cache for an hour, which cost more than those of cache_write_tokens;
-- no token is in both.
ALTER TABLE t_ai_api_logs
    ADD COLUMN cache_write_1h_tokens BIGINT NOT NULL DEFAULT 0;
