//! Fetching a provider's model list.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tollgate_domain::ProviderId;
use tollgate_domain::audit::Action;
use tollgate_domain::model::ModelType;
use tollgate_providers::HttpClient;
use tollgate_store::models::{FieldChange, SyncChange, SyncOutcome, SyncedModel};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::app::{App, Change};
use crate::error::{ApiResult, Missing};
use crate::extract::{Admin, Checks, Envelope, Id, Meta, Params, Validate};
use crate::openapi::{ProviderErrors, ReadErrors, words};

/// How a model list is fetched.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SyncQuery {
    /// Say what would change, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

impl Validate for SyncQuery {
    fn validate(&self, _: &mut Checks) {}
}

/// What a sync found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SyncView {
    /// Models in the provider's answer.
    count: usize,
    /// Codes of models that were new.
    added: Vec<String>,
    /// Codes of models of which something was new.
    updated: Vec<String>,
    /// Codes of models that the provider no longer lists.
    missing: Vec<String>,
    /// The same, model by model, with what changes.
    models: Vec<SyncedModelView>,
}

/// What a sync does to one model.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncedModelView {
    /// Its code.
    model_code: String,
    /// What people call it.
    model_name: String,
    /// What it does.
    #[schema(schema_with = words::model_type)]
    model_type: ModelType,
    /// What becomes of it.
    #[schema(schema_with = change_word)]
    change: ChangeWord,
    /// Whether its price is known; a model without one is called `unpriced` in reports.
    is_priced: bool,
    /// Which of its facts change; none of a new one, or of one that was missing before.
    fields: Vec<FieldChangeView>,
}

/// What becomes of a model.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeWord {
    /// It is new here, and active.
    Added,
    /// Something of it changes.
    Updated,
    /// The provider does not list it: it stays, and is marked.
    Missing,
}

fn change_word() -> Object {
    let words = ["added", "updated", "missing"];
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

/// A fact that changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChangeView {
    /// Its name, as in a model.
    #[schema(example = "maxInputTokens")]
    field: &'static str,
    /// What it was.
    #[schema(value_type = Value)]
    before: Value,
    /// What it is.
    #[schema(value_type = Value)]
    after: Value,
}

impl From<SyncedModel> for SyncedModelView {
    fn from(model: SyncedModel) -> Self {
        let told = |FieldChange { field, before, after }| FieldChangeView { field, before, after };
        Self {
            model_code: model.code,
            model_name: model.name,
            model_type: model.model_type,
            change: match model.change {
                SyncChange::Added => ChangeWord::Added,
                SyncChange::Updated => ChangeWord::Updated,
                SyncChange::Missing => ChangeWord::Missing,
            },
            is_priced: model.is_priced,
            fields: model.fields.into_iter().map(told).collect(),
        }
    }
}

impl From<SyncOutcome> for SyncView {
    fn from(outcome: SyncOutcome) -> Self {
        Self {
            count: outcome.count,
            added: outcome.added,
            updated: outcome.updated,
            missing: outcome.missing,
            models: outcome.models.into_iter().map(SyncedModelView::from).collect(),
        }
    }
}

impl SyncView {
    /// What the audit log keeps: the codes.
    fn codes(&self) -> Value {
        let Self { count, added, updated, missing, .. } = self;
        json!({ "count": count, "added": added, "updated": updated, "missing": missing })
    }
}

/// Fetch the provider's model list. New models become active, with prices where they are known.
#[utoipa::path(post, path = "/api/admin/ai-providers/{id}/sync-models", tag = "providers",
    params(("id" = i64, Path), SyncQuery), security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<SyncView>), ReadErrors, ProviderErrors))]
pub async fn sync_models(
    admin: Admin,
    app: Data<App>,
    client: Data<HttpClient>,
    meta: Meta,
    Id(id): Id<ProviderId>,
    Params(query): Params<SyncQuery>,
) -> ApiResult<Envelope<SyncView>> {
    app.store.providers().find(id).await.or_missing("provider")?;
    let listed = app.engine.list_upstream_models(&client, id).await?;
    let now = app.clock.now();
    let outcome = app.store.models().apply_sync(id, &listed, query.dry_run, now).await?;
    let view = SyncView::from(outcome);
    if !query.dry_run {
        let change = Change::new(Action::Sync, "provider", Some(id.get())).after(&view.codes());
        app.changed(admin.actor(&meta), change).await?;
    }
    let message = match query.dry_run {
        true => format!("{} models found, nothing changed", view.count),
        false => format!("Synced {} models", view.count),
    };
    Ok(Envelope::ok(view).with_message(message))
}
