//! `fallbacks` in a body: where else the caller would have a call go after a failure.

use bytes::Bytes;
use serde_json::Value;
use tollgate_domain::chat::Fallback;
use tollgate_providers::splice::{Edit, Fields, may_have};

use crate::error::{ApiError, ApiResult, Detail};

const FIELD: &str = "fallbacks";
/// The longest name of a provider or model, in characters.
const MAX_NAME: usize = 200;

/// Takes the field out of a body in a provider's dialect, which no provider knows; all else stays
/// byte for byte. A body that is no JSON object is left to whoever reads it.
///
/// # Errors
/// What is wrong with the field, by its paths.
pub(crate) fn take(body: Bytes) -> ApiResult<(Bytes, Vec<Fallback>)> {
    if !may_have(&body, FIELD) {
        return Ok((body, Vec::new()));
    }
    let fields = std::str::from_utf8(&body).ok().and_then(|text| Fields::parse(text).ok());
    let Some((fields, ours)) = fields.and_then(|all| all.get(FIELD).map(|ours| (all, ours))) else {
        return Ok((body, Vec::new()));
    };
    let mut faults = Vec::new();
    let fallbacks = read(ours, &mut faults);
    if !faults.is_empty() {
        return Err(ApiError::validation(faults));
    }
    let rest = fields.edited(&[Edit::remove(FIELD)]).map(Bytes::from);
    Ok((rest.unwrap_or(body), fallbacks))
}

/// Reads the field's value, a JSON text, and notes what is wrong with it.
pub(crate) fn read(json: &str, faults: &mut Vec<Detail>) -> Vec<Fallback> {
    let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
    let items = match value {
        Value::Null => return Vec::new(),
        Value::Array(items) if items.len() <= Fallback::MAX => items,
        Value::Array(_) => {
            faults.push(Detail::new(FIELD, format!("must have at most {} entries", Fallback::MAX)));
            return Vec::new();
        }
        _ => {
            faults.push(Detail::new(FIELD, "must be a list of {\"providerCode\", \"model\"}"));
            return Vec::new();
        }
    };
    items.iter().enumerate().filter_map(|(place, item)| one(place, item, faults)).collect()
}

fn one(place: usize, item: &Value, faults: &mut Vec<Detail>) -> Option<Fallback> {
    let Value::Object(item) = item else {
        let path = format!("{FIELD}[{place}]");
        faults.push(Detail::new(path, "must be an object with a `providerCode`"));
        return None;
    };
    let before = faults.len();
    let path = |name: &str| format!("{FIELD}[{place}].{name}");
    for name in item.keys().filter(|name| !matches!(name.as_str(), "providerCode" | "model")) {
        faults.push(Detail::new(path(name), "is not known"));
    }
    let mut text = |name: &str| match item.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if (1..=MAX_NAME).contains(&text.chars().count()) => {
            Some(text.clone())
        }
        Some(_) => {
            let message = format!("must be a text of 1 to {MAX_NAME} characters");
            faults.push(Detail::new(path(name), message));
            None
        }
    };
    let (provider, model) = (text("providerCode"), text("model"));
    if provider.is_none() && faults.len() == before {
        faults.push(Detail::new(path("providerCode"), "is required"));
    }
    Some(Fallback { provider: provider?, model })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> Vec<(String, String)> {
        let error = take(Bytes::from(body.to_owned())).unwrap_err();
        let fault = |detail: Detail| (detail.field.unwrap_or_default(), detail.message);
        error.details.into_iter().map(fault).collect()
    }

    #[test]
    fn the_field_is_read_and_all_else_stays_as_it_was() {
        let body = r#"{"model":"m","seed":12345678901234567890123, "x": {"a": 1.10},
            "fallbacks":[{"providerCode":"a"},{"providerCode":"b","model":"c/d"}], "z":[ 1 ]}"#;

        let (rest, fallbacks) = take(Bytes::from(body)).unwrap();

        let rest = std::str::from_utf8(&rest).unwrap();
        assert_eq!(
            rest,
            r#"{"model":"m","seed":12345678901234567890123, "x": {"a": 1.10}, "z":[ 1 ]}"#
        );
        let one = |provider: &str, model: Option<&str>| Fallback {
            provider: provider.to_owned(),
            model: model.map(str::to_owned),
        };
        assert_eq!(fallbacks, [one("a", None), one("b", Some("c/d"))]);
    }

    #[test]
    fn a_body_without_the_field_is_not_touched() {
        for body in [r#"{ "model": "m" }"#, r#"{"messages": ["\"fallbacks\""]}"#, "{", "[]", ""] {
            let body = Bytes::from(body);
            assert_eq!(take(body.clone()).unwrap(), (body, Vec::new()));
        }
        let (rest, fallbacks) = take(Bytes::from(r#"{"fallbacks":null}"#)).unwrap();
        assert_eq!((&rest[..], fallbacks.len()), (&b"{}"[..], 0));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let six = format!("[{}]", [r#"{"providerCode":"a"}"#; 6].join(","));
        let cases = [
            ("{}", "fallbacks", "must be a list"),
            (six.as_str(), "fallbacks", "at most 5"),
            ("[1]", "fallbacks[0]", "must be an object"),
            (r#"[{"model":"m"}]"#, "fallbacks[0].providerCode", "is required"),
            (r#"[{"providerCode":""}]"#, "fallbacks[0].providerCode", "1 to 200"),
            (r#"[{"providerCode":"a","model":7}]"#, "fallbacks[0].model", "must be a text"),
            (r#"[{"providerCode":"a","colour":7}]"#, "fallbacks[0].colour", "is not known"),
        ];
        for (value, field, message) in cases {
            let told = told(&format!(r#"{{"fallbacks":{value}}}"#));
            assert_eq!(told.len(), 1, "{value}: {told:?}");
            assert_eq!(told[0].0, field, "{value}");
            assert!(told[0].1.contains(message), "{}", told[0].1);
        }
    }
}
