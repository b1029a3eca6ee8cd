//! OpenAI's own schemas, which whatever we send to a caller must meet.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

static SCHEMAS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../schemas/openai.schemas.json")).unwrap());
static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> =
    LazyLock::new(Mutex::default);

fn validator(name: &str) -> &'static Validator {
    let mut validators = VALIDATORS.lock().unwrap();
    validators.entry(name.to_owned()).or_insert_with(|| {
        let schema = json!({
            "$ref": format!("#/components/schemas/{name}"),
            "components": SCHEMAS["components"],
        });
        Box::leak(Box::new(jsonschema::draft202012::new(&schema).unwrap()))
    })
}

/// Panics unless `value` is a `name` of OpenAI's document.
pub(crate) fn assert_valid(name: &str, value: &Value) {
    let errors: Vec<String> = validator(name)
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?} in {value:#}");
}

#[test]
fn the_schemas_do_refuse_what_is_wrong() {
    let no_refusal = json!({
        "id": "a", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                     "message": {"role": "assistant", "content": "Hi"}}],
    });

    assert!(!validator("CreateChatCompletionResponse").is_valid(&no_refusal));
}
