-- Usage of one app token, user, key or model that is told apart by another of these.
ALTER TABLE t_ai_usage_stats_daily
    -- usage of one app token, by model or key
    ADD INDEX ix_ai_usage_stats_daily_app (app_id, stat_day),
    -- usage of one user, by model or app token
    ADD INDEX ix_ai_usage_stats_daily_user (user_id, stat_day),
    -- usage of one key, by model or app token
    ADD INDEX ix_ai_usage_stats_daily_key (key_id, stat_day),
    -- usage of one model, by app token or provider
    ADD INDEX ix_ai_usage_stats_daily_model (model_code, stat_day);
