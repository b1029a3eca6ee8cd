//! Reading the provider's list of models.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use tollgate_domain::failure::Failure;
use tollgate_domain::model::ListedModel;

use super::failure::error_in;
use crate::error::transient;
use crate::protocol::ModelPage;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    /// Absent on a page without any.
    models: Option<Vec<Value>>,
    next_page_token: Option<String>,
}

/// The models in `body`, and what asks for the next page. An entry without a name is passed over.
pub(super) fn page(body: &Bytes) -> Result<ModelPage, Failure> {
    let unreadable = || transient("the provider's list of models cannot be read");
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let list: List = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let next = list.next_page_token.filter(|token| !token.is_empty());
    if list.models.is_none() && next.is_none() && body.trim_ascii() != b"{}" {
        return Err(unreadable());
    }
    let models = list.models.iter().flatten().filter_map(model).collect();
    Ok(ModelPage { models, next })
}

fn model(entry: &Value) -> Option<ListedModel> {
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty());
    let name = text("name")?;
    Some(ListedModel {
        code: name.strip_prefix("models/").unwrap_or(name).to_owned(),
        name: text("displayName").map(str::to_owned),
        created: None,
        owned_by: None,
        shutdown_date: None,
        max_input_tokens: entry["inputTokenLimit"].as_i64(),
        max_output_tokens: entry["outputTokenLimit"].as_i64(),
        supports_vision: None,
    })
}
