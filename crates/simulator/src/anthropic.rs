//! Anthropic's protocol.

mod error;
mod messages;
mod models;
mod request;
mod stream;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::post;

use crate::connection::Peer;
use crate::protocol::Protocol;
use crate::reply::Reply;
use crate::server::{Asked, World, take_call};
use error::Refusal;

/// The header that every request has to have, and that tells this protocol's from others.
const VERSION: &str = "anthropic-version";

pub(crate) fn routes(world: Arc<World>) -> Router {
    Router::new()
        .route("/v1/messages", post(take_messages))
        .route("/v1/messages/count_tokens", post(take_count))
        .with_state(world)
}

type Shared = State<Arc<World>>;

async fn take_messages(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let is_versioned = is_versioned(&request);
    take_call(Protocol::Anthropic, world, peer, request, None, |asked| {
        answered(asked, is_versioned, messages::answer)
    })
    .await
}

async fn take_count(
    State(world): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let is_versioned = is_versioned(&request);
    take_call(Protocol::Anthropic, world, peer, request, None, |asked| {
        answered(asked, is_versioned, messages::count)
    })
    .await
}

/// The list of models, whose path other protocols have too.
pub(crate) async fn take_models(world: Arc<World>, peer: Peer, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    take_call(Protocol::Anthropic, world, peer, request, None, |asked| {
        answered(asked, true, |asked| Ok(models::list(asked, &query)))
    })
    .await
}

/// Whether a request is one of this protocol.
pub(crate) fn is_versioned(request: &Request) -> bool {
    request.headers().contains_key(VERSION)
}

/// Asks for a key and a version, and gives the answer the headers Anthropic's have.
fn answered(
    asked: &Asked<'_>,
    is_versioned: bool,
    answer: impl FnOnce(&Asked<'_>) -> Result<Reply, Refusal>,
) -> Reply {
    let answer = match asked.key {
        None => Err(Refusal::no_key()),
        Some(_) if !is_versioned => Err(Refusal::bad("anthropic-version: header is required")),
        Some(_) => answer(asked),
    };
    let headers = [
        ("anthropic-organization-id", "00000000-0000-0000-0000-000000000000"),
        ("anthropic-ratelimit-requests-limit", "1000"),
        ("anthropic-ratelimit-requests-remaining", "999"),
        ("anthropic-ratelimit-tokens-limit", "96000"),
        ("anthropic-ratelimit-tokens-remaining", "96000"),
    ];
    let reply = match answer {
        Ok(reply) => {
            headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value))
        }
        Err(refusal) => refusal.reply(),
    };
    reply.with_header("request-id", &format!("req_sim_{}", asked.number))
}
