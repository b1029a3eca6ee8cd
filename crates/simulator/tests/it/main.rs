//! The simulator over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

mod answers;
mod anthropic;
mod calls;
mod embeddings;
mod errors;
mod faults;
mod gemini;
mod layout;
mod models;
mod program;
mod protocols;
mod refusals;
mod streams;
mod tools;
