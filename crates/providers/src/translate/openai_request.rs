//! What the translations of OpenAI's chat request read alike, whatever they make of it.

use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::failure::{Failure, FailureClass};

/// One text, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Stop {
    One(String),
    Several(Vec<String>),
}

impl Stop {
    /// All of them.
    pub(crate) fn into_list(self) -> Vec<String> {
        match self {
            Self::One(stop) => vec![stop],
            Self::Several(stops) => stops,
        }
    }
}

/// An image.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageUrl {
    pub(crate) url: String,
}

/// The function that a call is of.
#[derive(Debug, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) arguments: Option<String>,
}

/// What the answer's text has to be.
#[derive(Debug, Deserialize)]
pub(crate) struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(borrow)]
    pub(crate) json_schema: Option<JsonSchema<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct JsonSchema<'a> {
    #[serde(borrow)]
    pub(crate) schema: Option<&'a RawValue>,
}

/// The refusal of a field of the caller's.
pub(crate) fn refused(field: &str, why: &str) -> Failure {
    let mut failure = Failure::new(FailureClass::ClientFault, format!("{field}: {why}"));
    failure.param = Some(field.to_owned());
    failure
}

/// `text` as the JSON object that it is, byte for byte; blank text is an empty one.
pub(crate) fn json_object(text: &str) -> Option<Box<RawValue>> {
    let text = text.trim();
    let text = if text.is_empty() { "{}" } else { text };
    let value: Box<RawValue> = serde_json::from_str(text).ok()?;
    value.get().starts_with('{').then_some(value)
}

/// The media type and the base64 text of a `data:` URL.
pub(crate) fn data_url(url: &str) -> Option<(&str, &str)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let media_type = head.strip_suffix(";base64")?;
    Some((media_type.split(';').next().unwrap_or(media_type), data))
}
