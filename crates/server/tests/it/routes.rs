//! Every route of the OpenAPI document, asked by each role and by nobody.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, each_app};

/// A route of the document.
struct Route {
    method: Method,
    path: String,
    /// The roles that the document lets in; `None` lets everybody in.
    roles: Option<BTreeSet<String>>,
    statuses: BTreeSet<u16>,
    takes_body: bool,
}

fn routes(document: &Value) -> Vec<Route> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| Route {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                roles: roles(operation),
                statuses: operation["responses"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|status| status.parse().unwrap())
                    .collect(),
                takes_body: operation.get("requestBody").is_some(),
            })
        })
        .collect()
}

fn roles(operation: &Value) -> Option<BTreeSet<String>> {
    let requirements = operation["security"].as_array().expect("every route says who may call it");
    let bearer = requirements.iter().find_map(|requirement| requirement.get("bearer"))?;
    let roles = bearer.as_array().unwrap().iter();
    Some(roles.map(|role| role.as_str().unwrap().to_owned()).collect())
}

/// Who may call a route by the contract, apart from what the document says.
fn contract(method: &Method, path: &str) -> Option<&'static [&'static str]> {
    const OPEN: [&str; 8] = [
        "/health/live",
        "/health/ready",
        "/metrics",
        "/api/openapi.json",
        "/api/docs",
        "/api/auth/login",
        "/api/auth/refresh",
        "/api/status/status",
    ];
    const FOR_ADMINS: [&str; 4] = [
        "/api/admin/users",
        "/api/admin/app-tokens",
        "/api/admin/audit-logs",
        "/api/admin/settings",
    ];
    if OPEN.contains(&path) {
        return None;
    }
    Some(match path {
        _ if path.starts_with("/api/auth/") => &["admin", "analyst", "app"],
        _ if path.starts_with("/api/ai/") || path.starts_with("/v1/") => &["admin", "app"],
        _ if FOR_ADMINS.iter().any(|start| path.starts_with(start)) => &["admin"],
        _ if method == Method::GET => &["admin", "analyst"],
        // Reads; the targets would be too long for an address.
        "/api/admin/ai-routes/outlook" => &["admin", "analyst"],
        _ => &["admin"],
    })
}

/// A path whose ids name nothing, so that a caller who gets through changes nothing.
fn filled(path: &str) -> String {
    let nothing = "999999999";
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str(nothing);
        rest = after.split_once('}').unwrap().1;
    }
    filled + rest
}

