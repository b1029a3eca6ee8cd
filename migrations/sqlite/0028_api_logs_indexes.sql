-- An index of SQLite ends with the id, and is read in the order of it; so there is less to do.

DROP INDEX ix_ai_api_logs_requested_model;

DROP INDEX ix_ai_api_logs_end_user;

-- calls of one model or alias, by what was asked for, and how many there are
CREATE INDEX ix_ai_api_logs_requested_model ON t_ai_api_logs (requested_model, is_final, created_at);

-- calls of one end user, and how many there are; their usage, which is in no table of usage
CREATE INDEX ix_ai_api_logs_end_user ON t_ai_api_logs (end_user, is_final, created_at);
