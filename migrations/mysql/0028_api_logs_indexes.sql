-- The id stands in each index, where InnoDB keeps it anyway, because a server reads a partitioned table
-- in the order of an index only by the columns that the index names; without it the first page of
-- calls was a sort of all of them.
ALTER TABLE t_ai_api_logs
    DROP INDEX ix_ai_api_logs_created_at,
    DROP INDEX ix_ai_api_logs_status,
    DROP INDEX ix_ai_api_logs_provider,
    DROP INDEX ix_ai_api_logs_key,
    DROP INDEX ix_ai_api_logs_model,
    DROP INDEX ix_ai_api_logs_requested_model,
    DROP INDEX ix_ai_api_logs_app,
    DROP INDEX ix_ai_api_logs_user,
    DROP INDEX ix_ai_api_logs_end_user;

ALTER TABLE t_ai_api_logs
    -- reports over the hours that are not folded; the list of calls, newest first; the export
    ADD INDEX ix_ai_api_logs_created_at (created_at, id),
    -- the list and the counts of failed calls
    ADD INDEX ix_ai_api_logs_status (status, created_at, id),
    -- calls of one provider
    ADD INDEX ix_ai_api_logs_provider (provider_id, created_at, id),
    -- calls of one key
    ADD INDEX ix_ai_api_logs_key (key_id, created_at, id),
    -- calls of one model, by what was sent; attempts of a model without a price
    ADD INDEX ix_ai_api_logs_model (model_code, created_at, id),
    -- calls of one model or alias, by what was asked for, and how many there are
    ADD INDEX ix_ai_api_logs_requested_model (requested_model, is_final, created_at, id),
    -- calls of one app token
    ADD INDEX ix_ai_api_logs_app (app_id, created_at, id),
    -- calls of one user
    ADD INDEX ix_ai_api_logs_user (user_id, created_at, id),
    -- calls of one end user, and how many there are; their usage, which is in no table of usage
    ADD INDEX ix_ai_api_logs_end_user (end_user, is_final, created_at, id);
