//! Query strings.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tollgate_domain::page::Page;
use utoipa::IntoParams;

use super::json::field_error;
use super::validate::{Checks, Validate};
use crate::error::{ApiError, ApiResult};

/// A checked query string.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Validate> FromRequest for Params<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

/// Reads a query string.
///
/// # Errors
/// `validation_failed` naming the parameter, without its value.
pub fn read<T: DeserializeOwned + Validate>(query: &str) -> ApiResult<T> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    let value: T = serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        let text = error.into_inner().to_string();
        let text = match text.as_str() {
            number
                if number.contains("invalid digit")
                    || number.contains("number too")
                    || number.contains("integer from empty") =>
            {
                "must be a whole number within its range"
            }
            boolean if boolean.starts_with("provided string was not") => "must be true or false",
            other => other,
        };
        ApiError::validation(vec![field_error(&path, text)])
    })?;
    let mut checks = Checks::default();
    value.validate(&mut checks);
    checks.finish()?;
    Ok(value)
}

/// Which page is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// From 1.
    #[param(minimum = 1)]
    pub page: Option<u32>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
}

impl PageQuery {
    /// The page, or the first where none is named.
    #[must_use]
    pub fn page(&self) -> Page {
        let default = Page::default();
        Page {
            number: self.page.unwrap_or(default.number),
            size: self.page_size.unwrap_or(default.size),
        }
    }
}

impl Validate for PageQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
    }
}

/// What a list of everything can be narrowed by.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only rows whose name or code contains this.
    pub search: Option<String>,
    /// From 1; without it the whole list is answered.
    #[param(minimum = 1)]
    pub page: Option<u32>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
}

impl ListQuery {
    /// The page, where one was asked for.
    #[must_use]
    pub fn page(&self) -> Option<Page> {
        page(self.page, self.page_size)
    }

    /// The search, where one was asked for.
    #[must_use]
    pub fn search(&self) -> Option<&str> {
        self.search.as_deref().map(str::trim).filter(|search| !search.is_empty())
    }
}

impl Validate for ListQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
        checks.maybe_length("search", self.search.as_deref(), 0..=200);
    }
}

/// The page, where one was asked for.
#[must_use]
pub fn page(number: Option<u32>, size: Option<u32>) -> Option<Page> {
    number.map(|number| Page { number, size: size.unwrap_or(Page::default().size) })
}

/// Checks `page` and `pageSize`.
pub fn check_page(number: Option<u32>, size: Option<u32>, checks: &mut Checks) {
    checks.range("page", number.map(i64::from), 1..=1_000_000);
    checks.range("pageSize", size.map(i64::from), 1..=i64::from(Page::MAX_SIZE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_parameter_is_named() {
        let cases = [
            ("page=x", "page: must be a whole number within its range"),
            ("page=", "page: must be a whole number within its range"),
            ("page=1&page=2", "page: is given twice"),
            ("page=0", "page: must be between 1 and 1000000"),
            ("page=1&pageSize=201", "pageSize: must be between 1 and 200"),
        ];
        for (query, message) in cases {
            assert_eq!(read::<ListQuery>(query).unwrap_err().message, message, "{query}");
        }
        assert_eq!(read::<ListQuery>("page=2").unwrap().page(), Some(Page { number: 2, size: 20 }));
        assert_eq!(read::<ListQuery>("").unwrap().page(), None);
    }
}
