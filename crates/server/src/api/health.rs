//! Whether this process lives, and whether it can serve.

use actix_web::HttpResponse;
use actix_web::web::Data;
use utoipa::OpenApi;

use crate::app::App;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(live, ready))]
pub struct Doc;

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", tag = "health", security(()),
    responses((status = 200, description = "It does", body = String, content_type = "text/plain")))]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

/// Whether chat can be served, which is so while the database is away too.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()),
    responses(
        (status = 200, description = "It can", body = String, content_type = "text/plain"),
        (status = 503, description = "Not yet, or no longer", body = String, content_type = "text/plain")))]
pub async fn ready(app: Data<App>) -> HttpResponse {
    if app.engine.is_ready() {
        HttpResponse::Ok().content_type("text/plain").body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable().content_type("text/plain").body("not ready\n")
    }
}
