//! The models the simulator has, a page at a time.

use serde_json::{Value, json};

use crate::reply::Reply;
use crate::server::Asked;

const USUAL_PAGE: usize = 20;
const LONGEST_PAGE: usize = 1000;

pub(super) fn list(asked: &Asked<'_>, query: &str) -> Reply {
    let field = |wanted: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
    };
    let limit = field("limit").and_then(|limit| limit.parse().ok()).unwrap_or(USUAL_PAGE);
    let models = &asked.config.models;
    let after = field("after_id").and_then(|last| models.iter().position(|id| *id == last));
    let rest = &models[after.map_or(0, |last| last + 1)..];
    let page = &rest[..rest.len().min(limit.clamp(1, LONGEST_PAGE))];
    let data: Vec<Value> = page.iter().map(|id| model(id)).collect();
    Reply::ok(&json!({
        "data": data,
        "has_more": page.len() < rest.len(),
        "first_id": page.first(),
        "last_id": page.last(),
    }))
}

fn model(id: &str) -> Value {
    json!({
        "type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active", "deprecated_at": null, "retires_at": null, "line": null,
        "max_input_tokens": 200_000, "max_tokens": 64_000, "capabilities": null,
    })
}
