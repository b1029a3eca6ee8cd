-- The hours of the records that earlier releases wrote, so that they are folded.
INSERT INTO t_stat_hours (hour, is_dirty, changes)
SELECT DATE_FORMAT(created_at, '%Y-%m-%d %H:00:00') AS log_hour, TRUE, 1
FROM t_ai_api_logs
GROUP BY log_hour
ON DUPLICATE KEY UPDATE is_dirty = TRUE, t_stat_hours.changes = t_stat_hours.changes + 1;
