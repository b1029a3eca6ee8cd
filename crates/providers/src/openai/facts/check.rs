//! Checks of single fields.

use tollgate_domain::chat::CallFacts;

use crate::error::{BodyError, FieldError};
use crate::json::Json;

/// Collects what is wrong. A field that is null counts as absent.
#[derive(Default)]
pub(super) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(super) fn refuse(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.errors.len() < BodyError::MAX_FIELDS {
            self.errors.push(FieldError::new(field, message));
        }
    }

    pub(super) fn finish(self, facts: CallFacts) -> Result<CallFacts, BodyError> {
        if self.errors.is_empty() { Ok(facts) } else { Err(BodyError::Invalid(self.errors)) }
    }

    pub(super) fn text<'a>(&mut self, body: &'a Json<'_>, name: &str) -> Option<&'a str> {
        let value = body.get(name)?;
        if value.as_str().is_none() {
            self.refuse(name, "must be a text");
        }
        value.as_str()
    }

    pub(super) fn boolean(&mut self, body: &Json<'_>, name: &str) -> Option<bool> {
        match body.get(name)? {
            Json::Bool(value) => Some(*value),
            _ => {
                self.refuse(name, "must be true or false");
                None
            }
        }
    }

    pub(super) fn object<'a, 'b>(
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

    pub(super) fn number(&mut self, body: &Json<'_>, name: &str, least: f64, most: f64) {
        let Some(value) = body.get(name) else { return };
        match value.as_f64() {
            Some(number) if (least..=most).contains(&number) => {}
            Some(_) => self.refuse(name, format!("must be between {least} and {most}")),
            None => self.refuse(name, "must be a number"),
        }
    }

    pub(super) fn integer(
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
