//! The service through its front door: real HTTP, on every database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod admin;
mod ai_routes;
mod alerting;
mod alerts;
mod anthropic;
mod batch;
mod behaviours;
mod budgets;
mod canary;
mod chat;
mod chat_scene;
mod commands;
mod costs;
mod failures;
mod imported;
mod instances;
mod jobs;
mod journal;
mod key_limits;
mod killed;
mod kimi;
mod load_balancer;
mod lost_key;
mod messages;
mod metrics;
mod monitoring;
mod outage;
mod own_servers;
mod plain_key;
mod reprice;
mod restarts;
mod routes;
mod settings;
mod shutdown;
mod stats;
mod stats_export;
mod stats_live;
mod status;
mod streams;
mod support;
mod tokens_count;
mod told_statuses;
mod v1;
