//! Models without a price as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::ProviderId;
use tollgate_store::reports::UnpricedModel;
use utoipa::ToSchema;

/// A model whose calls used tokens, or were answered, and have no price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnpricedView {
    /// The model that was called.
    model: Option<String>,
    provider_id: Option<i64>,
    provider_code: Option<String>,
    /// Calls that ended with such an attempt.
    calls: i64,
    /// Such attempts.
    attempts: i64,
    /// Their tokens.
    tokens: i64,
    /// When the first of them arrived, in the time that is asked about.
    since: DateTime<Utc>,
    /// When the last of them arrived.
    last_at: DateTime<Utc>,
}

impl From<UnpricedModel> for UnpricedView {
    fn from(model: UnpricedModel) -> Self {
        Self {
            model: model.model,
            provider_id: model.provider_id.map(ProviderId::get),
            provider_code: model.provider_code,
            calls: model.calls,
            attempts: model.attempts,
            tokens: model.tokens,
            since: model.first_at,
            last_at: model.last_at,
        }
    }
}
