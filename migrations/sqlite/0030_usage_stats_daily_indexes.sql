-- Usage of one app token, user, key or model that is told apart by another of these.

-- usage of one app token, by model or key
CREATE INDEX ix_ai_usage_stats_daily_app ON t_ai_usage_stats_daily (app_id, stat_day);

-- usage of one user, by model or app token
CREATE INDEX ix_ai_usage_stats_daily_user ON t_ai_usage_stats_daily (user_id, stat_day);

-- usage of one key, by model or app token
CREATE INDEX ix_ai_usage_stats_daily_key ON t_ai_usage_stats_daily (key_id, stat_day);

-- usage of one model, by app token or provider
CREATE INDEX ix_ai_usage_stats_daily_model ON t_ai_usage_stats_daily (model_code, stat_day);
