//! `GET /api/admin/ai-stats/logs/live`: calls as they are recorded.

use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::Stream;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::user::Role;
use tollgate_gateway::Engine;
use tollgate_store::api_logs::LoggedCall;

use super::log_view::LogView;
use super::query::LiveParams;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::caller::Credentials;
use crate::extract::{Analyst, Params};
use crate::live::{Heard, Watcher};
use crate::openapi::ReadErrors;
use crate::sse_body::{KEEP_ALIVE, data, named, response};

/// How often it is looked whether whoever watches still may.
const LOOK: Duration = Duration::from_secs(2);
/// How long one may watch without asking again.
const LIMIT: Duration = Duration::from_secs(3_600);
/// When to try again where too many watch.
const RETRY: Duration = Duration::from_secs(10);

/// New calls, each when this instance records it, as events.
///
/// An unnamed event is a call, as the list of calls has it. Who reads too slowly misses some, and an
/// event `lagged` says how many (`{"missed": 12}`). The stream ends after an hour, when the session
/// ends, and when the server stops.
#[utoipa::path(get, path = "/api/admin/ai-stats/logs/live", tag = "stats", params(LiveParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = LogView, content_type = "text/event-stream"), ReadErrors))]
pub async fn live(
    _: Analyst,
    app: Data<App>,
    request: HttpRequest,
    Params(params): Params<LiveParams>,
) -> ApiResult<HttpResponse> {
    let credentials = Credentials::of(&request).ok_or_else(ApiError::unauthenticated)?;
    let watcher = app.live.watch().ok_or_else(|| {
        ApiError::rate_limited("too many watch the calls of this instance already", RETRY)
    })?;
    Ok(response(&mut HttpResponse::Ok(), events(app, credentials, params, watcher)))
}

fn events(
    app: Data<App>,
    credentials: Credentials,
    params: LiveParams,
    mut watcher: Watcher,
) -> impl Stream<Item = Bytes> + 'static {
    async_stream::stream! {
        // At once, so that whoever watches knows that nothing is missed from now on.
        yield KEEP_ALIVE;
        let until = Instant::now() + LIMIT;
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let heard = tokio::select! {
                biased;
                () = sleep_until(until) => return,
                _ = look.tick() => {
                    if !may_watch(&app, &credentials) {
                        return;
                    }
                    continue;
                }
                heard = watcher.next() => heard,
            };
            match heard {
                Heard::Call(log) if params.wants(&log) => yield event(&app.engine, &log),
                Heard::Call(_) => {}
                Heard::Missed(missed) => {
                    yield named("lagged", json!({"missed": missed}).to_string().as_bytes());
                }
                Heard::End => return,
            }
        }
    }
}

fn may_watch(app: &App, credentials: &Credentials) -> bool {
    let caller = credentials.caller(app);
    caller.is_some_and(|caller| matches!(caller.role, Role::Admin | Role::Analyst))
}

/// A call as the list has it, with the names that this instance knows.
fn event(engine: &Engine, log: &ApiLog) -> Bytes {
    let snapshot = engine.snapshot();
    let provider = log.provider_id.and_then(|id| snapshot.provider(id));
    let key_name = |id: ApiKeyId| {
        let entry = provider?.keys.iter().find(|entry| entry.key.id == id)?;
        Some(entry.key.name.clone())
    };
    let token = log.app_id.and_then(|id| snapshot.app_token(id));
    let user = log.user_id.and_then(|id| snapshot.users.get(&id));
    let view = LogView::from(LoggedCall {
        log: log.clone(),
        provider_code: provider.map(|provider| provider.provider.code.clone()),
        key_name: log.key_id.and_then(key_name),
        app_name: token.map(|token| token.name.clone()),
        user_name: user.map(|user| user.username.clone()),
        attempts: log.attempt,
    });
    data(&serde_json::to_vec(&view).expect("a call is plain data"))
}
