//! `POST /api/admin/ai-models/{id}/reprice`: calls on record, priced again.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tollgate_domain::audit::Action;
use tollgate_domain::model::Model;
use tollgate_domain::{ModelId, NanoUsd};
use tollgate_store::reprice::{RepriceQuery, RepriceReport, SupposedPrice};
use utoipa::ToSchema;

use super::NewPrice;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Missing};
use crate::extract::json::present;
use crate::extract::{Admin, Checks, Envelope, Id, Meta, Valid, Validate};
use crate::openapi::{ReportErrors, WriteErrors};

/// Attempts that one request looks at.
const MOST: u64 = 50_000;

/// Which calls of a model to price again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepriceBody {
    /// Calls that arrived not before.
    from: DateTime<Utc>,
    /// Calls that arrived before; by default until now.
    #[serde(default, deserialize_with = "present")]
    to: Option<DateTime<Utc>>,
    /// Whether only to tell what would change; by default nothing is left as it is.
    #[serde(default)]
    dry_run: bool,
    /// A price that is not set yet and is taken to hold from its `validFrom` on; only with
    /// `dryRun`.
    #[serde(default, deserialize_with = "present")]
    price: Option<NewPrice>,
}

impl Validate for RepriceBody {
    fn validate(&self, checks: &mut Checks) {
        if self.to.is_some_and(|to| to <= self.from) {
            checks.wrong("to", "must be after from");
        }
        if let Some(price) = &self.price {
            price.validate(checks);
            if !self.dry_run {
                checks.wrong("price", "can only be supposed with dryRun; set the price first");
            }
        }
    }
}

/// What pricing again changed, or would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepriceView {
    /// Attempts that used tokens.
    attempts: u64,
    /// How many of them have another price or cost.
    changed: u64,
    /// How many had a cost.
    priced_before: u64,
    /// How many have one now.
    priced_after: u64,
    /// US dollars that those cost together which had a cost.
    #[schema(value_type = f64)]
    cost_before: NanoUsd,
    /// US dollars that those cost together which have one now.
    #[schema(value_type = f64)]
    cost_after: NanoUsd,
    /// Attempts left alone because they are past the retention.
    past_retention: u64,
    /// Where the next request goes on: one looks at about 50,000 attempts. Null where all is done.
    next_from: Option<DateTime<Utc>>,
}

impl From<&RepriceReport> for RepriceView {
    fn from(report: &RepriceReport) -> Self {
        let total = report.total();
        Self {
            attempts: total.attempts,
            changed: total.changed,
            priced_before: total.priced_before,
            priced_after: total.priced_after,
            cost_before: total.cost_before,
            cost_after: total.cost_after,
            past_retention: report.past_retention,
            next_from: report.left_from,
        }
    }
}

/// Price a model's recorded calls again, each by the price that is now known for its time. What
/// budgets have counted stays.
#[utoipa::path(post, path = "/api/admin/ai-models/{id}/reprice", tag = "models",
    params(("id" = i64, Path)), request_body = RepriceBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<RepriceView>), WriteErrors, ReportErrors))]
pub async fn reprice(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ModelId>,
    Valid(body): Valid<RepriceBody>,
) -> ApiResult<Envelope<RepriceView>> {
    let model = app.store.models().find(id).await.or_missing("model")?;
    let now = app.clock.now();
    let query = query(&model, &body, now)?;
    let supposed = body.price.as_ref().map(|price| SupposedPrice {
        model: id,
        valid_from: price.valid_from(now),
        tiers: price.tiers(),
    });
    let report = app.store.reprice_some(&query, supposed.as_ref(), body.dry_run, MOST, now).await?;
    let view = RepriceView::from(&report);
    if !body.dry_run && view.changed > 0 {
        let told = told(&model, &query, &view);
        let change = Change::new(Action::Reprice, "model", Some(id.get())).after(&told);
        app.changed(admin.actor(&meta), change).await?;
    }
    Ok(Envelope::ok(view))
}

fn query(model: &Model, body: &RepriceBody, now: DateTime<Utc>) -> ApiResult<RepriceQuery> {
    let to = body.to.unwrap_or(now);
    if to <= body.from {
        return Err(ApiError::invalid("from", "must lie in the past"));
    }
    Ok(RepriceQuery {
        from: body.from,
        to,
        provider_id: Some(model.provider_id),
        model_code: Some(model.code.clone()),
    })
}

fn told(model: &Model, query: &RepriceQuery, view: &RepriceView) -> serde_json::Value {
    json!({
        "modelCode": model.code,
        "from": query.from,
        "to": view.next_from.unwrap_or(query.to),
        "changed": view.changed,
        "costUsdBefore": view.cost_before,
        "costUsdAfter": view.cost_after,
    })
}
