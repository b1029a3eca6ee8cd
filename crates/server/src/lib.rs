//! The service: HTTP edge, sign-in, administration, command line. The binary is `tollgate`.
//!
//! It knows what callers send and are sent, and who may ask for what; it knows no SQL, no
//! provider's JSON and nothing of how a key is chosen.

pub mod access;
pub mod alerting;
pub mod api;
pub mod app;
mod calls;
pub mod cli;
pub mod config;
pub mod edge;
pub mod error;
pub mod extract;
pub mod instances;
pub mod jobs;
pub mod live;
pub mod logging;
pub mod metrics;
pub mod openapi;
pub mod routes;
pub mod service;
mod sse_body;
pub mod start;
pub mod v1;
pub mod web;
