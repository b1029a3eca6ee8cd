//! The routes under `/api` and `/health`, a file for each resource.

pub mod ai_models;
pub mod ai_routes;
pub mod alerts;
pub mod app_tokens;
pub mod audit_logs;
pub mod auth;
pub mod chat;
pub mod chat_batch;
pub mod docs;
pub mod health;
pub mod keys;
pub mod load_balancer;
pub mod models_list;
pub mod own_usage;
pub mod prices;
pub mod providers;
pub mod settings;
pub mod stats;
pub mod status;
pub mod tokens_count;
pub mod users;
