//! One call as the API explains it.

use serde::Serialize;
use serde_json::Value;
use tollgate_domain::PriceId;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::price::Price;
use tollgate_gateway::Snapshot;
use tollgate_store::api_logs::LoggedCall;
use utoipa::ToSchema;

use super::cost_view::CostBreakdown;
use super::log_view::LogView;
use super::route_told::sentences;

/// One call with all its attempts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    request_id: String,
    /// In their order.
    attempts: Vec<AttemptView>,
    /// For each attempt with something to tell: what it followed, and which targets and keys were
    /// passed over, and why.
    route: Vec<RouteStepView>,
}

/// One attempt of a call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    #[serde(flatten)]
    log: LogView,
    /// The model that was called, where it is still listed.
    model_id: Option<i64>,
    /// How the cost came about.
    cost: CostBreakdown,
}

/// How an attempt came to its key.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteStepView {
    attempt: i32,
    /// The same as `routing`, in sentences.
    told: Vec<String>,
    #[schema(value_type = Object)]
    routing: Value,
}

impl CallView {
    /// A call by its attempts, with the `prices` that they were priced by.
    pub(super) fn new(
        request_id: String,
        mut attempts: Vec<LoggedCall>,
        prices: &[Price],
        snapshot: &Snapshot,
    ) -> Self {
        let route = attempts.iter_mut().filter_map(|call| {
            let routing = call.log.routing.take()?;
            let told = sentences(&routing);
            Some(RouteStepView { attempt: call.log.attempt, told, routing })
        });
        let route = route.collect();
        let attempt = |call: LoggedCall| AttemptView {
            model_id: model_of(snapshot, &call.log),
            cost: CostBreakdown::of(&call.log, prices),
            log: LogView::from(call),
        };
        Self { request_id, attempts: attempts.into_iter().map(attempt).collect(), route }
    }
}

/// What the attempts were priced by, each once.
pub(super) fn price_ids(attempts: &[LoggedCall]) -> Vec<PriceId> {
    let mut ids: Vec<PriceId> = attempts.iter().filter_map(|call| call.log.price_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn model_of(snapshot: &Snapshot, log: &ApiLog) -> Option<i64> {
    let provider = snapshot.provider(log.provider_id?)?;
    Some(provider.models.get(log.model_code.as_deref()?)?.model.id.get())
}
