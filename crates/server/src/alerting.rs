//! Alerts: the rules that look for what is wrong, and the channels that operators are told by.
//!
//! A rule is a function of `now` and of what the database and the engine say; the alerts that it
//! [settles](tollgate_store::alerts::Alerts::settle) leave notices in an outbox, which is
//! [emptied](outbox) by one instance at a time. The rules of keys and of this instance's own journal
//! are the engine's, which knows at once.

pub mod body;
pub mod channel;
mod email;
pub mod notice;
pub mod outbox;
pub mod rules;
mod sign;
mod templates;
mod webhook;
