//! A provider that repeats the key and the prompt it was called with, in every way that it can fail.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, ErrorReply, Fault, Place, Simulator};

use super::Planted;
use super::probe::Probe;
use crate::support::Client;

/// Calls each provider whole and streamed, in each dialect, while it fails in each way.
pub(crate) async fn ask(
    probe: &mut Probe,
    admin: &Client,
    simulator: &Simulator,
    planted: &Planted,
) {
    for (provider, key_id, secret) in &planted.keys {
        for (number, fault) in faults(secret, &planted.prompt).into_iter().enumerate() {
            let model = format!("leaky-{number}");
            simulator.set_behaviour(&model, Behaviour::failing(fault));
            for is_stream in [false, true] {
                let messages = json!([{"role": "user", "content": planted.prompt}]);
                let openai = json!({"model": format!("{provider}/{model}"), "stream": is_stream,
                    "messages": messages});
                let ours = json!({"providerCode": provider, "model": model, "stream": is_stream,
                    "messages": messages});
                probe.post(admin, "/v1/chat/completions", &openai).await;
                reset(probe, admin, *key_id).await;
                probe.post(admin, "/api/ai/chat/completions", &ours).await;
                reset(probe, admin, *key_id).await;
                let anthropics = json!({"model": format!("{provider}/{model}"), "max_tokens": 9,
                    "stream": is_stream, "messages": messages});
                probe.post(admin, "/v1/messages", &anthropics).await;
                reset(probe, admin, *key_id).await;
            }
            let count = json!({"model": format!("{provider}/{model}"),
                "messages": [{"role": "user", "content": planted.prompt}]});
            probe.post(admin, "/v1/messages/count_tokens", &count).await;
            reset(probe, admin, *key_id).await;
            let embed = json!({"model": format!("{provider}/{model}"), "input": planted.prompt});
            probe.post(admin, "/v1/embeddings", &embed).await;
            reset(probe, admin, *key_id).await;
        }
    }
}

/// Validates the keys and lists models while the provider repeats the key.
pub(crate) async fn look_at_keys(
    probe: &mut Probe,
    admin: &Client,
    simulator: &Simulator,
    planted: &Planted,
) {
    for (provider, key_id, secret) in &planted.keys {
        let provider = admin.provider(provider).await;
        // No prompt is sent with these.
        for fault in faults(secret, "a word") {
            simulator.set_behaviour(secret, Behaviour::failing(fault));
            let key = format!("/api/admin/ai-providers/keys/{key_id}/validate");
            probe.post(admin, &key, &Value::Null).await;
            let sync = format!("/api/admin/ai-providers/{provider}/sync-models?dryRun=true");
            probe.post(admin, &sync, &Value::Null).await;
            // As they fare now.
            probe.get(admin, &format!("/api/admin/ai-providers/{provider}/keys")).await;
            reset(probe, admin, *key_id).await;
        }
        simulator.clear_behaviour(secret);
    }
}

async fn reset(probe: &mut Probe, admin: &Client, key: i64) {
    let path = format!("/api/admin/ai-providers/keys/{key}/reset");
    probe.post(admin, &path, &Value::Null).await;
}

/// Every way to fail, each with the key or the prompt in it.
fn faults(secret: &str, prompt: &str) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529]
            .map(|status| Fault::Error(error(status)))
            .into();
    faults.extend(["echo.401", "echo.500", "openai.401"].map(Fault::error));
    for place in [Place::Start, Place::Opening, Place::Middle, Place::Done] {
        faults.push(Fault::ErrorEvent(place, error(500)));
        faults.push(Fault::ErrorEvent(place, error(400)));
    }
    let quoting = format!("Invalid value: '{prompt}'. You said: {prompt}");
    faults.extend([400, 422, 500].map(|status| Fault::Error(with_message(status, &quoting))));
    for place in [Place::Start, Place::Middle] {
        faults.push(Fault::ErrorEvent(place, with_message(400, &quoting)));
    }
    let told = |body: &Value| body.to_string();
    for (status, content_type, body) in [
        (400, "application/json", told(&json!({"error": format!("bad key {secret}")}))),
        (400, "application/json", told(&json!({"detail": [{"loc": [secret], "msg": secret}]}))),
        (400, "application/json", told(&json!({"message": secret, "code": secret}))),
        (401, "application/json", told(&json!({"error": {"message": {"key": secret}}}))),
        (422, "application/json", told(&json!(secret))),
        (400, "text/plain", format!("no such key: {secret}")),
        (500, "text/plain", format!("Authorization: Bearer {secret}")),
        (502, "text/html", format!("<html><body>{secret}</body></html>")),
        (200, "text/html", format!("<html><body>{secret}</body></html>")),
        (200, "application/json", format!("{{\"id\": \"{secret}\", \"choices\": [")),
        (200, "application/json", told(&json!({"error": {"message": secret, "code": secret}}))),
        (200, "application/json", format!("not json {secret}")),
        (200, "text/event-stream", format!(": {secret}\n\nevent: {secret}\ndata: {secret}\n\n")),
        (200, "text/event-stream", format!("id: {secret}\nretry: {secret}\ndata: {{\n\n")),
        (302, "text/plain", secret.to_owned()),
        (400, "text/plain", quoting.clone()),
        (
            400,
            "application/json",
            told(&json!({"detail": [{"loc": ["messages"], "msg": quoting}]})),
        ),
        (502, "text/html", format!("<html><body>{quoting}</body></html>")),
        (200, "application/json", format!("{{\"id\": \"{quoting}")),
    ] {
        let content_type = content_type.to_owned();
        faults.push(Fault::Body { status, content_type, body: Bytes::from(body) });
    }
    faults
}

/// An error that repeats the key in each of its fields and in its headers.
fn error(status: u16) -> ErrorReply {
    with_message(status, "Incorrect API key provided: {key}. You sent: Bearer {key}")
}

fn with_message(status: u16, message: &str) -> ErrorReply {
    ErrorReply {
        name: format!("leaky.{status}"),
        status,
        headers: Vec::new(),
        body: json!({
            "error": {"message": message, "type": "{key}", "code": "{key}", "param": "{key}"},
            "request_id": "{key}",
        }),
    }
    .with_header("x-request-id", "leaky-request")
}
