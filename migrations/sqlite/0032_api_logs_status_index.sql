-- Failed calls are some of a hundred; with these columns in the index, those with one code or of one key
-- are found without reading the rows of all of them.

DROP INDEX ix_ai_api_logs_status;

-- the list and the counts of failed calls, also of those with one code or of one key
CREATE INDEX ix_ai_api_logs_status ON t_ai_api_logs (status, created_at, error_code, key_id, is_final);
