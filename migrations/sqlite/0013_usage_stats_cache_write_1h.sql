-- The same for the hours of usage: what cache_write_1h_tokens of their attempts sum to.
ALTER TABLE t_ai_usage_stats
    ADD COLUMN cache_write_1h_tokens BIGINT NOT NULL DEFAULT 0;
