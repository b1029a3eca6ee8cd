-- Failed calls are some of a hundred; with these columns in the index, those with one code or of one key
-- are found without reading the rows of all of them.
ALTER TABLE t_ai_api_logs
    DROP INDEX ix_ai_api_logs_status,
    -- the list and the counts of failed calls, also of those with one code or of one key
    ADD INDEX ix_ai_api_logs_status (status, created_at, id, error_code, key_id, is_final);
