-- Usage is told apart by user too; 0 where a call has none. No binary before this one writes the table.
ALTER TABLE t_ai_usage_stats ADD COLUMN user_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX uq_ai_usage_stats_hour;
-- an hour replaced as a whole; reports over a range
CREATE UNIQUE INDEX uq_ai_usage_stats_hour
    ON t_ai_usage_stats (stat_hour, provider_id, model_code, key_id, app_id, user_id);
