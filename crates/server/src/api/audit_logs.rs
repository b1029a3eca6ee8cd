//! Who changed what.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tollgate_domain::UserId;
use tollgate_domain::audit::{Action, AuditLog};
use tollgate_store::audit_logs::AuditFilter;
use utoipa::{OpenApi, ToSchema};

use super::stats::range::Bounds;
use super::stats::zone;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::query::check_page;
use crate::extract::{Admin, Checks, Envelope, PageQuery, Params, Validate};
use crate::openapi::{ReadErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list))]
pub struct Doc;

/// What the log can be narrowed by.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only this kind of deed.
    #[param(value_type = Option<String>)]
    action: Option<Action>,
    /// Only this kind of thing: `provider`, `key`, `model`, `price`, `app_token`, `user`,
    /// `settings`.
    resource: Option<String>,
    /// Only this thing.
    resource_id: Option<i64>,
    /// Only what this user did.
    user_id: Option<i64>,
    /// From when: a date in `tz`, or RFC 3339.
    start_date: Option<String>,
    /// Until when; a date is included.
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

impl Validate for AuditQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
        checks.maybe_length("resource", self.resource.as_deref(), 0..=50);
    }
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// Newest first.
    entries: Vec<AuditView>,
    /// How many there are.
    total: i64,
    /// Whether counting stopped at `total`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    total_is_capped: bool,
    /// From 1.
    page: u32,
    /// Rows a page.
    page_size: u32,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// Its id.
    id: i64,
    /// The user who did it.
    user_id: Option<i64>,
    /// The app token it was done with.
    app_id: Option<i64>,
    /// Their name at the time.
    actor: String,
    /// What was done.
    #[schema(schema_with = words::action)]
    action: Action,
    /// To what kind of thing.
    resource: String,
    /// To which one.
    resource_id: Option<i64>,
    /// As it was, without secrets.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// As it is, without secrets.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The address it came from.
    ip_address: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<AuditLog> for AuditView {
    fn from(log: AuditLog) -> Self {
        Self {
            id: log.id.get(),
            user_id: log.actor.user_id.map(|user| user.get()),
            app_id: log.actor.app_id.map(|app| app.get()),
            actor: log.actor.name,
            action: log.action,
            resource: log.resource,
            resource_id: log.resource_id,
            before: log.before,
            after: log.after,
            ip_address: log.actor.ip,
            created_at: log.at,
        }
    }
}

/// Who changed what, newest first.
#[utoipa::path(get, path = "/api/admin/audit-logs", tag = "audit", params(AuditQuery),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<AuditPage>), ReadErrors))]
pub async fn list(
    _: Admin,
    app: Data<App>,
    Params(query): Params<AuditQuery>,
) -> ApiResult<Envelope<AuditPage>> {
    let page = PageQuery { page: query.page, page_size: query.page_size }.page();
    let tz = zone(&app, query.tz.as_deref())?;
    let bounds = Bounds::read(query.start_date.as_deref(), query.end_date.as_deref(), tz)
        .map_err(ApiError::validation)?;
    let filter = AuditFilter {
        action: query.action,
        resource: query.resource,
        resource_id: query.resource_id,
        user_id: query.user_id.map(UserId::new),
        from: bounds.from,
        to: bounds.to,
    };
    let found = app.store.audit_logs().list(&filter, page).await?;
    Ok(Envelope::ok(AuditPage {
        entries: found.rows.into_iter().map(AuditView::from).collect(),
        total: found.total,
        total_is_capped: found.total_is_capped,
        page: page.number,
        page_size: page.size,
    }))
}
