//! What things are in Tollgate: entities, ids, money, usage, failures.
//!
//! Plain data and the rules that need nothing but data. This crate knows no database, no HTTP, no
//! provider's JSON and no clock but the [`Clock`] trait that everybody else is handed.

pub mod alert;
pub mod api_key;
pub mod api_log;
pub mod app_token;
pub mod audit;
pub mod caller;
pub mod channel;
pub mod chat;
pub mod credential;
pub mod failure;
pub mod id;
pub mod limit;
pub mod model;
pub mod money;
pub mod page;
pub mod price;
pub mod provider;
pub mod route;
pub mod secret;
pub mod session;
pub mod setting;
pub mod time;
pub mod usage;
pub mod user;
pub mod words;

pub use id::{
    AlertId, ApiKeyId, AppTokenId, AuditLogId, ModelId, PriceId, ProviderId, RequestId, RouteId,
    SessionId, UserId,
};
pub use money::NanoUsd;
pub use secret::Secret;
pub use time::{Clock, SystemClock};
