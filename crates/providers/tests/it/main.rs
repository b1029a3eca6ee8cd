//! The provider layer from outside: recorded answers through the protocol, and the client through
//! real HTTP.
#![expect(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod answers;
mod anthropic;
mod errors;
mod gemini;
mod hostile;
mod http;
mod odd;
mod requests;
mod schema;
mod streams;
mod support;
