//! The OpenAPI document, and a page to browse it.

use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::error::{ApiError, ApiResult};
use crate::openapi;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(document, page))]
pub struct Doc;

/// What the page may do: run its own scripts and call this server. Its styles are set inline by
/// the viewer's script, and its icons are data URLs.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Tollgate API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="/api/docs/swagger-ui-bundle.js"></script>
  <script src="/api/docs/start.js"></script>
</body>
</html>
"#;

/// Starts the viewer; a file of its own, because the policy allows no inline script.
const START: &str = "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#page', deepLinking: true, \
    validatorUrl: null, persistAuthorization: false });\n";

/// The viewer's files that the page uses.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| openapi::document().to_json().expect("the document is plain data"));
static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("/api/openapi.json")));

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "docs", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT.as_str())
}

/// A page to browse it.
#[utoipa::path(get, path = "/api/docs", tag = "docs", security(()),
    responses((status = 200, description = "A page", content_type = "text/html")))]
pub async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(PAGE)
}

/// A file of the page.
pub async fn file(name: Path<String>) -> ApiResult<HttpResponse> {
    if name.as_str() == "start.js" {
        return Ok(HttpResponse::Ok().content_type("text/javascript").body(START));
    }
    if !FILES.contains(&name.as_str()) {
        return Err(ApiError::not_found("path"));
    }
    let SwaggerFile { bytes, content_type, .. } =
        utoipa_swagger_ui::serve(&name, Arc::clone(&CONFIG))
            .map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))?
            .ok_or_else(|| ApiError::not_found("path"))?;
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(bytes.into_owned()))
}
