//! What the edge knows of a request.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use tollgate_domain::RequestId;

use crate::error::ApiError;

/// A request's id and where it came from; every request has one.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Ours, which is also in `X-Request-Id` of the answer.
    pub request_id: RequestId,
    /// The caller's own `X-Request-Id`, at most 128 visible characters.
    pub client_request_id: Option<String>,
    /// The caller's address, past the proxies that we trust.
    pub address: Option<IpAddr>,
    /// The caller's program, at most 255 characters.
    pub user_agent: Option<String>,
}

impl Meta {
    /// The address in words, for a record.
    #[must_use]
    pub fn ip(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    /// What the edge knows of `request`.
    ///
    /// # Panics
    /// Where the edge is not wrapped around the route.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().expect("the edge sets it on every request")
    }
}

impl FromRequest for Meta {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
