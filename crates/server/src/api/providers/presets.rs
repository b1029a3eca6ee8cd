//! What a new provider may start from.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use tollgate_domain::provider::ProtocolKind;
use tollgate_store::presets::{self, Preset};
use utoipa::ToSchema;

use crate::error::ApiResult;
use crate::extract::{Analyst, Envelope};
use crate::openapi::{ReadErrors, words};

/// A starting point for a new provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresetView {
    /// What callers would call it.
    #[schema(example = "openrouter")]
    provider_code: String,
    /// What people would call it.
    provider_name: String,
    /// The wire protocol it speaks.
    #[schema(schema_with = words::protocol)]
    protocol: ProtocolKind,
    /// Where it is; a part in braces is to be replaced, and an empty one to be filled in.
    base_url: String,
    /// What to know of it.
    description: Option<String>,
    /// Code of the model of a call that names none.
    default_model: Option<String>,
    /// Headers sent with every request.
    extra_headers: BTreeMap<String, String>,
    /// What it wants sent differently from its protocol's standard.
    #[schema(value_type = Object)]
    quirks: Map<String, Value>,
}

impl From<Preset> for PresetView {
    fn from(preset: Preset) -> Self {
        let Preset { provider, default_model } = preset;
        Self {
            provider_code: provider.code,
            provider_name: provider.name,
            protocol: provider.protocol,
            base_url: provider.base_url,
            description: provider.description,
            default_model,
            extra_headers: provider.extra_headers,
            quirks: provider.quirks,
        }
    }
}

/// What a new provider may start from: base URLs, protocols and quirks that are known.
#[utoipa::path(get, path = "/api/admin/ai-providers/presets", tag = "providers",
    operation_id = "list_provider_presets", security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<Vec<PresetView>>), ReadErrors))]
pub async fn list(_: Analyst) -> ApiResult<Envelope<Vec<PresetView>>> {
    let presets = presets::presets()?;
    Ok(Envelope::ok(presets.into_iter().map(PresetView::from).collect()))
}
