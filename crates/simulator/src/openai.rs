//! OpenAI's protocol.

mod answer;
mod attached;
mod chat;
mod embeddings;
mod error;
mod made_up;
mod models;
mod request;
mod stream;
mod validate;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::Value;

use crate::anthropic;
use crate::connection::Peer;
use crate::protocol::Protocol;
use crate::reply::Reply;
use crate::server::{Asked, World, take_call};
pub(crate) use embeddings::vector;
use error::Refusal;
pub(crate) use made_up::{MadeUp, make_up};

/// Where providers put this protocol: most of them, DeepSeek, Qwen, Azure.
const PREFIXES: [&str; 4] = ["/v1", "", "/compatible-mode/v1", "/openai/v1"];

pub(crate) fn routes(world: Arc<World>) -> Router {
    let mut routes = Router::new();
    for prefix in PREFIXES {
        routes = routes
            .route(&format!("{prefix}/chat/completions"), post(take_chat))
            .route(&format!("{prefix}/embeddings"), post(take_embeddings))
            .route(&format!("{prefix}/models"), get(take_models))
            .route(&format!("{prefix}/models/{{*id}}"), get(take_model));
    }
    routes.fallback(take_unknown).method_not_allowed_fallback(take_unknown).with_state(world)
}

type Shared = State<Arc<World>>;

async fn take_chat(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    take_call(Protocol::OpenAi, world, peer, request, None, |asked| answered(asked, chat::answer))
        .await
}

async fn take_embeddings(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    take_call(Protocol::OpenAi, world, peer, request, None, |asked| {
        answered(asked, embeddings::answer)
    })
    .await
}

async fn take_models(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    if anthropic::is_versioned(&request) {
        return anthropic::take_models(world, peer, request).await;
    }
    take_call(Protocol::OpenAi, world, peer, request, None, |asked| answered(asked, models::list))
        .await
}

async fn take_model(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let find = |asked: &Asked<'_>| answered(asked, |asked| models::find(asked, &id));
    take_call(Protocol::OpenAi, world, peer, request, Some(&id), find).await
}

async fn take_unknown(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    take_call(Protocol::OpenAi, world, peer, request, None, |asked| answered(asked, unknown)).await
}

/// Asks for a key, and gives the answer the headers OpenAI's have.
fn answered(asked: &Asked<'_>, answer: impl FnOnce(&Asked<'_>) -> Result<Reply, Refusal>) -> Reply {
    let answer = match asked.key {
        Some(_) => answer(asked),
        None => Err(Refusal::no_key()),
    };
    let headers = [
        ("openai-version", "2020-10-01"),
        ("openai-processing-ms", "1"),
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-limit-tokens", "30000"),
        ("x-ratelimit-remaining-requests", "499"),
        ("x-ratelimit-remaining-tokens", "29976"),
        ("x-ratelimit-reset-requests", "120ms"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ];
    match answer {
        Ok(reply) => {
            headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value))
        }
        Err(refusal) => refusal.reply(),
    }
}

fn unknown(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let message = format!("Invalid URL ({} {})", asked.method, asked.path);
    Err(Refusal::new(StatusCode::NOT_FOUND, message))
}

/// The JSON object of a request, and its model if the simulator has it.
fn body_and_model(asked: &Asked<'_>) -> Result<(Value, String), Refusal> {
    let body = asked.json().ok().filter(Value::is_object).ok_or_else(Refusal::not_json)?;
    let model = match body.get("model") {
        Some(Value::String(model)) if !model.is_empty() => model.clone(),
        _ => return Err(Refusal::bad("you must provide a model parameter")),
    };
    models::check(asked.config, &model)?;
    Ok((body, model))
}
