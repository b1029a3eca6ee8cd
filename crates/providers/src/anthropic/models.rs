//! Reading a provider's list of models.

use bytes::Bytes;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use tollgate_domain::failure::Failure;
use tollgate_domain::model::ListedModel;

use super::failure::error_in;
use crate::error::transient;
use crate::protocol::ModelPage;

#[derive(Deserialize)]
struct List {
    data: Vec<Value>,
    #[serde(default)]
    has_more: Option<bool>,
    #[serde(default)]
    last_id: Option<String>,
}

/// The models in `body`, and what asks for the next page. An entry without an id is passed over.
pub(super) fn page(body: &Bytes) -> Result<ModelPage, Failure> {
    let unreadable = || transient("the provider's list of models cannot be read");
    let list: List =
        serde_json::from_slice(body).map_err(|_| error_in(body).unwrap_or_else(unreadable))?;
    let has_more = list.has_more == Some(true) && !list.data.is_empty();
    let next = list.last_id.filter(|last| has_more && !last.is_empty());
    Ok(ModelPage { models: list.data.iter().filter_map(model).collect(), next })
}

fn model(entry: &Value) -> Option<ListedModel> {
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty());
    let time = |name: &str| text(name).and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    Some(ListedModel {
        code: text("id")?.to_owned(),
        name: text("display_name").map(str::to_owned),
        created: time("created_at").map(|at| at.timestamp()).filter(|at| *at > 0),
        owned_by: None,
        shutdown_date: time("retires_at").map(|at| at.to_utc().date_naive()),
        max_input_tokens: entry["max_input_tokens"].as_i64(),
        max_output_tokens: entry["max_tokens"].as_i64(),
        supports_vision: entry["capabilities"]["image_input"]["supported"].as_bool(),
    })
}
