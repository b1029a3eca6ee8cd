//! The provider layer from outside: recorded answers through the protocol, and the client through
//! real HTTP.
#![expect(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod answers;
mod anthropic;
mod anthropic_to_gemini;
mod anthropic_to_openai;
mod errors;
mod fixtures;
mod fuzzed;
mod gemini;
mod golden;
mod hostile;
mod http;
mod laws;
mod odd;
mod output_cap;
mod requests;
mod schema;
mod streams;
mod support;
