-- Calls that no table of usage counts are counted from these indexes alone.
ALTER TABLE t_ai_api_logs
    DROP INDEX ix_ai_api_logs_requested_model,
    DROP INDEX ix_ai_api_logs_end_user,
    -- calls of one model or alias, by what was asked for, and how many there are
    ADD INDEX ix_ai_api_logs_requested_model_final (requested_model, is_final, created_at, id),
    -- calls of one end user, and how many there are; their usage, which is in no table of usage
    ADD INDEX ix_ai_api_logs_end_user_final (end_user, is_final, created_at, id);