async fn ask(client: &Client, route: &Route) -> u16 {
    // A field that no body knows: whoever gets through is told so, and nothing happens.
    let body = json!({"no such field": true});
    let body = route.takes_body.then_some(&body);
    if route.path.ends_with("/live") {
        // Does not end by itself.
        return client
            .request(route.method.clone(), &route.path)
            .send()
            .await
            .unwrap()
            .status()
            .into();
    }
    client.send(route.method.clone(), &filled(&route.path), body).await.status
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_it_should() {
    each_app(async |app: &TestApp| {
        app.admin
            .put("/api/admin/settings", &json!({"addressLimitPer15Min": 100_000}))
            .await
            .expect(200);
        let document = app.anonymous.get("/api/openapi.json").await.expect(200).json();
        let mut wrong = Vec::new();
        for route in routes(&document) {
            // Signing out would end the session of whoever asks.
            if route.path == "/api/auth/logout" {
                continue;
            }
            let name = format!("{} {}", route.method, route.path);
            let contract = contract(&route.method, &route.path);
            let documented = route.roles.clone();
            let expected: Option<BTreeSet<String>> =
                contract.map(|roles| roles.iter().map(|role| (*role).to_owned()).collect());
            if documented != expected {
                wrong.push(format!(
                    "{name} documents {documented:?}, the contract says {expected:?}"
                ));
            }
            let callers = [
                ("admin", &app.admin),
                ("analyst", &app.analyst),
                ("app", &app.app_user),
                ("nobody", &app.anonymous),
            ];
            for (role, client) in callers {
                let status = ask(client, &route).await;
                let is_right = match (&expected, role) {
                    (None, _) => ![401, 403].contains(&status) || route.path == "/api/auth/refresh",
                    (Some(_), "nobody") => status == 401,
                    (Some(roles), role) if roles.contains(role) => ![401, 403].contains(&status),
                    (Some(_), _) => status == 403,
                };
                if !is_right {
                    wrong.push(format!("{name} answers {status} to {role}"));
                }
                if !route.statuses.contains(&status) {
                    wrong.push(format!("{name} does not document {status}, which {role} got"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_path_or_method_that_is_not_there_is_told_in_the_shape_of_its_neighbours() {
    each_app(async |app: &TestApp| {
        let missing = app.anonymous.get("/api/nothing").await.expect(404);
        assert_eq!(missing.json()["error"]["type"], "not_found");
        assert_eq!(missing.json()["error"]["requestId"], missing.header("x-request-id").unwrap());
        let v1 = app.anonymous.get("/v1/nothing").await.expect(404);
        assert_eq!(v1.json()["error"]["type"], "invalid_request_error");

        let wrong = app.anonymous.delete("/api/auth/login").await.expect(405);
        assert_eq!(wrong.json()["error"]["type"], "method_not_allowed");
        app.admin.get("/api/admin/ai-providers/no-number").await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_body_is_refused_for_what_is_wrong_with_it() {
    each_app(async |app: &TestApp| {
        let post = |body: &'static str, content_type: &'static str| {
            app.admin
                .request(Method::POST, "/api/admin/users")
                .header("content-type", content_type)
                .body(body)
        };
        let cases = [
            ("{", "application/json", 400, "malformed_json"),
            ("{}", "text/plain", 415, "unsupported_media_type"),
            ("{}", "application/json; charset=utf-8", 422, "validation_failed"),
            (r#"{"username": 1}"#, "application/json", 422, "validation_failed"),
        ];
        for (body, content_type, status, kind) in cases {
            let response = post(body, content_type).send().await.unwrap();
            let reply = crate::support::Reply::of(response).await.expect(status);
            assert_eq!(reply.json()["error"]["type"], kind, "{body}");
        }
        let packed = post("packed", "application/json").header("content-encoding", "gzip");
        let reply = crate::support::Reply::of(packed.send().await.unwrap()).await.expect(415);
        assert!(reply.message().contains("Content-Encoding"), "{}", reply.text);
        let long = "x".repeat(33 * 1024 * 1024);
        let response = app
            .admin
            .request(Method::POST, "/api/admin/users")
            .header("content-type", "application/json")
            .body(long)
            .send()
            .await
            .unwrap();
        crate::support::Reply::of(response).await.expect(413);
    })
    .await;
}

#[tokio::test]
async fn every_answer_has_our_request_id_and_keeps_browsers_out() {
    each_app(async |app: &TestApp| {
        let mut ids = BTreeMap::new();
        let named = app.anonymous.with_header("x-request-id", "mine");
        for path in ["/health/live", "/api/nothing", "/api/auth/me", "/api/docs"] {
            let reply = named.get(path).await;
            let id = reply.header("x-request-id").unwrap().to_owned();
            assert_eq!(id.len(), 36, "a hyphenated UUID, not the caller's: {id}");
            ids.insert(id, path);
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(reply.header("x-frame-options"), Some("DENY"));
            assert!(reply.header("content-security-policy").is_some());
        }
        assert_eq!(ids.len(), 4, "each request has its own");
    })
    .await;
}

#[tokio::test]
async fn browsers_may_call_from_the_origins_in_the_settings() {
    each_app(async |app: &TestApp| {
        let page = app.anonymous.with_header("origin", "https://ui.example");
        let allowed = |reply: &crate::support::Reply| {
            reply.header("access-control-allow-origin").map(str::to_owned)
        };
        assert_eq!(allowed(&page.get("/api/auth/me").await), None);

        let settings = json!({"corsOrigins": ["https://ui.example"]});
        app.admin.put("/api/admin/settings", &settings).await.expect(200);

        let origin = Some("https://ui.example".to_owned());
        assert_eq!(allowed(&page.get("/api/auth/me").await), origin, "on failures too");
        assert_eq!(allowed(&page.get("/health/live").await), origin);
        let preflight = page
            .with_header("access-control-request-method", "POST")
            .with_header("access-control-request-headers", "authorization,content-type")
            .send(Method::OPTIONS, "/api/auth/login", None)
            .await
            .expect(200);
        assert_eq!(allowed(&preflight), origin);
        let stranger = app.anonymous.with_header("origin", "https://evil.example");
        assert_eq!(allowed(&stranger.get("/health/live").await), None);
    })
    .await;
}

#[test]
fn the_document_is_this() {
    let document = tollgate_server::openapi::document();
    insta::assert_json_snapshot!("openapi", document);
}
