//! The service through its front door: real HTTP, on every database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod admin;
mod anthropic;
mod behaviours;
mod budgets;
mod canary;
mod chat;
mod chat_scene;
mod commands;
mod costs;
mod instances;
mod lost_key;
mod messages;
mod metrics;
mod outage;
mod plain_key;
mod routes;
mod settings;
mod shutdown;
mod stats;
mod streams;
mod support;
mod told_statuses;
mod v1;
