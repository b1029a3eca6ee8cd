//! The migrations, embedded.

use super::Migration;

/// The table that remembers which migrations were applied.
pub(super) const REGISTER_MYSQL: &str = "
    CREATE TABLE IF NOT EXISTS t_schema_migrations (
        version BIGINT NOT NULL PRIMARY KEY,
        name VARCHAR(100) NOT NULL,
        checksum VARCHAR(64) NOT NULL,
        state VARCHAR(20) NOT NULL,
        applied_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";

/// The same on SQLite.
pub(super) const REGISTER_SQLITE: &str = "
    CREATE TABLE IF NOT EXISTS t_schema_migrations (
        version BIGINT NOT NULL PRIMARY KEY,
        name VARCHAR(100) NOT NULL,
        checksum VARCHAR(64) NOT NULL,
        state VARCHAR(20) NOT NULL,
        applied_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
    )";

macro_rules! migrations {
    ($($version:literal $name:literal,)+) => {
        &[$(Migration {
            version: $version,
            name: $name,
            mysql: include_str!(concat!("../../../../migrations/mysql/", $name, ".sql")),
            sqlite: include_str!(concat!("../../../../migrations/sqlite/", $name, ".sql")),
        }),+]
    };
}

/// Every migration, oldest first.
pub(crate) const MIGRATIONS: &[Migration] = migrations! {
    1 "0001_settings",
    2 "0002_providers",
    3 "0003_api_keys",
    4 "0004_models",
    5 "0005_model_prices",
    6 "0006_users",
    7 "0007_sessions",
    8 "0008_app_tokens",
    9 "0009_audit_logs",
    10 "0010_api_logs",
    11 "0011_usage_stats",
    12 "0012_api_logs_cache_write_1h",
    13 "0013_usage_stats_cache_write_1h",
    14 "0014_app_token_limits",
    15 "0015_budget_periods",
    16 "0016_budget_leases",
    17 "0017_routes",
    18 "0018_alerts",
    19 "0019_api_key_credentials",
    20 "0020_journal_positions",
    21 "0021_stat_hours",
    22 "0022_usage_stats_users",
    23 "0023_usage_stats_daily",
    24 "0024_usage_totals",
    25 "0025_error_stats",
    26 "0026_job_leases",
    27 "0027_stat_hours_of_logs",
    28 "0028_api_logs_indexes",
    29 "0029_alert_deliveries",
    30 "0030_usage_stats_daily_indexes",
    31 "0031_instances",
    32 "0032_api_logs_status_index",
};
