//! Every route of the document, asked wrongly with a secret in each place that a caller fills.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::probe::{Body, Operation, Probe};
use crate::support::Client;

/// A secret that callers put where it does not belong.
pub(crate) const MISPLACED: &str = "canary-misplaced-5d0c2b7e91";
/// A token that nobody made.
pub(crate) const WRONG_TOKEN: &str = "tg-canary-wrong-token-83fd01c6";

/// Asks everything wrongly: as nobody, with a token that does not hold, as somebody who may not,
/// and as `admin` with things that are not there and values that do not fit.
pub(crate) async fn ask(probe: &mut Probe, nobody: &Client, admin: &Client, others: &[&Client]) {
    let wrong = nobody.with_token(WRONG_TOKEN);
    let in_header = nobody.with_header("x-api-key", WRONG_TOKEN);
    for operation in probe.operations.clone() {
        let missing = filled(&operation, "999999999");
        let body = json!({"password": MISPLACED});
        for client in [nobody, &wrong, &in_header].into_iter().chain(others.iter().copied()) {
            let is_own_session = operation.path == "/api/auth/logout";
            if !(is_own_session && others.iter().any(|other| std::ptr::eq(*other, client))) {
                probe.send(client, operation.method.clone(), &missing, Body::Json(&body)).await;
            }
        }
        if operation.path == "/api/auth/logout" {
            continue;
        }
        probe.send(admin, operation.method.clone(), &missing, Body::Nothing).await;
        // Who asks for a model by name is told which name was not found.
        if operation.path != "/v1/models/{id}" {
            let id = filled(&operation, MISPLACED);
            probe.send(admin, operation.method.clone(), &id, Body::Nothing).await;
        }
        for name in &operation.query {
            let path = format!("{missing}?{name}={MISPLACED}&unknown={MISPLACED}");
            probe.send(admin, operation.method.clone(), &path, Body::Nothing).await;
        }
        if let Some(schema) = &operation.body {
            bodies(probe, admin, &operation, &missing, schema).await;
        }
    }
    for path in [format!("/{MISPLACED}"), format!("/v1/{MISPLACED}"), format!("/api/{MISPLACED}")] {
        probe.get(admin, &path).await;
        probe.send(admin, Method::PATCH, &path, Body::Nothing).await;
    }
}

async fn bodies(probe: &mut Probe, admin: &Client, of: &Operation, path: &str, schema: &Value) {
    let json = "application/json";
    let broken = format!("{{\"apiKey\": \"{MISPLACED}");
    let escaped = format!("{{\"apiKey\": \"\\u00zz{MISPLACED}\"}}");
    let twice = format!("{{\"apiKey\": \"{MISPLACED}\", \"apiKey\": \"{MISPLACED}\"}}");
    let array = format!("[\"{MISPLACED}\"]");
    let text = format!("\"{MISPLACED}\"");
    let bytes = MISPLACED.to_owned();
    for (content_type, text) in [
        (json, &broken),
        (json, &escaped),
        (json, &twice),
        (json, &array),
        (json, &text),
        (json, &bytes),
        ("text/plain", &bytes),
    ] {
        probe.send(admin, of.method.clone(), path, Body::Text { content_type, text }).await;
    }
    let unknown = json!({"unknownField": MISPLACED, "another": {"token": MISPLACED}});
    probe.send(admin, of.method.clone(), path, Body::Json(&unknown)).await;
    for (name, schema) in properties(probe, schema) {
        let body = json!({name: misfit(&schema)});
        probe.send(admin, of.method.clone(), path, Body::Json(&body)).await;
    }
}

/// The fields of a body, with their schemas.
fn properties(probe: &Probe, schema: &Value) -> Vec<(String, Value)> {
    let schema = probe.resolved(schema);
    let mut all: Vec<(String, Value)> = Vec::new();
    for part in ["allOf", "oneOf", "anyOf"] {
        for part in schema[part].as_array().into_iter().flatten() {
            all.extend(properties(probe, part));
        }
    }
    let own = schema["properties"].as_object().cloned().unwrap_or_else(Map::new);
    all.extend(own.into_iter().map(|(name, schema)| {
        let schema = probe.resolved(&schema).clone();
        (name, schema)
    }));
    all
}

/// A value with a secret in it that a field with this schema does not take.
fn misfit(schema: &Value) -> Value {
    let is_text = |kind: &Value| kind == "string";
    let takes_text = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(is_text),
        kind => is_text(kind),
    };
    let is_free = takes_text && schema.get("enum").is_none() && schema.get("format").is_none();
    if is_free { json!([MISPLACED]) } else { json!(MISPLACED) }
}

/// The operation's path with `id` for each parameter.
fn filled(operation: &Operation, id: &str) -> String {
    let parts = operation.path.split('/');
    let parts = parts.map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}
