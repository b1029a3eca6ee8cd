//! Bodies that make a thing: those that change it, with some fields required.

use std::borrow::Cow;

use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::validate::{Checks, Validate};

/// What makes a thing: a change of nothing, in which the fields that name the thing are required.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct New<T>(pub T);

/// A body of changes that can also make a thing.
pub trait Make: Validate {
    /// The name of the body that makes one: `NewProvider`.
    const NAME: &'static str;
    /// The fields that are required then, as JSON names them.
    const REQUIRED: &'static [&'static str];

    /// Which of the required fields are there, in the same order.
    fn given(&self) -> Vec<bool>;

    /// Checks what else a thing needs to be made.
    fn validate_new(&self, _: &mut Checks) {}
}

impl<T: Make> Validate for New<T> {
    fn validate(&self, checks: &mut Checks) {
        for (field, is_given) in T::REQUIRED.iter().zip(self.0.given()) {
            if !is_given {
                checks.wrong(*field, "is required");
            }
        }
        self.0.validate_new(checks);
        self.0.validate(checks);
    }
}

impl<T: Make + PartialSchema> PartialSchema for New<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required = T::REQUIRED.iter().map(|field| (*field).to_owned()).collect();
        }
        schema
    }
}

impl<T: Make + ToSchema> ToSchema for New<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
