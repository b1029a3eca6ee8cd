//! Routes: names of our own for chains of models.

pub mod body;
pub mod outlook;
pub mod trial;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::RouteId;
use tollgate_domain::audit::Action;
use tollgate_domain::route::{FallbackOn, Route};
use tollgate_gateway::Snapshot;
use utoipa::{OpenApi, ToSchema};

use self::body::{NewRouteBody, RouteBody, TargetBody};
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Detail, Missing};
use crate::extract::{
    Admin, Analyst, Created, Done, Envelope, Id, ListQuery, Listed, Meta, New, Params, Valid,
};
use crate::openapi::{ReadErrors, WriteErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, find, update, delete, trial::test, outlook::outlook))]
pub struct Doc;

/// A route.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteView {
    /// Its id.
    id: i64,
    /// What callers name as their model.
    alias: String,
    /// What people say of it.
    description: Option<String>,
    /// Where calls go, in order; those with a weight share the first tries.
    targets: Vec<TargetBody>,
    /// When a call goes on to the next target.
    #[schema(schema_with = words::fallbacks)]
    fallback_on: Vec<FallbackOn>,
    /// Whether callers may use it.
    is_active: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

impl From<Route> for RouteView {
    fn from(route: Route) -> Self {
        Self {
            id: route.id.get(),
            alias: route.alias,
            description: route.description,
            targets: route.targets.into_iter().map(TargetBody::from).collect(),
            fallback_on: route.fallback_on,
            is_active: route.is_active,
            created_at: route.created_at,
            updated_at: route.updated_at,
        }
    }
}

/// All routes.
#[utoipa::path(get, path = "/api/admin/ai-routes", tag = "routes", params(ListQuery),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Listed<RouteView>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Listed<RouteView>> {
    let routes = app.store.routes().list(query.search()).await?;
    Ok(Listed::cut(routes.into_iter().map(RouteView::from).collect(), query.page()))
}

/// Add a route. Its alias goes before a model's code of the same name.
#[utoipa::path(post, path = "/api/admin/ai-routes", tag = "routes",
    request_body = NewRouteBody, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<RouteView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(New(body)): Valid<NewRouteBody>,
) -> ApiResult<Created<RouteView>> {
    let new = body.into_new();
    check_providers(&app.engine.snapshot(), new.targets.iter().map(|it| &it.provider_code))?;
    let view = RouteView::from(app.store.routes().insert(&new, app.clock.now()).await?);
    let change = Change::new(Action::Create, "route", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(view))
}

/// One route.
#[utoipa::path(get, path = "/api/admin/ai-routes/{id}", tag = "routes",
    params(("id" = i64, Path)), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<RouteView>), ReadErrors))]
pub async fn find(
    _: Analyst,
    app: Data<App>,
    Id(id): Id<RouteId>,
) -> ApiResult<Envelope<RouteView>> {
    let route = app.store.routes().find(id).await.or_missing("route")?;
    Ok(Envelope::ok(RouteView::from(route)))
}

/// Change a route; what is absent stays.
#[utoipa::path(put, path = "/api/admin/ai-routes/{id}", tag = "routes",
    params(("id" = i64, Path)), request_body = RouteBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<RouteView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<RouteId>,
    Valid(body): Valid<RouteBody>,
) -> ApiResult<Envelope<RouteView>> {
    let old = RouteView::from(app.store.routes().find(id).await.or_missing("route")?);
    let patch = body.into_patch();
    let codes = patch.targets.iter().flatten().map(|target| &target.provider_code);
    check_providers(&app.engine.snapshot(), codes)?;
    let new = app.store.routes().update(id, &patch, app.clock.now()).await;
    let new = RouteView::from(new.or_missing("route")?);
    let change = Change::new(Action::Update, "route", Some(id.get())).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Delete a route; calls that name it are refused at once.
#[utoipa::path(delete, path = "/api/admin/ai-routes/{id}", tag = "routes",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<RouteId>,
) -> ApiResult<Done> {
    let old = RouteView::from(app.store.routes().find(id).await.or_missing("route")?);
    app.store.routes().delete(id, app.clock.now()).await.or_missing("route")?;
    let change = Change::new(Action::Delete, "route", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}

/// Refuses providers that are not there. A model need not be listed: it is then sent as written,
/// unpriced.
fn check_providers<'a>(
    snapshot: &Snapshot,
    codes: impl Iterator<Item = &'a String>,
) -> ApiResult<()> {
    let wrong: Vec<Detail> = codes
        .enumerate()
        .filter(|(_, code)| snapshot.provider_by_code(code).is_none())
        .map(|(index, code)| {
            let message = format!("there is no provider `{code}`");
            Detail::new(format!("targets[{index}].providerCode"), message)
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(ApiError::validation(wrong)) }
}
