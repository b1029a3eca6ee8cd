//! Making up a value that fits a JSON schema.

use serde_json::{Map, Value, json};

/// How deep nested schemas are followed; what lies deeper becomes null.
const DEEPEST: usize = 12;

/// A value for this schema. Of a schema it cannot follow it makes null, or a string.
pub(crate) fn example(schema: &Value) -> Value {
    fill("value", schema, schema, 0)
}

fn fill(name: &str, schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(fixed) = fixed(schema) {
        return fixed.clone();
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let target = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or(Value::Null, |target| fill(name, target, root, depth + 1));
    }
    if let Some(options) = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
        let chosen = options.iter().find(|option| kind(option) != "null");
        return chosen.map_or(Value::Null, |option| fill(name, option, root, depth + 1));
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let filled = parts.iter().map(|part| fill(name, part, root, depth + 1));
        return merge(filled.chain([object(schema, root, depth)]));
    }
    match kind(schema) {
        "object" => object(schema, root, depth),
        "array" => array(name, schema, root, depth),
        "integer" => json!(schema.get("minimum").and_then(Value::as_i64).unwrap_or(1)),
        "number" => json!(schema.get("minimum").and_then(Value::as_f64).unwrap_or(1.5)),
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => string(name, schema),
    }
}

fn fixed(schema: &Value) -> Option<&Value> {
    schema
        .get("const")
        .or_else(|| schema.get("enum")?.as_array()?.first())
        .or_else(|| schema.get("default"))
}

/// The type of a schema: the first which is not null, or an object if it has properties.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "string",
    }
}

fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    let filled = properties.into_iter().flatten();
    filled.map(|(name, part)| (name.clone(), fill(name, part, root, depth + 1))).collect()
}

fn array(name: &str, schema: &Value, root: &Value, depth: usize) -> Value {
    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 100);
    let items = schema.get("items").unwrap_or(&Value::Null);
    (0..least).map(|_| fill(name, items, root, depth + 1)).collect()
}

fn string(name: &str, schema: &Value) -> Value {
    let length =
        |key: &str| schema.get(key).and_then(Value::as_u64).map(|it| it.min(1000) as usize);
    let text = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2026-01-01T00:00:00Z".to_owned(),
        Some("date") => "2026-01-01".to_owned(),
        Some("time") => "12:00:00Z".to_owned(),
        Some("email") => "someone@example.com".to_owned(),
        Some("uri") => "https://example.com/".to_owned(),
        Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
        _ => format!("example {name}"),
    };
    let missing = length("minLength").unwrap_or(0).saturating_sub(text.chars().count());
    let text = format!("{text}{}", "x".repeat(missing));
    match length("maxLength") {
        Some(most) => json!(text.chars().take(most).collect::<String>()),
        None => json!(text),
    }
}

fn merge(parts: impl Iterator<Item = Value>) -> Value {
    let mut merged = Map::new();
    for part in parts {
        match part {
            Value::Object(fields) => merged.extend(fields),
            Value::Null => {}
            other => return other,
        }
    }
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_walked_down_to_its_leaves() {
        let schema = json!({
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["c", "f"]},
                "days": {"type": "integer", "minimum": 3},
                "note": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 4}]},
                "places": {"type": "array", "items": {"$ref": "#/$defs/place"}, "minItems": 2},
                "maybe": {"type": ["null", "boolean"]},
            },
            "$defs": {"place": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}}},
        });

        let value = example(&schema);

        let place = json!({"on": "2026-01-01"});
        assert_eq!(
            value,
            json!({
                "city": "example city", "unit": "c", "days": 3, "note": "exam",
                "places": [place, place], "maybe": true,
            })
        );
    }

    #[test]
    fn a_schema_which_contains_itself_ends() {
        let schema = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        assert!(example(&schema).to_string().ends_with('}'));
    }

    #[test]
    fn an_empty_schema_makes_an_object_of_no_properties_or_a_string() {
        assert_eq!(example(&json!({"type": "object"})), json!({}));
        assert_eq!(example(&Value::Null), json!("example value"));
    }
}
