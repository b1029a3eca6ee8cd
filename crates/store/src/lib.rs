//! The database of Tollgate: its tables, behind one repository each, on MySQL (MySQL 8, MariaDB,
//! TiDB) and on SQLite.
//!
//! Domain types go in and come out; nothing above this crate knows sqlx, SQL or a sealed secret.
//! This crate knows no HTTP, no provider's JSON and no clock: every function that needs the time
//! is handed `now`. What differs between the two databases is in `db.rs`, and beside each other
//! wherever two texts of SQL must differ.

pub mod alerts;
pub mod api_keys;
pub mod api_logs;
pub mod app_tokens;
pub mod audit_logs;
pub mod budgets;
mod catalogue;
mod conditions;
mod connections;
mod db;
mod error;
pub mod instances;
pub mod job_leases;
pub mod journal;
mod migrate;
pub mod models;
mod moment;
mod pieces;
pub mod presets;
pub mod prices;
pub mod providers;
mod read_tx;
pub mod reports;
pub mod reprice;
pub mod retention;
pub mod routes;
mod row;
pub mod seal;
mod seed;
pub mod sessions;
pub mod settings;
pub mod stat_hours;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod usage_stats;
pub mod users;

pub use connections::Connections;
pub use error::{SchemaError, StoreError, StoreResult};
pub use migrate::{Migration, MigrationReport};
pub use seal::{Keyring, SealError, SealingKey};
pub use store::{Store, StoreOptions};
