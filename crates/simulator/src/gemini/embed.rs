//! `:embedContent` and `:batchEmbedContents`.

use serde_json::{Value, json};

use super::error::Refusal;
use super::request::text_of;
use crate::openai::vector;
use crate::reply::Reply;
use crate::server::Asked;

const DIMENSIONS: u64 = 3072;

pub(super) fn one(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let body = asked.json().map_err(|_| Refusal::bad("Invalid JSON payload received."))?;
    Ok(Reply::ok(&json!({"embedding": embedding(&body)?})))
}

pub(super) fn several(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let body = asked.json().map_err(|_| Refusal::bad("Invalid JSON payload received."))?;
    let requests = body["requests"].as_array().filter(|requests| !requests.is_empty());
    let requests = requests.ok_or_else(|| Refusal::bad("requests: must not be empty"))?;
    if requests.iter().any(|request| !request["model"].is_string()) {
        return Err(Refusal::bad("requests[].model: is required"));
    }
    let embeddings: Vec<Value> = requests.iter().map(embedding).collect::<Result<_, _>>()?;
    Ok(Reply::ok(&json!({"embeddings": embeddings})))
}

fn embedding(request: &Value) -> Result<Value, Refusal> {
    let text = text_of(&request["content"]["parts"]);
    if text.is_empty() {
        return Err(Refusal::bad("content is empty"));
    }
    let dimensions = request["outputDimensionality"].as_u64().unwrap_or(DIMENSIONS);
    if !(1..=DIMENSIONS).contains(&dimensions) {
        return Err(Refusal::bad("outputDimensionality is out of range"));
    }
    Ok(json!({"values": vector(&text, dimensions as usize)}))
}
