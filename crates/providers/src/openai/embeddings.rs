//! Reading the answer to an embeddings request.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall};
use tollgate_domain::failure::Failure;

use super::failure::{error_in, unreadable};
use super::repair;
use super::wire::{Text, Usage};
use crate::protocol::Target;
use crate::splice::{Edit, Fields, quoted};

#[derive(Deserialize)]
struct Embeddings<'a> {
    #[serde(borrow)]
    object: Text<'a>,
    #[serde(borrow)]
    data: Vec<Embedding<'a>>,
    #[serde(borrow)]
    model: Text<'a>,
    usage: Usage,
}

#[derive(Deserialize)]
struct Embedding<'a> {
    #[serde(borrow)]
    object: Text<'a>,
    #[serde(rename = "index")]
    _index: u32,
    #[serde(rename = "embedding")]
    _embedding: IgnoredAny,
}

/// The answer to `call` in `body`. The vectors are never parsed, so that their numbers stay as
/// they are written.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let body = body.slice_ref(body.trim_ascii());
    if let Some(facts) = facts_if_clean(&body) {
        return Ok(Answer { body, facts });
    }
    let text =
        str::from_utf8(&body).map_err(|_| unreadable("the provider's answer is not text"))?;
    let (body, is_counted) = mended(call, target, text)?;
    let facts = facts_if_clean(&body);
    let mut facts = facts.ok_or_else(|| unreadable("the provider's embeddings cannot be read"))?;
    facts.usage = facts.usage.filter(|_| is_counted);
    Ok(Answer { body, facts })
}

fn facts_if_clean(body: &[u8]) -> Option<AnswerFacts> {
    let answer: Embeddings<'_> = serde_json::from_slice(body).ok()?;
    let is_clean = answer.object.0 == "list"
        && !answer.model.0.is_empty()
        && answer.usage.is_clean()
        && answer.data.iter().all(|item| item.object.0 == "embedding");
    let usage = answer.usage.buckets();
    is_clean.then(|| AnswerFacts {
        usage: (usage.total() > 0).then_some(usage),
        ..AnswerFacts::default()
    })
}

/// The repaired body, and whether its token counts are the provider's.
fn mended(call: &ChatCall, target: &Target<'_>, text: &str) -> Result<(Bytes, bool), Failure> {
    let not_read = || unreadable("the provider's embeddings cannot be read");
    let Ok(fields) = Fields::parse(text) else {
        let error = serde_json::from_str::<Value>(text).ok();
        return Err(error.as_ref().and_then(error_in).unwrap_or_else(not_read));
    };
    let Some(data) = fields.get("data").filter(|data| data.starts_with('[')) else {
        let error = serde_json::from_str::<Value>(text).ok();
        return Err(error.as_ref().and_then(error_in).unwrap_or_else(not_read));
    };
    let usage = usage_of(fields.get("usage"));
    let is_counted = usage.is_some();
    let mut edits = vec![
        Edit::set("object", r#""list""#),
        Edit::set("data", mended_items(data).ok_or_else(not_read)?),
        Edit::set("usage", mended_usage(call, usage)),
    ];
    let model = fields.get("model").and_then(|model| serde_json::from_str::<String>(model).ok());
    if model.is_none_or(|model| model.is_empty()) {
        edits.push(Edit::set("model", quoted(target.model_code)));
    }
    let body = fields.edited(&edits).unwrap_or_else(|| text.to_owned());
    Ok((Bytes::from(body), is_counted))
}

fn mended_items(data: &str) -> Option<String> {
    let items: Vec<&RawValue> = serde_json::from_str(data).ok()?;
    let mended = items.iter().enumerate().map(|(index, item)| {
        let fields = Fields::parse(item.get()).ok()?;
        let mut edits = vec![Edit::set("object", r#""embedding""#)];
        if fields.get("index").is_none_or(|given| given.parse::<u32>().is_err()) {
            edits.push(Edit::set("index", index.to_string()));
        }
        Some(fields.edited(&edits).unwrap_or_else(|| item.get().to_owned()))
    });
    let mended: Vec<String> = mended.collect::<Option<_>>()?;
    Some(format!("[{}]", mended.join(",")))
}

/// The token counts that the provider tells, if it tells any.
fn usage_of(usage: Option<&str>) -> Option<Map<String, Value>> {
    let usage: Map<String, Value> = serde_json::from_str(usage?).ok()?;
    usage.values().any(|count| count.as_i64().is_some_and(|count| count > 0)).then_some(usage)
}

/// A usage without counts becomes our estimate for the caller; the record makes its own.
fn mended_usage(call: &ChatCall, usage: Option<Map<String, Value>>) -> String {
    let estimate = || json!(call.facts.prompt_token_estimate());
    let mut usage =
        usage.unwrap_or_else(|| Map::from_iter([("prompt_tokens".to_owned(), estimate())]));
    if usage.get("prompt_tokens").and_then(Value::as_i64).is_none()
        && let Some(total) = usage.get("total_tokens").cloned()
    {
        usage.insert("prompt_tokens".to_owned(), total);
    }
    repair::usage(&mut usage);
    usage.remove("completion_tokens");
    Value::Object(usage).to_string()
}
