//! Which schemas OpenAI takes with `strict`: fewer than Anthropic does.

use serde_json::Value;
use serde_json::value::RawValue;

/// Keywords that it refuses there.
const REFUSED: [&str; 11] = [
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
];

/// Whether OpenAI takes that schema with `strict`: it is an object, and all of every object's
/// properties are required, and there are no others.
pub(super) fn is_strict(schema: &RawValue) -> bool {
    let schema: Value = serde_json::from_str(schema.get()).unwrap_or_default();
    schema["type"] == "object" && schema.get("anyOf").is_none() && is_closed(&schema)
}

/// Whether every object in it is closed and requires all of its properties. A property that is
/// called as a refused keyword is taken for one, which costs no more than the strictness.
fn is_closed(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => {
            let properties = fields.get("properties").and_then(Value::as_object);
            let required = fields.get("required").and_then(Value::as_array);
            let is_required = |name: &String| {
                required.is_some_and(|list| list.iter().any(|known| known == name.as_str()))
            };
            let is_object = properties.is_some() || fields.get("type").is_some_and(may_be_object);
            let takes_no_more = fields.get("additionalProperties") == Some(&Value::Bool(false))
                && properties.is_some_and(|all| all.keys().all(is_required));
            (!is_object || takes_no_more)
                && !REFUSED.iter().any(|keyword| fields.contains_key(*keyword))
                && fields.values().all(is_closed)
        }
        Value::Array(list) => list.iter().all(is_closed),
        _ => true,
    }
}

/// Whether a `type` is `object`, or has it among others.
fn may_be_object(kind: &Value) -> bool {
    kind == "object" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|it| it == "object"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_schemas_of_closed_objects_are_strict() {
        let object = |properties: Value, required: Value| {
            json!({
                "type": "object", "properties": properties, "required": required,
                "additionalProperties": false,
            })
        };
        let text = || json!({"type": "string"});
        let open = |kind: Value| json!({"type": kind, "properties": {"b": {"type": "string"}}, "required": ["b"]});
        let cases = [
            (object(json!({}), json!([])), true),
            (object(json!({"a": text()}), json!(["a"])), true),
            (object(json!({"a": {"anyOf": [text(), {"type": "null"}]}}), json!(["a"])), true),
            (object(json!({"a": text()}), json!([])), false),
            (object(json!({"a": open(json!("object"))}), json!(["a"])), false),
            (object(json!({"a": open(json!(["object", "null"]))}), json!(["a"])), false),
            (object(json!({"a": {"properties": {}}}), json!(["a"])), false),
            (object(json!({"a": {"allOf": [text()]}}), json!(["a"])), false),
            (json!({"type": "array", "items": text()}), false),
            (json!({"type": "object"}), false),
            (json!({"anyOf": [object(json!({}), json!([]))]}), false),
            (json!(true), false),
        ];
        for (schema, expected) in cases {
            let raw = serde_json::value::to_raw_value(&schema).unwrap();
            assert_eq!(is_strict(&raw), expected, "{schema}");
        }
    }
}
