//! `POST /api/admin/ai-routes/outlook`: where calls of a route would go now, and why.

use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_domain::model::Lifecycle;
use tollgate_domain::provider::Strategy;
use tollgate_gateway::{CallError, KeyEntry, Outlook, Route, Snapshot, resolve};
use utoipa::ToSchema;

use super::body::{TargetBody, check_targets};
use super::check_providers;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::{Analyst, Checks, Envelope, Valid, Validate};
use crate::openapi::{WriteErrors, words};

/// Keys of a provider that are told of; those that could carry a call come first.
const MAX_KEYS: usize = 50;

/// A route to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouteOutlookBody {
    /// Where calls would go.
    #[schema(min_items = 1, max_items = 20)]
    targets: Vec<TargetBody>,
}

impl Validate for RouteOutlookBody {
    fn validate(&self, checks: &mut Checks) {
        check_targets(&self.targets, checks);
    }
}

/// How a target stands, as this instance knows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetOutlook {
    /// The provider's code.
    provider_code: String,
    /// What the provider calls the model.
    model_code: String,
    /// Its part of the first tries, from 0 to 1: among the targets that calls can go to, by weight,
    /// and where none has a weight, the first.
    share: f64,
    /// Why calls cannot go to it, whatever its keys: the error's type.
    error_type: Option<&'static str>,
    /// The same in words.
    error: Option<String>,
    /// Whether the model is in the list of the provider's; one that is not is sent as written,
    /// unpriced.
    is_listed: bool,
    /// Where the model is in its life; null for one that is not listed.
    #[schema(schema_with = words::lifecycle)]
    lifecycle: Option<Lifecycle>,
    /// The day the provider stops serving it.
    shutdown_date: Option<NaiveDate>,
    /// How the provider's keys share the load.
    #[schema(schema_with = words::strategy)]
    strategy: Option<Strategy>,
    /// The key that the next call would get; null where none can carry one, or chance or the
    /// caller's address decides.
    next_key_id: Option<i64>,
    /// The provider's active keys, at most 50: those that could carry a call first.
    keys: Vec<KeyOutlook>,
}

/// How a key stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyOutlook {
    /// The key's id.
    key_id: i64,
    /// What people call the key.
    key_name: String,
    /// Higher goes first, under `priority`.
    priority: i64,
    /// Its share, under `weighted`.
    weight: i64,
    /// Why it would be passed over; null where it could carry a call.
    skip_reason: Option<&'static str>,
    /// When it could again, where a time is known.
    available_at: Option<DateTime<Utc>>,
}

/// Where calls of a route would go now, target by target: its share, the next key and why others
/// would be passed over. Nothing is asked of any provider.
#[utoipa::path(post, path = "/api/admin/ai-routes/outlook", tag = "routes",
    request_body = RouteOutlookBody, security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<Vec<TargetOutlook>>), WriteErrors))]
pub async fn outlook(
    _: Analyst,
    app: Data<App>,
    Valid(body): Valid<RouteOutlookBody>,
) -> ApiResult<Envelope<Vec<TargetOutlook>>> {
    let snapshot = app.engine.snapshot();
    check_providers(&snapshot, body.targets.iter().map(|target| &target.provider_code))?;
    let found: Vec<Result<Route, CallError>> =
        body.targets.iter().map(|target| reach(&snapshot, target)).collect();
    let shares = shares(&body.targets, &found);
    let targets = body.targets.into_iter().zip(found).zip(shares);
    let views = targets.map(|((target, found), share)| view(&app, target, found, share));
    Ok(Envelope::ok(views.collect()))
}

/// The target as a call of its own would find it.
fn reach(snapshot: &Snapshot, target: &TargetBody) -> Result<Route, CallError> {
    let facts = CallFacts {
        provider: Some(target.provider_code.clone()),
        model: Some(target.model_code.trim().to_owned()),
        ..CallFacts::default()
    };
    let plan = resolve(snapshot, &facts, Endpoint::Chat, &Access::default(), 0.0)?;
    Ok(plan.first().clone())
}

/// Each target's part of the first tries.
fn shares(targets: &[TargetBody], found: &[Result<Route, CallError>]) -> Vec<f64> {
    let weight = |(target, found): (&TargetBody, &Result<Route, CallError>)| {
        if found.is_ok() { f64::from(target.weight) } else { 0.0 }
    };
    let weights: Vec<f64> = targets.iter().zip(found).map(weight).collect();
    let total: f64 = weights.iter().sum();
    if total > 0.0 {
        return weights.iter().map(|weight| weight / total).collect();
    }
    let first = found.iter().position(Result::is_ok);
    (0..targets.len()).map(|place| f64::from(u8::from(first == Some(place)))).collect()
}

fn view(
    app: &App,
    target: TargetBody,
    found: Result<Route, CallError>,
    share: f64,
) -> TargetOutlook {
    let (route, error) = match found {
        Ok(route) => (Some(route), None),
        Err(error) => (None, Some(error)),
    };
    let model = route.as_ref().and_then(|route| route.model.as_ref()).map(|entry| &entry.model);
    let look = route.as_ref().map(|route| app.engine.outlook(&route.provider, &route.model_code));
    let look = look.unwrap_or_default();
    let keys = route.as_ref().map_or(Vec::new(), |route| keys(&route.provider.keys, &look));
    TargetOutlook {
        provider_code: target.provider_code,
        model_code: target.model_code,
        share,
        error_type: error.as_ref().map(CallError::code),
        error: error.map(|error| error.to_string()),
        is_listed: model.is_some(),
        lifecycle: model.map(|model| model.lifecycle),
        shutdown_date: model.and_then(|model| model.shutdown_date),
        strategy: route.as_ref().map(|route| route.provider.provider.lb_strategy),
        next_key_id: look.next.map(|key| key.get()),
        keys,
    }
}

fn keys(entries: &[std::sync::Arc<KeyEntry>], look: &Outlook) -> Vec<KeyOutlook> {
    let entry = |id| entries.iter().find(|entry| entry.key.id == id);
    let ready = look.ready.iter().map(|id| (entry(*id), None));
    let skipped = look.skipped.iter().map(|refusal| (entry(refusal.key_id), Some(refusal)));
    let told = ready.chain(skipped).filter_map(|(entry, refusal)| {
        let key = &entry?.key;
        Some(KeyOutlook {
            key_id: key.id.get(),
            key_name: key.name.clone(),
            priority: key.priority,
            weight: key.weight,
            skip_reason: refusal.map(|refusal| refusal.reason.as_str()),
            available_at: refusal.and_then(|refusal| refusal.available_at),
        })
    });
    told.take(MAX_KEYS).collect()
}
