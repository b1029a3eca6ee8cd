//! What operators should know of.

pub mod trial;

use std::collections::HashMap;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tollgate_domain::AlertId;
use tollgate_domain::alert::{Alert, AlertEvent, AlertKind, AlertLevel, Delivery, DeliveryState};
use tollgate_store::alerts::AlertFilter;
use utoipa::{OpenApi, ToSchema};

use super::stats::range::Bounds;
use super::stats::zone;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::query::check_page;
use crate::extract::{Analyst, Checks, Envelope, PageQuery, Params, Validate};
use crate::openapi::{ReadErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, trial::test))]
pub struct Doc;

/// What the alerts can be narrowed by.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AlertQuery {
    /// Only alerts about this.
    #[param(schema_with = words::alert_kind)]
    kind: Option<AlertKind>,
    /// Only alerts that matter as much.
    #[param(schema_with = words::alert_level)]
    level: Option<AlertLevel>,
    /// Only alerts that last (`true`), or that are over (`false`).
    open: Option<bool>,
    /// Fired from when: a date in `tz`, or RFC 3339.
    start_date: Option<String>,
    /// Fired until when; a date is included.
    end_date: Option<String>,
    /// An IANA time zone; the server's default where absent.
    tz: Option<String>,
    /// From 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    page_size: Option<u32>,
}

impl Validate for AlertQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
    }
}

/// A page of the alerts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertPage {
    /// The rows, newest first.
    alerts: Vec<AlertView>,
    /// How many there are in all.
    total: i64,
    /// Whether there are more than `total`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    total_is_capped: bool,
    /// The page, from 1.
    page: u32,
    /// Rows a page.
    page_size: u32,
}

/// Something that operators should know of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// Its id.
    id: i64,
    /// What it is about.
    #[schema(schema_with = words::alert_kind)]
    kind: AlertKind,
    /// How much it matters.
    #[schema(schema_with = words::alert_level)]
    level: AlertLevel,
    /// What it is about, in words.
    #[schema(example = "openai / main")]
    subject: String,
    /// What is wrong, or was last, in words.
    message: String,
    /// The same for programs, by kind: which provider and key, its status, and why.
    #[schema(value_type = Option<Object>)]
    payload: Option<Value>,
    /// When it began.
    fired_at: DateTime<Utc>,
    /// When it was over; null while it lasts.
    resolved_at: Option<DateTime<Utc>>,
    /// Whether a channel was told of it.
    notified: bool,
    /// What channels are told of it, oldest first.
    deliveries: Vec<DeliveryView>,
}

/// A notice to one channel.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// The channel's name; `email` is the mail channel.
    channel: String,
    /// What it tells.
    #[schema(schema_with = words::alert_event)]
    event: AlertEvent,
    /// What became of it.
    #[schema(schema_with = words::delivery_state)]
    state: DeliveryState,
    /// How often it was sent.
    attempts: i64,
    /// When it is sent next; null when it is not any more.
    next_attempt_at: Option<DateTime<Utc>>,
    /// Why the channel did not take it the last time.
    last_error: Option<String>,
    /// When the channel took it.
    delivered_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let is_pending = delivery.state == DeliveryState::Pending;
        Self {
            channel: delivery.channel,
            event: delivery.event,
            state: delivery.state,
            attempts: delivery.attempts,
            next_attempt_at: is_pending.then_some(delivery.next_attempt_at),
            last_error: delivery.last_error,
            delivered_at: delivery.delivered_at,
        }
    }
}

impl AlertView {
    fn new(alert: Alert, deliveries: Vec<DeliveryView>) -> Self {
        Self {
            id: alert.id.get(),
            kind: alert.kind,
            level: alert.level,
            subject: alert.subject,
            message: alert.message,
            payload: alert.payload,
            fired_at: alert.fired_at,
            resolved_at: alert.resolved_at,
            notified: alert.notified,
            deliveries,
        }
    }
}

/// What went wrong and when it was over, newest first.
///
/// An alert fires once, and tells what is wrong last, until that is over; `deliveries` tells which
/// channels know of it.
#[utoipa::path(get, path = "/api/admin/alerts", tag = "alerts", params(AlertQuery),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<AlertPage>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Params(query): Params<AlertQuery>,
) -> ApiResult<Envelope<AlertPage>> {
    let page = PageQuery { page: query.page, page_size: query.page_size }.page();
    let tz = zone(&app, query.tz.as_deref())?;
    let bounds = Bounds::read(query.start_date.as_deref(), query.end_date.as_deref(), tz)
        .map_err(ApiError::validation)?;
    let filter = AlertFilter {
        kind: query.kind,
        level: query.level,
        is_open: query.open,
        from: bounds.from,
        to: bounds.to,
    };
    let found = app.store.alerts().list(&filter, page).await?;
    let ids: Vec<AlertId> = found.rows.iter().map(|alert| alert.id).collect();
    let mut deliveries: HashMap<AlertId, Vec<DeliveryView>> = HashMap::new();
    for delivery in app.store.alerts().deliveries_of(&ids).await? {
        deliveries.entry(delivery.alert_id).or_default().push(delivery.into());
    }
    let view = |alert: Alert| {
        let told = deliveries.remove(&alert.id).unwrap_or_default();
        AlertView::new(alert, told)
    };
    Ok(Envelope::ok(AlertPage {
        alerts: found.rows.into_iter().map(view).collect(),
        total: found.total,
        total_is_capped: found.total_is_capped,
        page: page.number,
        page_size: page.size,
    }))
}
