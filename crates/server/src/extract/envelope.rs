//! What handlers return: `{"code", "data", "message"}`.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use tollgate_domain::page::Page;
use utoipa::ToSchema;

/// An answer that went well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// The HTTP status.
    #[schema(example = 200)]
    pub code: u16,
    /// What was asked for; `null` where there is nothing to tell.
    pub data: T,
    /// A word about it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl<T> Envelope<T> {
    /// `data` with a 200.
    pub const fn ok(data: T) -> Self {
        Self { code: 200, data, message: None }
    }

    /// The same with a word about it.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// Nothing to tell: `null`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nothing;

/// A 200 with nothing to tell.
pub type Done = Envelope<Nothing>;

impl Done {
    /// A 200 with nothing to tell.
    #[must_use]
    pub const fn done() -> Self {
        Self::ok(Nothing)
    }
}

impl<T: Serialize> Responder for Envelope<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::build(status(self.code)).json(self)
    }
}

/// Something new: a 201.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        Envelope { code: 201, data: self.0, message: None }.respond_to(request)
    }
}

/// A whole list, or one page of it where the caller asked for a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listed<T> {
    /// The HTTP status.
    #[schema(example = 200)]
    pub code: u16,
    /// The rows.
    pub data: Vec<T>,
    /// How many rows there are; only when a page was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
    /// The page, from 1; only when a page was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Rows a page; only when a page was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
}

impl<T> Listed<T> {
    /// `page` of `rows`, or all of them, which are cut at [`Page::MAX_LIST`].
    #[must_use]
    pub fn cut(rows: Vec<T>, page: Option<Page>) -> Self {
        let Some(page) = page else {
            let data = rows.into_iter().take(Page::MAX_LIST as usize).collect();
            return Self { code: 200, data, total: None, page: None, page_size: None };
        };
        let total = rows.len();
        let before = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let data = rows.into_iter().skip(before).take(page.size as usize).collect();
        Self {
            code: 200,
            data,
            total: Some(total),
            page: Some(page.number),
            page_size: Some(page.size),
        }
    }
}

impl<T: Serialize> Responder for Listed<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_stands_beside_the_rows_only_when_a_page_was_asked_for() {
        let all = Listed::cut(vec![1, 2, 3], None);
        let second = Listed::cut(vec![1, 2, 3], Some(Page { number: 2, size: 2 }));

        assert_eq!(serde_json::to_string(&all).unwrap(), r#"{"code":200,"data":[1,2,3]}"#);
        assert_eq!(
            serde_json::to_string(&second).unwrap(),
            r#"{"code":200,"data":[3],"total":3,"page":2,"pageSize":2}"#
        );
    }

    #[test]
    fn nothing_to_tell_is_null() {
        assert_eq!(
            serde_json::to_string(&Envelope::done()).unwrap(),
            r#"{"code":200,"data":null}"#
        );
    }
}
