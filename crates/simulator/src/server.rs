//! Taking calls, whatever their protocol, and answering them.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::anthropic;
use crate::behaviour::Behaviour;
use crate::calls::{Call, CallEnd, CallLog};
use crate::config::SimulatorConfig;
use crate::connection::{BreakableListener, Peer};
use crate::credentials::{self, Given};
use crate::gemini;
use crate::openai;
use crate::player::play;
use crate::protocol::Protocol;
use crate::registry::Registry;
use crate::reply::Reply;
use crate::script::Script;

/// The longest request body that is read.
pub(crate) const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// What all calls share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: SimulatorConfig,
    pub(crate) registry: Registry,
    pub(crate) calls: Arc<CallLog>,
    pub(crate) given: Given,
    pub(crate) stopping: CancellationToken,
}

/// A call as a protocol sees it.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) config: &'a SimulatorConfig,
    pub(crate) behaviour: &'a Behaviour,
    pub(crate) number: u64,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// Serves until the world is stopping and the last connection is closed.
pub(crate) async fn serve(listener: TcpListener, world: Arc<World>) -> io::Result<()> {
    let stopping = world.stopping.clone();
    let app = Router::new()
        .route("/health", axum::routing::get(async || r#"{"status":"ok"}"#))
        .merge(credentials::routes(world.clone()))
        .merge(anthropic::routes(world.clone()))
        .merge(gemini::routes(world.clone()))
        .merge(openai::routes(world))
        .into_make_service_with_connect_info::<Peer>();
    axum::serve(BreakableListener::new(listener), app)
        .with_graceful_shutdown(stopping.cancelled_owned())
        .await
}

/// Records a call, finds its behaviour, has its protocol answer it, and plays the answer.
/// `model_in_path` is for calls whose body names no model.
pub(crate) async fn take_call(
    protocol: Protocol,
    world: Arc<World>,
    peer: Peer,
    request: Request,
    model_in_path: Option<&str>,
    answer: impl FnOnce(&Asked<'_>) -> Reply,
) -> Response {
    let (parts, body) = request.into_parts();
    // Who leaves while sending its request has made none.
    let body = to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
    let call = record(&parts, &body, &peer);
    let (key, method, path) = (call.key.clone(), call.method.clone(), call.path.clone());
    let model = model_in_path.map(str::to_owned).or_else(|| call.model()).unwrap_or_default();
    let guard = world.calls.begin(call);

    let key = key.as_deref();
    let mut behaviour = key.map(|key| world.registry.next(key, &model)).unwrap_or_default();
    behaviour.fault = behaviour.fault.map(|fault| fault.told_in(protocol));
    let asked = Asked {
        config: &world.config,
        behaviour: &behaviour,
        number: guard.number(),
        method: &method,
        path: &path,
        key,
        body: &body,
    };
    let key = key.unwrap_or_default();
    let reply = behaviour.fault.as_ref().and_then(|fault| fault.replacement(key, &model));
    let reply = reply.unwrap_or_else(|| answer(&asked));
    let reply = reply.with_header("x-request-id", &format!("req_sim_{}", guard.number()));
    let script = Script::new(reply, &behaviour, key, &model);
    play(script, guard, &peer, world.stopping.clone()).await
}

pub(crate) fn record(parts: &Parts, body: &Bytes, peer: &Peer) -> Call {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    Call {
        number: 0,
        connection: peer.connection,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        key: key_of(&parts.headers),
        headers: parts.headers.iter().filter_map(text).collect(),
        body: body.clone(),
        status: None,
        end: CallEnd::Running,
    }
}

/// The key of a call: `x-api-key` as Anthropic has it, `x-goog-api-key` as Google has it, its bearer
/// token, or `api-key` as Azure has it.
fn key_of(headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    let key = text("x-api-key")
        .or_else(|| text("x-goog-api-key"))
        .or(bearer)
        .or_else(|| text("api-key"))?
        .trim();
    (!key.is_empty()).then(|| key.to_owned())
}

impl Asked<'_> {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(self.body)
    }
}
