//! What the translations towards Gemini build alike, whatever they read it from.

mod thinking;
mod tools;
mod turns;

use tollgate_domain::failure::Failure;

use crate::gemini::wire::{Data, Part, Request};
use crate::translate::openai_request::refused;

pub(crate) use thinking::{Depth, thinking};
pub(crate) use tools::{Choice, Chosen, chosen, function};
pub(crate) use turns::{Turns, wants_signatures};

/// The media type of JSON, for answers that have to be some.
pub(crate) const JSON: &str = "application/json";
/// The most stop sequences that Gemini takes.
const MAX_STOPS: usize = 5;

/// A request, and what of the caller's it could not carry.
#[derive(Debug)]
pub(crate) struct Translated<'a> {
    /// The request.
    pub(crate) request: Request<'a>,
    /// Fields that were dropped.
    pub(crate) notes: Vec<&'static str>,
}

/// The stop sequences, without empty ones. Fails, naming `field`, at more than Gemini takes.
pub(crate) fn stop_sequences(stops: Vec<String>, field: &str) -> Result<Vec<String>, Failure> {
    let stops: Vec<String> = stops.into_iter().filter(|stop| !stop.is_empty()).collect();
    match stops.len() > MAX_STOPS {
        true => Err(refused(field, &format!("this provider takes at most {MAX_STOPS}"))),
        false => Ok(stops),
    }
}

/// A text as a part; none if it is empty.
pub(crate) fn said(text: impl Into<String>) -> Option<Part> {
    let text: String = text.into();
    (!text.is_empty()).then(|| Data::Text(text).into())
}
