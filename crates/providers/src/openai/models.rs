//! Reading a provider's list of models.

use bytes::Bytes;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use tollgate_domain::failure::Failure;
use tollgate_domain::model::ListedModel;

use super::failure::error_in;
use crate::error::transient;
use crate::protocol::ModelPage;

/// The models in `body`: a list, or an object with one in `data` or `models`. An entry without an
/// id is passed over; all else in an entry is optional, since every look-alike leaves out
/// something else.
pub(super) fn page(body: &Bytes) -> Result<ModelPage, Failure> {
    let unreadable = || transient("the provider's list of models cannot be read");
    let list: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let entries = match &list {
        Value::Array(entries) => entries,
        Value::Object(fields) => match fields.get("data").or_else(|| fields.get("models")) {
            Some(Value::Array(entries)) => entries,
            // Ollama's list without any model.
            Some(Value::Null) => return Ok(ModelPage::default()),
            _ => return Err(error_in(&list).unwrap_or_else(unreadable)),
        },
        _ => return Err(unreadable()),
    };
    let models = entries.iter().filter_map(model).collect();
    Ok(ModelPage { models, next: None })
}

#[derive(Deserialize)]
struct TopProvider {
    max_completion_tokens: Option<i64>,
}

fn model(entry: &Value) -> Option<ListedModel> {
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty());
    let code = text("id").or_else(|| text("name"))?.to_owned();
    let lengths = ["context_length", "max_model_len", "max_context_length", "context_window"];
    let top: Option<TopProvider> = TopProvider::deserialize(&entry["top_provider"]).ok();
    let inputs = entry["architecture"]["input_modalities"].as_array();
    let sees = inputs.map(|inputs| inputs.iter().any(|input| input == "image"));
    Some(ListedModel {
        name: text("name").or_else(|| text("display_name")).map(str::to_owned),
        created: entry["created"].as_f64().map(|created| created as i64).filter(|at| *at > 0),
        owned_by: text("owned_by").map(str::to_owned),
        shutdown_date: text("shutdown_date").and_then(|date| date.parse::<NaiveDate>().ok()),
        max_input_tokens: lengths.iter().find_map(|name| entry[*name].as_i64()),
        max_output_tokens: top.and_then(|top| top.max_completion_tokens),
        supports_vision: entry["supports_image_in"].as_bool().or(sees),
        code,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(list: Value) -> Vec<String> {
        let page = page(&Bytes::from(list.to_string())).unwrap();
        page.models.into_iter().map(|model| model.code).collect()
    }

    #[test]
    fn every_look_alikes_list_is_read() {
        assert_eq!(codes(json!({"object": "list", "data": [{"id": "a"}, {"id": ""}, 5]})), ["a"]);
        assert_eq!(codes(json!({"data": [{"id": "a", "created": 1.5e9, "pricing": {}}]})), ["a"]);
        assert_eq!(codes(json!([{"id": "a"}])), ["a"]);
        assert_eq!(codes(json!({"models": [{"name": "llama3:8b"}]})), ["llama3:8b"]);
        assert!(codes(json!({"object": "list", "data": null})).is_empty());
    }

    #[test]
    fn what_a_list_tells_of_a_model_is_kept() {
        let list = json!({"data": [{
            "id": "v/m", "name": "M", "created": 5, "owned_by": "v", "shutdown_date": "2027-01-14",
            "context_length": 128_000, "top_provider": {"max_completion_tokens": 4096},
            "architecture": {"input_modalities": ["text", "image"]},
        }]});
        let page = page(&Bytes::from(list.to_string())).unwrap();

        assert_eq!(
            page.models,
            [ListedModel {
                code: "v/m".to_owned(),
                name: Some("M".to_owned()),
                created: Some(5),
                owned_by: Some("v".to_owned()),
                shutdown_date: NaiveDate::from_ymd_opt(2027, 1, 14),
                max_input_tokens: Some(128_000),
                max_output_tokens: Some(4096),
                supports_vision: Some(true),
            }],
        );
    }

    #[test]
    fn what_is_no_list_is_a_failure() {
        for body in ["<html>", "5", "{}", r#"{"error":{"message":"no"}}"#] {
            assert!(page(&Bytes::from(body)).is_err(), "{body}");
        }
    }
}
