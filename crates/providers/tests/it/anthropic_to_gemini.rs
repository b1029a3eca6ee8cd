//! Anthropic callers of a Gemini provider.

mod answers;
mod counts;
mod requests;
mod simulated;
mod streams;
