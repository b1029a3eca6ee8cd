//! The pages for operators and analysts: the build of `web/`, at `/` and wherever no route of the API is.

mod answer;
mod embedded;
mod site;

use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

pub use site::Site;

use crate::app::App;
use crate::error::ApiError;

/// First parts of paths that belong to programs: what is not found there is told as JSON, whatever
/// the caller says that it takes.
const FOR_PROGRAMS: [&str; 8] =
    ["api", "v1", "health", "metrics", "loadbalancer", "cache", "cluster", "ws"];

/// Hashed files of the build; what is not there is no page.
const HASHED: &str = "/assets/";

/// The first page.
pub async fn front(app: Data<App>) -> HttpResponse {
    answer::page(&app.site)
}

/// What no route takes: a file of the pages, or the page itself at an address of its own, which its
/// script reads. Everything else does not exist.
///
/// # Errors
/// `not_found`.
pub async fn other(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let first = path.split('/').nth(1).unwrap_or_default();
    if !reads || FOR_PROGRAMS.contains(&first) {
        return Err(ApiError::not_found("path"));
    }
    if let Some(file) = app.site.file(path) {
        return Ok(answer::file(path, file, request.headers()));
    }
    if path.starts_with(HASHED) || !wants_page(&request) {
        return Err(ApiError::not_found("path"));
    }
    Ok(answer::page(&app.site))
}

/// Whether the caller asks for a page by name, as browsers do when somebody opens an address.
fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT);
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
