//! Counts requests from their arrival to the end of their answer's body.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use bytes::Bytes;
use tokio::time::Instant;

use crate::app::App;

/// Status of a request whose caller left before it was answered, as nginx counts it.
const CALLER_LEFT: u16 = 499;
/// The route label of a request that no route matches.
const UNMATCHED: &str = "unmatched";
/// The routes of calls.
const BUSIEST: [&str; 3] = ["/v1/chat/completions", "/v1/messages", "/api/ai/chat/completions"];

/// Middleware that counts every request.
///
/// # Errors
///
/// Passes on what the service fails with.
pub async fn count_requests(
    app: Data<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Counted<impl MessageBody>>, Error> {
    let route = pattern(&request);
    let mut guard = Guard::new(app.clone(), method_label(request.method()), route);
    let response = next.call(request).await;
    guard.status = Some(match &response {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    });
    Ok(response?.map_body(|_, body| Counted { body: Box::pin(body), guard: Some(guard) }))
}

/// The pattern of the route that a request is for; most are for one of a few that have no
/// parameters, and need not be looked for among all.
fn pattern(request: &ServiceRequest) -> Cow<'static, str> {
    if let Some(path) = BUSIEST.iter().find(|path| **path == request.path()) {
        return Cow::Borrowed(path);
    }
    request.match_pattern().map_or(Cow::Borrowed(UNMATCHED), Cow::Owned)
}

/// A body whose end is counted.
pub struct Counted<B> {
    body: Pin<Box<B>>,
    guard: Option<Guard>,
}

impl<B: MessageBody> MessageBody for Counted<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let next = self.body.as_mut().poll_next(cx);
        if matches!(next, Poll::Ready(None)) {
            self.guard = None;
        }
        next
    }
}

/// Counts one request when dropped.
struct Guard {
    app: Data<App>,
    method: &'static str,
    route: Cow<'static, str>,
    started: Instant,
    status: Option<StatusCode>,
}

impl Guard {
    fn new(app: Data<App>, method: &'static str, route: Cow<'static, str>) -> Self {
        app.metrics.http_active.inc();
        Self { app, method, route, started: Instant::now(), status: None }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let status = self.status.map_or(CALLER_LEFT, |status| status.as_u16()).to_string();
        let seconds = self.started.elapsed().as_secs_f64();
        let (method, route) = (self.method, &*self.route);
        let metrics = &self.app.metrics;
        metrics.http_active.dec();
        metrics.http_requests.with_label_values(&[method, route, &status]).inc();
        metrics.http_seconds.with_label_values(&[method, route]).observe(seconds);
    }
}

/// The method's name, where it is one that we serve.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
