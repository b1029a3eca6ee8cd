-- The hours of the records that earlier releases wrote, so that they are folded.
INSERT INTO t_stat_hours (hour, is_dirty, changes)
SELECT strftime('%Y-%m-%dT%H:00:00.000+00:00', created_at) AS log_hour, TRUE, 1
FROM t_ai_api_logs
WHERE TRUE
GROUP BY log_hour
ON CONFLICT (hour) DO UPDATE SET is_dirty = TRUE, changes = t_stat_hours.changes + 1;
