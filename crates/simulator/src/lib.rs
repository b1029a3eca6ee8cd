#![doc = include_str!("../README.md")]
//!
//! # In tests
//!
//! [`Simulator::start`] serves on a free port inside the test's own runtime; [`Simulator::set_behaviour`]
//! gives a key or a model its behaviour, [`Simulator::calls`] tells what arrived, and a [`Gate`] holds an
//! answer or a stream until the test opens it, so that nothing has to sleep.
//!
//! This crate knows nothing of the gateway: it is what the gateway meets on the other side of the wire, and,
//! with [`history`], what it finds in its database.
//! A protocol is one module (`openai`, `anthropic`, `gemini`) which turns a request into a whole answer or a list of events;
//! everything a fault or a delay does to them on their way out is shared by all protocols.

mod anthropic;
mod behaviour;
mod calls;
mod config;
mod connection;
mod credentials;
mod error_reply;
mod faults;
mod gate;
mod gemini;
pub mod history;
mod names;
mod openai;
mod player;
mod protocol;
mod registry;
mod render;
mod reply;
mod schema;
mod script;
mod server;
mod simulator;
mod tokens;

pub use behaviour::{Behaviour, LineEnd, StreamStyle, UsageStyle, Wire};
pub use calls::{Call, CallEnd};
pub use config::{Fields, SimulatorConfig};
pub use error_reply::ErrorReply;
pub use faults::{Fault, Place};
pub use gate::Gate;
pub use names::{behaviour_of_name, help};
pub use simulator::Simulator;
