//! What a report is answered as.

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

/// A report, and how far its days are from those of the time zone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report<T> {
    /// The HTTP status.
    #[schema(example = 200)]
    code: u16,
    /// The report.
    data: T,
    /// How many minutes before those of `tz` its hours, days and months begin, since time is cut at
    /// full hours of UTC; absent where they are the same. The range itself is kept to the millisecond.
    #[serde(skip_serializing_if = "Option::is_none")]
    tz_shifted_minutes: Option<i64>,
}

impl<T> Report<T> {
    /// `data`, whose times begin so many minutes early.
    pub(super) fn new(data: T, shifted_minutes: i64) -> Self {
        let tz_shifted_minutes = Some(shifted_minutes).filter(|minutes| *minutes != 0);
        Self { code: 200, data, tz_shifted_minutes }
    }
}

impl<T: Serialize> Responder for Report<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}
