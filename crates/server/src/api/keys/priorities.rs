//! Putting a provider's keys into another order.

use std::collections::BTreeSet;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use tollgate_domain::audit::Action;
use tollgate_domain::{ApiKeyId, ProviderId};
use utoipa::ToSchema;

use super::{KeyView, view};
use crate::app::{App, Change};
use crate::error::{ApiResult, Missing};
use crate::extract::{Admin, Checks, Envelope, Id, Meta, Valid, Validate};
use crate::openapi::WriteErrors;

/// Keys that one request may name: as many as a list holds.
const MOST_KEYS: usize = 5_000;

/// The priorities that keys are to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeyPriorities)]
pub struct PrioritiesBody {
    /// Each key once; the others stay as they are.
    priorities: Vec<KeyPriority>,
}

/// The priority of a key.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyPriority {
    /// The key's id.
    key_id: i64,
    /// Higher goes first.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    priority: i64,
}

impl Validate for PrioritiesBody {
    fn validate(&self, checks: &mut Checks) {
        checks.count("priorities", self.priorities.len(), MOST_KEYS);
        let mut seen = BTreeSet::new();
        for (index, KeyPriority { key_id, priority }) in self.priorities.iter().enumerate() {
            let field = format!("priorities[{index}]");
            checks.range(&format!("{field}.priority"), Some(*priority), -1_000_000..=1_000_000);
            if !seen.insert(key_id) {
                checks.wrong(format!("{field}.keyId"), "is named twice");
            }
        }
    }
}

/// Put a provider's keys into another order, all at once.
#[utoipa::path(put, path = "/api/admin/ai-providers/{id}/keys/priorities", tag = "keys",
    operation_id = "set_key_priorities", params(("id" = i64, Path)), request_body = PrioritiesBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<Vec<KeyView>>), WriteErrors))]
pub async fn set(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(provider): Id<ProviderId>,
    Valid(body): Valid<PrioritiesBody>,
) -> ApiResult<Envelope<Vec<KeyView>>> {
    app.store.providers().find(provider).await.or_missing("provider")?;
    let before = app.store.api_keys().list(provider).await?;
    let named: BTreeSet<i64> = body.priorities.iter().map(|it| it.key_id).collect();
    let before = before.iter().filter(|key| named.contains(&key.id.get()));
    let before: Vec<KeyPriority> =
        before.map(|key| KeyPriority { key_id: key.id.get(), priority: key.priority }).collect();
    let wanted: Vec<(ApiKeyId, i64)> =
        body.priorities.iter().map(|it| (ApiKeyId::new(it.key_id), it.priority)).collect();
    let set = app.store.api_keys().set_priorities(provider, &wanted, app.clock.now()).await;
    set.or_missing("key")?;
    let change = Change::new(Action::Update, "key", None)
        .before(&serde_json::json!({ "providerId": provider.get(), "priorities": before }))
        .after(&serde_json::json!({ "providerId": provider.get(), "priorities": body.priorities }));
    app.changed(admin.actor(&meta), change).await?;
    let keys = app.store.api_keys().list(provider).await?;
    Ok(Envelope::ok(keys.into_iter().map(|key| view(&app, key)).collect()))
}
