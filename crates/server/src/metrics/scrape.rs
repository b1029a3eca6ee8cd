//! Who may read the metrics, and reading them.

use std::io;
use std::net::{IpAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::web::{Data, get, resource};
use actix_web::{HttpRequest, HttpResponse, HttpServer};
use prometheus::TEXT_FORMAT;
use subtle::ConstantTimeEq;
use utoipa::OpenApi;

use crate::app::App;
use crate::error::body::ErrorBody;
use crate::error::{ApiError, ApiResult};

/// Headers by which proxies tell for whom they pass a request on.
const FORWARDED: &[&str] = &["forwarded", "x-forwarded-for", "x-real-ip"];

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(scrape))]
pub struct Doc;

/// Everything that is counted, in Prometheus' text format.
///
/// For this machine itself; for others with `METRICS_TOKEN` as bearer token, where it is set.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain"),
    (status = 401, description = "The token does not hold", body = ErrorBody),
    (status = 403, description = "Only this machine may read them", body = ErrorBody),
    (status = 404, description = "Metrics are switched off", body = ErrorBody)))]
pub async fn scrape(request: HttpRequest, app: Data<App>) -> ApiResult<HttpResponse> {
    let config = &app.config.metrics;
    if !config.is_enabled {
        return Err(ApiError::not_found("path"));
    }
    let headers = request.headers();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let reader = Reader {
        peer: request.peer_addr().map(|peer| peer.ip()),
        is_forwarded: FORWARDED.iter().any(|name| headers.contains_key(*name)),
        bearer: bearer.and_then(|value| value.strip_prefix("Bearer ")),
    };
    let token = config.token.as_ref().map(|token| token.expose().as_str());
    if may_read(&reader, token) {
        return render(&app);
    }
    Err(match token {
        Some(_) => ApiError::unauthenticated(),
        None => ApiError::forbidden("metrics can be read from this machine only"),
    })
}

/// A server for `/metrics` alone on `METRICS_PORT`, open to whoever reaches it; `None` where no
/// such port is configured.
///
/// # Errors
/// Where the port cannot be bound.
pub fn listen(app: &Data<App>) -> io::Result<Option<Server>> {
    let config = &app.config.metrics;
    let Some(port) = config.port.filter(|_| config.is_enabled) else { return Ok(None) };
    let listener = TcpListener::bind((app.config.server.host.as_str(), port))?;
    let app = app.clone();
    let server = HttpServer::new(move || {
        let metrics = resource("/metrics").route(get().to(scrape_own_port));
        actix_web::App::new().app_data(app.clone()).service(metrics)
    });
    Ok(Some(server.workers(1).disable_signals().listen(listener)?.run()))
}

async fn scrape_own_port(app: Data<App>) -> ApiResult<HttpResponse> {
    render(&app)
}

fn render(app: &App) -> ApiResult<HttpResponse> {
    let text = app.metrics.render(app).map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok().content_type(TEXT_FORMAT).body(text))
}

/// What is known of somebody who asks for the metrics.
struct Reader<'a> {
    /// The connection's other end.
    peer: Option<IpAddr>,
    /// Whether the request says that it was passed on for somebody else.
    is_forwarded: bool,
    /// The bearer token it shows.
    bearer: Option<&'a str>,
}

/// Whether they may read: from this machine itself, or with the token.
fn may_read(reader: &Reader<'_>, token: Option<&str>) -> bool {
    let is_local = reader.peer.is_some_and(|peer| peer.to_canonical().is_loopback());
    let shows_token = token.zip(reader.bearer).is_some_and(|(token, bearer)| {
        bool::from(token.as_bytes().ct_eq(bearer.as_bytes())) && !token.is_empty()
    });
    (is_local && !reader.is_forwarded) || shows_token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_whoever_shows_the_token_may_read() {
        let reader = |peer: &str, is_forwarded, bearer| Reader {
            peer: peer.parse().ok(),
            is_forwarded,
            bearer,
        };
        let cases = [
            (reader("127.0.0.1", false, None), None, true),
            (reader("::1", false, None), None, true),
            (reader("::ffff:127.0.0.1", false, None), None, true),
            (reader("127.0.0.1", true, None), Some("t"), false),
            (reader("10.0.0.1", false, None), None, false),
            (reader("10.0.0.1", false, Some("t")), None, false),
            (reader("10.0.0.1", false, Some("t")), Some("t"), true),
            (reader("10.0.0.1", true, Some("t")), Some("t"), true),
            (reader("10.0.0.1", false, Some("x")), Some("t"), false),
            (reader("10.0.0.1", false, Some("")), Some(""), false),
        ];
        for (position, (reader, token, expected)) in cases.into_iter().enumerate() {
            assert_eq!(may_read(&reader, token), expected, "case {position}");
        }
    }
}
