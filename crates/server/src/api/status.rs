//! How Tollgate fares: `GET /api/status/status`, `POST /api/status/test`.

pub mod instances;
pub mod jobs;
pub mod view;

use std::time::Duration;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use tollgate_domain::ApiKeyId;
use tollgate_domain::caller::Caller;
use tollgate_domain::user::Role;
use tollgate_providers::HttpClient;
use utoipa::{OpenApi, ToSchema};

use self::instances::RunningInstance;
use self::jobs::JobView;
use self::view::{Picture, StatusView, StoreView};
use crate::app::App;
use crate::calls::key_trial::{KeyTrial, KeyVerdict, Tester, try_keys};
use crate::error::ApiResult;
use crate::extract::{Admin, Anybody, Checks, Envelope, Meta, Valid, Validate};
use crate::instances::this as this_instance;
use crate::openapi::{ReadErrors, WriteErrors};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(status, test))]
pub struct Doc;

const TEST_PATH: &str = "/api/status/test";
/// How long the database may take to give a sign of life.
const PING: Duration = Duration::from_secs(2);

/// What each active key is to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyTestBody {
    /// What each key is asked.
    #[schema(min_length = 1, max_length = 4000)]
    prompt: String,
    /// Only keys of this provider.
    provider_code: Option<String>,
    /// Only this key.
    key_id: Option<i64>,
    /// The model to ask: its code, or `provider/model`; each provider's default one where absent.
    model: Option<String>,
}

impl Validate for KeyTestBody {
    fn validate(&self, checks: &mut Checks) {
        if self.prompt.trim().is_empty() {
            checks.wrong("prompt", "must not be empty");
        } else if self.prompt.chars().count() > 4000 {
            checks.wrong("prompt", "must have at most 4000 characters");
        }
        checks.maybe_length("providerCode", self.provider_code.as_deref(), 1..=50);
        checks.maybe_length("model", self.model.as_deref(), 1..=200);
    }
}

/// What came of the keys.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyTestView {
    /// How many keys answered.
    ok_count: usize,
    /// How many did not.
    failed_count: usize,
    /// What came of each active key.
    results: Vec<KeyResult>,
}

/// What came of one key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyResult {
    /// The key.
    key_id: i64,
    /// What people call it.
    key_name: String,
    /// Its provider's code.
    provider_code: String,
    /// The model that was asked.
    model: Option<String>,
    /// Whether it answered.
    is_ok: bool,
    /// How long that took, in milliseconds.
    latency_ms: i64,
    /// Why there is no answer: the error's type.
    error_type: Option<&'static str>,
    /// The same in words.
    error: Option<String>,
}

/// How Tollgate fares.
///
/// Without a token, and to apps: the overall state and how many keys there are. To admins and
/// analysts: each provider's share of the load, each key's use and status, the database, and what
/// is done by the clock.
/// Requests and tokens of the last minute are those of the instance that answers.
#[utoipa::path(get, path = "/api/status/status", tag = "status", security(()),
    responses((status = 200, body = Envelope<StatusView>), ReadErrors))]
pub async fn status(Anybody(caller): Anybody, app: Data<App>) -> ApiResult<Envelope<StatusView>> {
    let picture = Picture::of(&app.engine);
    let mut view = StatusView::new(&picture, app.engine.is_ready());
    if caller.is_some_and(|caller| may_look_closer(&caller)) {
        view.detail(picture, store(&app).await, app.engine.journal(), app.started.elapsed());
        // While the database is away nothing is known of jobs and other instances.
        let leases = timeout(PING, app.store.job_leases().list()).await;
        let leases = leases.ok().and_then(Result::ok).unwrap_or_default();
        view.tell_jobs(JobView::all(&leases, app.clock.now()));
        let known = timeout(PING, app.store.instances().list()).await;
        let known = known.ok().and_then(Result::ok).unwrap_or_default();
        view.tell_instances(RunningInstance::all(this_instance(&app), known));
    }
    Ok(Envelope::ok(view))
}

/// How the database answers.
async fn store(app: &App) -> StoreView {
    let begun = Instant::now();
    let is_reachable = matches!(timeout(PING, app.store.ping()).await, Ok(Ok(())));
    let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let url = &app.config.database.url;
    StoreView {
        is_reachable,
        latency_ms: is_reachable.then_some(latency_ms),
        kind: if url.expose().starts_with("sqlite") { "sqlite" } else { "mysql" },
    }
}

const fn may_look_closer(caller: &Caller) -> bool {
    matches!(caller.role, Role::Admin | Role::Analyst)
}

/// Try every active key out: ask its provider something, for real. The calls are on record and
/// cost what they cost.
///
/// A key that is out is shown to its provider first, which puts it to use again where that takes
/// it. A key that rests because its provider asked it to is not asked.
#[utoipa::path(post, path = "/api/status/test", tag = "status", request_body = KeyTestBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<KeyTestView>), WriteErrors))]
pub async fn test(
    Admin(caller): Admin,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    Valid(body): Valid<KeyTestBody>,
) -> ApiResult<Envelope<KeyTestView>> {
    let tester = Tester {
        path: TEST_PATH,
        user_id: caller.user_id(),
        app_id: caller.app_id(),
        ip_address: meta.ip(),
        user_agent: meta.user_agent.clone(),
    };
    let trial = KeyTrial {
        prompt: body.prompt,
        provider: body.provider_code,
        key: body.key_id.map(ApiKeyId::new),
        model: body.model,
    };
    let verdicts = try_keys(&app.engine, &http, &*app.clock, &tester, &trial).await?;
    let results: Vec<KeyResult> = verdicts.into_iter().map(KeyResult::from).collect();
    let ok_count = results.iter().filter(|result| result.is_ok).count();
    let failed_count = results.len() - ok_count;
    Ok(Envelope::ok(KeyTestView { ok_count, failed_count, results }))
}

impl From<KeyVerdict> for KeyResult {
    fn from(verdict: KeyVerdict) -> Self {
        Self {
            key_id: verdict.key_id.get(),
            key_name: verdict.key_name,
            provider_code: verdict.provider,
            model: verdict.model,
            is_ok: verdict.error.is_none(),
            latency_ms: verdict.latency_ms,
            error_type: verdict.error.as_ref().map(|error| error.kind.row().0),
            error: verdict.error.map(|error| error.message),
        }
    }
}
