//! Gemini's protocol.

mod content;
mod embed;
mod error;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::connection::Peer;
use crate::protocol::Protocol;
use crate::reply::Reply;
use crate::server::{Asked, World, take_call};
use error::Refusal;

const LONGEST_PAGE: usize = 1000;
const USUAL_PAGE: usize = 50;

pub(crate) fn routes(world: Arc<World>) -> Router {
    Router::new()
        .route("/v1beta/models", get(take_models))
        .route("/v1beta/models/{*call}", post(take_content))
        .with_state(world)
}

type Shared = State<Arc<World>>;

async fn take_content(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path(call): Path<String>,
    request: Request,
) -> Response {
    let is_sse =
        request.uri().query().is_some_and(|query| query.split('&').any(|it| it == "alt=sse"));
    let (model, method) = call.rsplit_once(':').unwrap_or((&call, ""));
    take_call(Protocol::Gemini, world, peer, request, Some(model), |asked| {
        answered(asked, |asked| match method {
            _ if asked.config.only_listed_models
                && !asked.config.models.iter().any(|it| it == model) =>
            {
                Err(Refusal::no_model(model))
            }
            "generateContent" => content::whole(asked, model),
            "streamGenerateContent" => content::stream(asked, model, is_sse),
            "countTokens" => content::count(asked, model),
            "embedContent" => embed::one(asked),
            "batchEmbedContents" => embed::several(asked),
            _ => Err(Refusal::no_model(model)),
        })
    })
    .await
}

async fn take_models(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    take_call(Protocol::Gemini, world, peer, request, None, |asked| {
        answered(asked, |asked| Ok(models(asked, &query)))
    })
    .await
}

fn answered(asked: &Asked<'_>, answer: impl FnOnce(&Asked<'_>) -> Result<Reply, Refusal>) -> Reply {
    let answer = match asked.key {
        Some(_) => answer(asked),
        None => Err(Refusal::no_key()),
    };
    answer.unwrap_or_else(|refusal| refusal.reply())
}

/// The models the simulator has, a page at a time.
fn models(asked: &Asked<'_>, query: &str) -> Reply {
    let field = |wanted: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == wanted).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let models = &asked.config.models;
    let start = field("pageToken").unwrap_or_default().min(models.len());
    let size = field("pageSize").unwrap_or(USUAL_PAGE).clamp(1, LONGEST_PAGE);
    let end = (start + size).min(models.len());
    let model = |id: &String| {
        json!({
            "name": format!("models/{id}"), "displayName": id, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent"],
        })
    };
    let page: Vec<Value> = models[start..end].iter().map(model).collect();
    let mut list = json!({"models": page});
    if end < models.len() {
        list["nextPageToken"] = json!(end.to_string());
    }
    Reply::ok(&list)
}
