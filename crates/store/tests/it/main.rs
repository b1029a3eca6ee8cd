//! The store through its front door, on every database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alert_deliveries;
mod alerts;
mod api_keys;
mod api_logs;
mod app_tokens;
mod audit_logs;
mod budgets;
mod calls;
mod error_reports;
mod history;
mod imports;
mod instances;
mod job_leases;
mod journals;
mod migrations;
mod models;
mod opening;
mod prices;
mod providers;
mod renewals;
mod reports;
mod reprice;
mod retention;
mod rollups;
mod routes;
mod schema;
mod sealing;
mod seeds;
mod sessions;
mod settings;
mod support;
mod sync;
mod unreadable;
mod usage_stats;
mod users;
