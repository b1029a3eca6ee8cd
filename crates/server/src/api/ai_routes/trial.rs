//! `POST /api/admin/ai-routes/test`: a route tried out, before it is saved.

use actix_web::web::Data;
use futures_util::StreamExt;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tollgate_domain::chat::Endpoint;
use tollgate_domain::{ApiKeyId, NanoUsd, RequestId};
use tollgate_gateway::{ReplyBody, Snapshot};
use tollgate_providers::HttpClient;
use utoipa::ToSchema;

use super::body::{TargetBody, check_targets};
use super::check_providers;
use crate::api::chat;
use crate::app::App;
use crate::calls::Ask;
use crate::calls::question::Question;
use crate::error::ApiResult;
use crate::extract::{Admin, Checks, Envelope, Meta, Valid, Validate};
use crate::openapi::WriteErrors;

const PATH: &str = "/api/admin/ai-routes/test";
const PROMPT: &str = "Answer with one word: hello.";
/// The longest answer that a trial asks for, in tokens: enough for models that reason first.
const MAX_TOKENS: i64 = 512;
/// Targets that are tried at a time.
const AT_A_TIME: usize = 4;
/// As much of an answer as is shown, in characters.
const SHOWN: usize = 500;

/// A route to be tried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouteTestBody {
    /// Where calls would go.
    #[schema(min_items = 1, max_items = 20)]
    targets: Vec<TargetBody>,
    /// What each of them is asked; by default for one word.
    #[schema(max_length = 4000)]
    prompt: Option<String>,
}

impl Validate for RouteTestBody {
    fn validate(&self, checks: &mut Checks) {
        check_targets(&self.targets, checks);
        checks.maybe_length("prompt", self.prompt.as_deref(), 0..=4000);
    }
}

/// What came of the trial.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteTestView {
    /// The place in `targets` of the first that answered, by which a call would be answered too;
    /// null where none did.
    answered_by: Option<usize>,
    /// What came of each target, in their order.
    results: Vec<TargetResult>,
}

/// What came of one target.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetResult {
    /// The provider's code.
    provider_code: String,
    /// What the provider calls the model.
    model_code: String,
    /// Whether it answered.
    is_ok: bool,
    /// How long that took, in milliseconds.
    latency_ms: i64,
    /// The answer's text, at most 500 characters.
    content: Option<String>,
    /// Why there is no answer: the error's type.
    error_type: Option<&'static str>,
    /// The same in words.
    error: Option<String>,
    /// The call's id, by which it is on record.
    request_id: String,
    /// The key that carried it; null where there is no answer.
    key_id: Option<i64>,
    /// What people call that key.
    key_name: Option<String>,
    /// How many attempts the answer took.
    attempts: Option<u32>,
    /// All tokens that the answer used.
    total_tokens: Option<i64>,
    /// US dollars that the answer cost; null where the model has no price.
    #[schema(value_type = Option<f64>)]
    cost_usd: Option<NanoUsd>,
}

/// An answer, and who gave it.
struct Answered {
    content: Option<String>,
    key_id: Option<ApiKeyId>,
    attempts: u32,
    tokens: i64,
    cost: Option<NanoUsd>,
}

/// Try a route out: ask each of its targets, for real, whether it is saved or not. The calls are
/// on record and cost what they cost.
#[utoipa::path(post, path = "/api/admin/ai-routes/test", tag = "routes",
    request_body = RouteTestBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<RouteTestView>), WriteErrors))]
pub async fn test(
    admin: Admin,
    app: Data<App>,
    http: Data<HttpClient>,
    meta: Meta,
    Valid(body): Valid<RouteTestBody>,
) -> ApiResult<Envelope<RouteTestView>> {
    let codes = body.targets.iter().map(|target| &target.provider_code);
    check_providers(&app.engine.snapshot(), codes)?;
    let prompt = body.prompt.filter(|prompt| !prompt.trim().is_empty());
    let prompt = prompt.as_deref().unwrap_or(PROMPT);
    let (app, http, admin, meta) = (&app, &http, &admin, &meta);
    let trials = body.targets.into_iter().map(|target| async move {
        let begun = Instant::now();
        // A call of its own for each target, so that each has its own record.
        let meta = Meta { request_id: RequestId::new(app.clock.now()), ..meta.clone() };
        let answer = ask(app, http, admin, &meta, &target, prompt).await;
        let latency_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        result(&app.engine.snapshot(), target, meta.request_id, latency_ms, answer)
    });
    let results: Vec<TargetResult> = stream::iter(trials).buffered(AT_A_TIME).collect().await;
    let answered_by = results.iter().position(|result| result.is_ok);
    Ok(Envelope::ok(RouteTestView { answered_by, results }))
}

/// What the target answers.
async fn ask(
    app: &App,
    http: &HttpClient,
    admin: &Admin,
    meta: &Meta,
    target: &TargetBody,
    prompt: &str,
) -> ApiResult<Answered> {
    let (provider, model) = (&target.provider_code, target.model_code.trim());
    let (body, facts) = Question { provider, model, prompt, max_tokens: MAX_TOKENS }.ask()?;
    let call = Ask::openai(Endpoint::Chat, PATH, body, facts).of(&admin.0, meta);
    let reply = app.engine.call(http, call).await?;
    let view = chat::whole_of(app, &reply)?;
    let (tokens, cost) = match &reply.body {
        ReplyBody::Whole { usage, cost, .. } => (usage.total(), *cost),
        ReplyBody::Stream(_) => (0, None),
    };
    Ok(Answered {
        content: view.into_content().map(|text| text.chars().take(SHOWN).collect()),
        key_id: reply.head.key_id,
        attempts: reply.head.attempts,
        tokens,
        cost,
    })
}

fn result(
    snapshot: &Snapshot,
    target: TargetBody,
    request_id: RequestId,
    latency_ms: i64,
    answer: ApiResult<Answered>,
) -> TargetResult {
    let (answered, error) = match answer {
        Ok(answered) => (Some(answered), None),
        Err(error) => (None, Some(error)),
    };
    let key =
        answered.as_ref().and_then(|it| snapshot.key(it.key_id?)).map(|(_, entry)| &entry.key);
    TargetResult {
        provider_code: target.provider_code,
        model_code: target.model_code,
        is_ok: answered.is_some(),
        latency_ms,
        request_id: request_id.to_string(),
        key_id: key.map(|key| key.id.get()),
        key_name: key.map(|key| key.name.clone()),
        attempts: answered.as_ref().map(|it| it.attempts),
        total_tokens: answered.as_ref().map(|it| it.tokens),
        cost_usd: answered.as_ref().and_then(|it| it.cost),
        content: answered.and_then(|it| it.content),
        error_type: error.as_ref().map(|error| error.kind.row().0),
        error: error.map(|error| error.message),
    }
}
