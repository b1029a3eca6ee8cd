//! Counts requests from their arrival to the end of their answer's body.

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
    let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    let mut guard = Guard::new(app.clone(), method_label(request.method()), route);
    let response = next.call(request).await;
    guard.status = Some(match &response {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    });
    Ok(response?.map_body(|_, body| Counted { body: Box::pin(body), guard: Some(guard) }))
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
    route: String,
    started: Instant,
    status: Option<StatusCode>,
}

impl Guard {
    fn new(app: Data<App>, method: &'static str, route: String) -> Self {
        app.metrics.http_active.inc();
        Self { app, method, route, started: Instant::now(), status: None }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let status = self.status.map_or(CALLER_LEFT, |status| status.as_u16()).to_string();
        let seconds = self.started.elapsed().as_secs_f64();
        let (method, route) = (self.method, self.route.as_str());
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
