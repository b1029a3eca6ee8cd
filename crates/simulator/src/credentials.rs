//! Services that give keys and tokens: a key service, and a token endpoint whose refresh tokens rotate.
//!
//! A behaviour given to [`Simulator::KEY_SERVICE`](crate::Simulator::KEY_SERVICE) or
//! [`Simulator::TOKEN_ENDPOINT`](crate::Simulator::TOKEN_ENDPOINT) is that service's.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::calls::Call;
use crate::connection::Peer;
use crate::player::play;
use crate::reply::Reply;
use crate::script::Script;
use crate::server::{LONGEST_BODY, World, record};

/// The key service's name among behaviours, and the end of its path.
pub(crate) const KEY_SERVICE: &str = "getApikey";
/// The same of the token endpoint.
pub(crate) const TOKEN_ENDPOINT: &str = "oauth/token";

/// What was given out so far.
#[derive(Debug, Default)]
pub(crate) struct Given(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// How often each scene was asked for.
    keys: HashMap<String, u32>,
    /// The refresh token of each client that is good, and how often it has rotated.
    tokens: HashMap<String, (String, u32)>,
    keeps_refresh_token: bool,
    expires_in: Option<u32>,
}

pub(crate) fn routes(world: Arc<World>) -> Router {
    Router::new()
        .route(&format!("/{KEY_SERVICE}"), get(take_key))
        .route(&format!("/{TOKEN_ENDPOINT}"), post(take_token))
        .with_state(world)
}

async fn take_key(
    State(world): State<Arc<World>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    take(world, peer, request, KEY_SERVICE, Given::key).await
}

async fn take_token(
    State(world): State<Arc<World>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    take(world, peer, request, TOKEN_ENDPOINT, Given::token).await
}

async fn take(
    world: Arc<World>,
    peer: Peer,
    request: Request,
    service: &str,
    answer: fn(&Given, &Call) -> Reply,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
    let call = record(&parts, &body, &peer);
    let guard = world.calls.begin(call.clone());
    let behaviour = world.registry.next("", service);
    let replaced = behaviour.fault.as_ref().and_then(|fault| fault.replacement("", service));
    let reply = replaced.unwrap_or_else(|| answer(&world.given, &call));
    let script = Script::new(reply, &behaviour, "", service);
    play(script, guard, &peer, world.stopping.clone()).await
}

impl Given {
    /// Has refresh tokens rotate, or stay; they rotate by default.
    pub(crate) fn rotate(&self, rotates: bool) {
        self.0.lock().keeps_refresh_token = !rotates;
    }

    /// Lets access tokens from now on hold for so many seconds; 3,600 by default.
    pub(crate) fn expire_in(&self, seconds: u32) {
        self.0.lock().expires_in = Some(seconds);
    }

    /// `sk-remote-{scene}-{n}`: another key each time.
    fn key(&self, call: &Call) -> Reply {
        let scene = pairs(call.query.as_deref().unwrap_or_default()).remove("sceneCode");
        let Some(scene) = scene.filter(|scene| !scene.is_empty()) else {
            return Reply::json(StatusCode::BAD_REQUEST, &json!({"error": "no sceneCode"}), 0);
        };
        let mut state = self.0.lock();
        let number = state.keys.entry(scene.clone()).or_default();
        *number += 1;
        Reply::ok(&json!({"result": format!("sk-remote-{scene}-{number}")}))
    }

    /// `at-{client}-{n}` and, where refresh tokens rotate, `rt-{client}-{n}`: the first refresh token of
    /// a client is taken, and then only the last one given out.
    fn token(&self, call: &Call) -> Reply {
        let is_json = call.header("content-type").is_some_and(|kind| kind.contains("json"));
        let fields = if is_json { members(&call.json()) } else { pairs(&text(&call.body)) };
        let field = |snake: &str, camel: &str| {
            fields.get(if is_json { camel } else { snake }).cloned().unwrap_or_default()
        };
        let (client, token) =
            (field("client_id", "clientId"), field("refresh_token", "refreshToken"));
        if field("grant_type", "grantType") != "refresh_token" || token.is_empty() {
            return refused("invalid_request");
        }
        let mut state = self.0.lock();
        let (rotates, seconds) = (!state.keeps_refresh_token, state.expires_in.unwrap_or(3_600));
        let (good, number) =
            state.tokens.entry(client.clone()).or_insert_with(|| (token.clone(), 0));
        if *good != token {
            return refused("invalid_grant");
        }
        *number += 1;
        let access = format!("at-{client}-{number}");
        if rotates {
            *good = format!("rt-{client}-{number}");
        }
        let rotated = rotates.then(|| good.clone());
        let answer = if is_json {
            json!({"accessToken": access, "tokenType": "Bearer", "expiresIn": seconds, "refreshToken": rotated})
        } else {
            json!({"access_token": access, "token_type": "Bearer", "expires_in": seconds, "refresh_token": rotated})
        };
        Reply::ok(&answer)
    }
}

fn refused(error: &str) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"error": error}), 0)
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

fn members(json: &Value) -> HashMap<String, String> {
    let members = json.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// The pairs of a query or a form.
fn pairs(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap_or_default(), rest.next().unwrap_or_default()];
                let digits = str::from_utf8(&digits).unwrap_or_default();
                u8::from_str_radix(digits, 16).unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_they_are_written() {
        let pairs = pairs("sceneCode=a%20b+c&grant_type=refresh_token");

        assert_eq!(pairs["sceneCode"], "a b c");
        assert_eq!(pairs["grant_type"], "refresh_token");
    }
}
