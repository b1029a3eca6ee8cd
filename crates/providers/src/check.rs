//! Reading what a caller sent: its tree, and checks of single fields.

use tollgate_domain::chat::CallFacts;

use crate::error::{BodyError, FieldError};
use crate::json::{Json, JsonError, MAX_VALUES};

/// The longest end user's name that is kept, in characters.
const MAX_END_USER: usize = 128;

/// The tree of a body. Refuses what is no JSON object, and one of too many values.
pub(crate) fn parse(body: &[u8]) -> Result<Json<'_>, BodyError> {
    let invalid = |message: &str| Err(BodyError::Invalid(vec![FieldError::new("", message)]));
    match Json::parse(body) {
        Ok(json @ Json::Object(_)) => Ok(json),
        Ok(_) => invalid("the body must be a JSON object"),
        Err(JsonError::TooMany) => invalid(&format!("must hold at most {MAX_VALUES} values")),
        Err(JsonError::Malformed(error)) => Err(BodyError::Malformed(error.to_string())),
    }
}

/// As much of an end user's name as is kept; `None` for an empty one.
pub(crate) fn end_user(name: Option<&str>) -> Option<String> {
    let name = name.filter(|name| !name.is_empty())?;
    Some(name.chars().take(MAX_END_USER).collect())
}

/// Collects what is wrong. A field that is null counts as absent.
#[derive(Debug, Default)]
pub(crate) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    /// Notes what is wrong with that field.
    pub(crate) fn refuse(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.errors.len() < BodyError::MAX_FIELDS {
            self.errors.push(FieldError::new(field, message));
        }
    }

    /// The facts, or all that is wrong.
    pub(crate) fn finish(self, facts: CallFacts) -> Result<CallFacts, BodyError> {
        if self.errors.is_empty() { Ok(facts) } else { Err(BodyError::Invalid(self.errors)) }
    }

    /// The model's name, which must not be empty.
    pub(crate) fn model(&mut self, body: &Json<'_>) -> Option<String> {
        let model = self.text(body, "model")?;
        if model.trim().is_empty() {
            self.refuse("model", "must not be empty");
        }
        Some(model.to_owned())
    }

    /// The text in that field.
    pub(crate) fn text<'a>(&mut self, body: &'a Json<'_>, name: &str) -> Option<&'a str> {
        let value = body.get(name)?;
        if value.as_str().is_none() {
            self.refuse(name, "must be a text");
        }
        value.as_str()
    }

    /// The truth in that field.
    pub(crate) fn boolean(&mut self, body: &Json<'_>, name: &str) -> Option<bool> {
        match body.get(name)? {
            Json::Bool(value) => Some(*value),
            _ => {
                self.refuse(name, "must be true or false");
                None
            }
        }
    }

    /// The object in that field.
    pub(crate) fn object<'a, 'b>(
        &mut self,
        body: &'a Json<'b>,
        name: &str,
    ) -> Option<&'a Json<'b>> {
        let value = body.get(name)?;
        let is_object = matches!(value, Json::Object(_));
        if !is_object {
            self.refuse(name, "must be an object");
        }
        is_object.then_some(value)
    }

    /// Refuses a number out of those bounds.
    pub(crate) fn number(&mut self, body: &Json<'_>, name: &str, least: f64, most: f64) {
        let Some(value) = body.get(name) else { return };
        match value.as_f64() {
            Some(number) if (least..=most).contains(&number) => {}
            Some(_) => self.refuse(name, format!("must be between {least} and {most}")),
            None => self.refuse(name, "must be a number"),
        }
    }

    /// The whole number within those bounds in that field.
    pub(crate) fn integer(
        &mut self,
        body: &Json<'_>,
        name: &str,
        least: i64,
        most: i64,
    ) -> Option<i64> {
        match body.get(name)? {
            Json::Integer(number) if (least..=most).contains(number) => Some(*number),
            Json::Integer(_) if most == i64::MAX => {
                self.refuse(name, format!("must be at least {least}"));
                None
            }
            Json::Integer(_) => {
                self.refuse(name, format!("must be between {least} and {most}"));
                None
            }
            _ => {
                self.refuse(name, "must be a whole number");
                None
            }
        }
    }
}
