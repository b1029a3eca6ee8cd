//! What surrounds every request: its id, its address, its headers, and the shape of its failures.

pub mod address;
pub mod cors;
pub mod headers;
pub mod panics;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse};
use anyhow::anyhow;
use futures_util::FutureExt;
use ipnet::IpNet;
use tollgate_domain::{Clock, RequestId};

use crate::error::body::Shape;
use crate::error::{ApiError, ErrorKind};
use crate::extract::Meta;

/// The header that carries a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The same where Anthropic's SDKs look for it.
pub const ANTHROPIC_REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What the edge needs to know.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Tells when a request came.
    pub clock: Arc<dyn Clock>,
    /// Whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// The outermost middleware: gives the request its id, catches panics, and renders failures in the
/// shape that the path's callers expect.
///
/// # Errors
/// Those that bring their own response: a panic's, and those of the middleware inside.
pub async fn edge(
    edge: Data<Edge>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let meta = edge.meta(&request);
    let started = tokio::time::Instant::now();
    let shape = Shape::of_request(request.path(), request.headers());
    request.extensions_mut().insert(meta.clone());
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut response = match outcome {
        Ok(Ok(response)) => told(shape, response.map_into_boxed_body(), &meta),
        Ok(Err(error)) => return Err(whole(shape, render(shape, &error, &meta), &meta)),
        Err(_) => {
            let error = ApiError::internal(anyhow!("the handler panicked"));
            return Err(whole(shape, render(shape, &error.into(), &meta), &meta));
        }
    };
    headers::add(response.headers_mut(), shape, &meta);
    log(&response, &meta, started.elapsed());
    Ok(response)
}

impl Edge {
    fn meta(&self, request: &ServiceRequest) -> Meta {
        let headers = request.headers();
        let peer = request.peer_addr().map(|peer| peer.ip());
        Meta {
            request_id: RequestId::new(self.clock.now()),
            client_request_id: visible(headers, &REQUEST_ID, 128),
            address: peer.map(|peer| address::of(peer, headers, &self.trusted_proxies)),
            user_agent: visible(headers, &header::USER_AGENT, 255),
        }
    }
}

/// A header's text, cut to `longest` visible ASCII characters.
fn visible(headers: &HeaderMap, name: &HeaderName, longest: usize) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let text: String = text.chars().take(longest).collect();
    (!text.is_empty()).then_some(text)
}

/// `response`, rewritten where it is a failure that has no body of ours yet.
fn told(shape: Shape, response: ServiceResponse<BoxBody>, meta: &Meta) -> ServiceResponse<BoxBody> {
    let replaced = match response.response().error() {
        Some(error) => render(shape, error, meta),
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
            let method = response.request().method();
            let message = format!("this path does not take {method}");
            ApiError::new(ErrorKind::MethodNotAllowed, message).respond(shape, meta.request_id)
        }
        None => return response,
    };
    let replaced = with_headers_of(replaced, response.headers());
    response.into_response(replaced)
}

/// `response` with the headers that middleware and framework gave the one it stands for.
fn with_headers_of(mut response: HttpResponse, former: &HeaderMap) -> HttpResponse {
    for (name, value) in former {
        if !response.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    response
}

/// A failure of the service itself, which has no request to answer to any more.
fn whole(shape: Shape, mut response: HttpResponse, meta: &Meta) -> Error {
    headers::add(response.headers_mut(), shape, meta);
    InternalError::from_response("told in the response", response).into()
}

fn render(shape: Shape, error: &Error, meta: &Meta) -> HttpResponse {
    match error.as_error::<ApiError>() {
        Some(error) => {
            if let Some(cause) = &error.cause {
                let status = error.status().as_u16();
                tracing::error!(request.id = %meta.request_id, status, "a request failed: {cause:#}");
            }
            error.respond(shape, meta.request_id)
        }
        None => foreign(error).respond(shape, meta.request_id),
    }
}

/// One of ours for a failure that the framework made.
fn foreign(error: &Error) -> ApiError {
    if error.as_error::<actix_cors::CorsError>().is_some() {
        return ApiError::forbidden("this origin may not call from a browser");
    }
    match error.as_response_error().status_code().as_u16() {
        404 => ApiError::not_found("path"),
        413 => ApiError::new(ErrorKind::PayloadTooLarge, "the request is too large"),
        400..=499 => ApiError::new(ErrorKind::MalformedJson, "the request cannot be read"),
        _ => ApiError::internal(anyhow!("{error}")),
    }
}

fn log(response: &ServiceResponse<BoxBody>, meta: &Meta, took: std::time::Duration) {
    let request = response.request();
    tracing::debug!(
        request.id = %meta.request_id,
        client_request.id = meta.client_request_id,
        method = %request.method(),
        route = request.match_pattern().as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        latency_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered a request",
    );
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, test, web};
    use tollgate_domain::SystemClock;

    use super::*;

    async fn panics() -> &'static str {
        panic!("{} must not be told", "a canary");
    }

    #[actix_web::test]
    async fn a_panic_is_a_500_with_the_request_id_and_nothing_else() {
        let surroundings = Edge { clock: Arc::new(SystemClock), trusted_proxies: Vec::new() };
        let app = App::new()
            .app_data(Data::new(surroundings))
            .wrap(from_fn(edge))
            .route("/api/panics", web::get().to(panics))
            .route("/v1/panics", web::get().to(panics))
            .route("/v1/messages", web::get().to(panics));
        let app = test::init_service(app).await;

        for (path, pointer) in [
            ("/api/panics", "/error/type"),
            ("/v1/panics", "/error/code"),
            ("/v1/messages", "/error/details/error_code"),
        ] {
            let request = test::TestRequest::get().uri(path).to_request();
            let error = test::try_call_service(&app, request).await.unwrap_err();
            let response = error.error_response();

            assert_eq!(response.status(), 500);
            let id = response.headers().get(REQUEST_ID).unwrap().to_str().unwrap().to_owned();
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body.pointer(pointer).unwrap(), "internal");
            assert!(!body.to_string().contains("canary"));
            assert!(path.starts_with("/v1") || body["error"]["requestId"] == id.as_str());
        }
    }
}
