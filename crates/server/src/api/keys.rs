//! Upstream keys: shown masked, sealed before they are stored.

mod body;
mod credential;
mod headroom;
mod import;
pub mod priorities;
mod view;

use actix_web::web::Data;
use serde::Serialize;
use tollgate_domain::api_key::ApiKey;
use tollgate_domain::audit::Action;
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_gateway::{KeyError, KeyUse};
use tollgate_providers::HttpClient;
use utoipa::{OpenApi, ToSchema};

use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Missing};
use crate::extract::{
    Admin, Analyst, Created, Done, Envelope, Id, ListQuery, Listed, Meta, New, Params, Valid,
};
use crate::openapi::{ProviderErrors, ReadErrors, WriteErrors};
pub use body::KeyBody;
pub(crate) use credential::check_token_url;
pub use credential::{OAuth2Body, RemoteBody};
pub use headroom::Headroom;
pub use import::{ImportBody, ImportVerdict, ImportView};
pub use view::KeyView;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, import, priorities::set, update, delete, validate, reset))]
pub struct Doc;

/// A key to be added.
pub type NewKeyBody = New<KeyBody>;

/// What the provider says of a key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// Whether the provider lets it in.
    is_valid: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// How long the provider took.
    latency_ms: i64,
}

/// A provider's keys, masked, with their live use.
#[utoipa::path(get, path = "/api/admin/ai-providers/{id}/keys", tag = "keys",
    params(("id" = i64, Path), ListQuery), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Listed<KeyView>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Id(provider): Id<ProviderId>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Listed<KeyView>> {
    app.store.providers().find(provider).await.or_missing("provider")?;
    let keys = app.store.api_keys().list(provider).await?;
    let search = query.search().map(str::to_lowercase);
    let keys = keys.into_iter().filter(|key| {
        search.as_ref().is_none_or(|search| key.name.to_lowercase().contains(search))
    });
    let views = keys.map(|key| view(&app, key)).collect();
    Ok(Listed::cut(views, query.page()))
}

/// Add a key to a provider. It is sealed before it is stored and never shown again.
#[utoipa::path(post, path = "/api/admin/ai-providers/{id}/keys", tag = "keys",
    params(("id" = i64, Path)), request_body = NewKeyBody, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<KeyView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(provider): Id<ProviderId>,
    Valid(New(body)): Valid<NewKeyBody>,
) -> ApiResult<Created<KeyView>> {
    body.belongs_to(provider)?;
    let key = add(&app, provider, body).await?;
    let view = view(&app, key);
    let change = Change::new(Action::Create, "key", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(view))
}

/// Add several pasted keys, a line each: the key alone, or its name before it.
#[utoipa::path(post, path = "/api/admin/ai-providers/{id}/keys/import", tag = "keys",
    params(("id" = i64, Path)), request_body = ImportBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<ImportView>), WriteErrors))]
pub async fn import(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(provider): Id<ProviderId>,
    Valid(body): Valid<ImportBody>,
) -> ApiResult<Envelope<ImportView>> {
    app.store.providers().find(provider).await.or_missing("provider")?;
    let mut view = ImportView::default();
    for line in body.lines() {
        let verdict = match line.check() {
            Ok(key) => match add(&app, provider, key).await {
                Ok(key) => line.added(&key),
                Err(error) => line.refused(error),
            },
            Err(error) => line.refused(error),
        };
        view.push(verdict);
    }
    let change = Change::new(Action::Import, "key", Some(provider.get())).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    let message = format!("Added {} of {} keys", view.added, view.results.len());
    Ok(Envelope::ok(view).with_message(message))
}

/// Change a key; what is absent stays, a new `apiKey` replaces the old one.
#[utoipa::path(put, path = "/api/admin/ai-providers/keys/{id}", tag = "keys",
    params(("id" = i64, Path)), request_body = KeyBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<KeyView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ApiKeyId>,
    Valid(body): Valid<KeyBody>,
) -> ApiResult<Envelope<KeyView>> {
    let old = app.store.api_keys().find(id).await.or_missing("key")?;
    body.belongs_to(old.provider_id)?;
    let old = view(&app, old);
    let patch = body.into_patch();
    let new = app.store.api_keys().update(id, &patch, app.clock.now()).await;
    let new = new.or_missing("key").map_err(same_key)?;
    let after = KeyView::stored(new.clone());
    let change = Change::new(Action::Update, "key", Some(id.get())).before(&old).after(&after);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(view(&app, new)))
}

/// Delete a key; its secret is wiped.
#[utoipa::path(delete, path = "/api/admin/ai-providers/keys/{id}", tag = "keys",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<Done> {
    let old = view(&app, app.store.api_keys().find(id).await.or_missing("key")?);
    app.store.api_keys().delete(id, app.clock.now()).await.or_missing("key")?;
    let change = Change::new(Action::Delete, "key", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}

/// Ask the provider whether it lets a key in; the answer sets the key's status.
#[utoipa::path(post, path = "/api/admin/ai-providers/keys/{id}/validate", tag = "keys",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<VerdictView>), ReadErrors, ProviderErrors))]
pub async fn validate(
    admin: Admin,
    app: Data<App>,
    client: Data<HttpClient>,
    meta: Meta,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<Envelope<VerdictView>> {
    app.store.api_keys().find(id).await.or_missing("key")?;
    let verdict = app.engine.validate_key(&client, id).await?;
    let view = VerdictView {
        is_valid: verdict.is_valid,
        reason: verdict.reason,
        latency_ms: verdict.latency_ms,
    };
    let change = Change::new(Action::Validate, "key", Some(id.get())).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    let message = match &view.reason {
        _ if view.is_valid => "API Key is valid".to_owned(),
        Some(reason) => reason.clone(),
        None => "API Key is not valid".to_owned(),
    };
    Ok(Envelope::ok(view).with_message(message))
}

/// Clear a key's errors and let it be used again.
#[utoipa::path(post, path = "/api/admin/ai-providers/keys/{id}/reset", tag = "keys",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<KeyView>), ReadErrors))]
pub async fn reset(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<Envelope<KeyView>> {
    let old = view(&app, app.store.api_keys().find(id).await.or_missing("key")?);
    app.engine.reset_key(id).await?;
    let new = view(&app, app.store.api_keys().find(id).await.or_missing("key")?);
    let change = Change::new(Action::Reset, "key", Some(id.get())).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Adds a key without telling anybody yet.
async fn add(app: &App, provider: ProviderId, body: KeyBody) -> ApiResult<ApiKey> {
    let new = body.into_new();
    let key = app.store.api_keys().insert(provider, &new, app.clock.now()).await;
    key.or_missing("provider").map_err(same_key)
}

/// Says in words that the provider has this very key already.
fn same_key(error: ApiError) -> ApiError {
    match error.details.first().and_then(|detail| detail.field.as_deref()) {
        Some("apiKey") if error.status() == 409 => {
            ApiError::conflict("apiKey", "this provider has this key already")
        }
        _ => error,
    }
}

/// A key as the API shows it, with its live use; one that another instance has only just added is
/// as its row says.
fn view(app: &App, key: ApiKey) -> KeyView {
    let live = match app.engine.snapshot().key(key.id) {
        Some(_) => app.engine.live(key.id),
        None => KeyUse { state: key.state.clone(), ..KeyUse::default() },
    };
    KeyView::stored(key).with_use(live, app.clock.now())
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotFound(_) => Self::not_found("key"),
            KeyError::Store(error) => error.into(),
        }
    }
}
