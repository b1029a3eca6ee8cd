//! Embeddings: one text by `embedContent`, several by `batchEmbedContents`.
//!
//! | OpenAI | Gemini |
//! | --- | --- |
//! | `input`, a text | `content` |
//! | `input`, texts | `requests`, one for each |
//! | `input`, token numbers | refused |
//! | `dimensions` | `outputDimensionality` |
//! | `encoding_format` `base64` | made here, of 32-bit floats |
//! | `user` | dropped |

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall};
use tollgate_domain::failure::{Failure, FailureClass};

use super::failure::{error_in, unreadable};
use super::wire::Usage;
use crate::protocol::Target;

#[derive(Deserialize)]
struct Asked {
    input: Value,
    dimensions: Option<i64>,
    encoding_format: Option<String>,
}

/// The method and body that ask `call` of the model at that path. Fails, naming the field, at
/// inputs that are no texts.
pub(super) fn request(
    call: &ChatCall,
    target: &Target<'_>,
    model: &str,
) -> Result<(&'static str, Bytes), Failure> {
    let asked = asked(call)?;
    let strip = &target.upstream.quirks.strip;
    let dimensions = asked.dimensions.filter(|_| !strip.iter().any(|name| name == "dimensions"));
    let one = |text: &Value| {
        let text = text.as_str().ok_or_else(|| {
            let told = "input: this provider takes texts, no token numbers";
            let mut failure = Failure::new(FailureClass::ClientFault, told);
            failure.param = Some("input".to_owned());
            failure
        })?;
        let content = json!({"parts": [{"text": text}]});
        let mut request = json!({"model": model, "content": content});
        if let Some(dimensions) = dimensions {
            request["outputDimensionality"] = json!(dimensions);
        }
        Ok(request)
    };
    let Some(list) = asked.input.as_array() else {
        return Ok(("embedContent", one(&asked.input)?.to_string().into()));
    };
    let requests: Vec<Value> = list.iter().map(one).collect::<Result<_, Failure>>()?;
    Ok(("batchEmbedContents", json!({"requests": requests}).to_string().into()))
}

fn asked(call: &ChatCall) -> Result<Asked, Failure> {
    serde_json::from_slice(&call.body).map_err(|_| {
        Failure::new(FailureClass::ClientFault, "the body is no request for embeddings")
    })
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Embeddings<'a> {
    #[serde(borrow)]
    embedding: Option<Embedding<'a>>,
    #[serde(borrow)]
    embeddings: Option<Vec<Embedding<'a>>>,
    usage_metadata: Option<Usage>,
}

#[derive(Deserialize)]
struct Embedding<'a> {
    #[serde(borrow)]
    values: &'a RawValue,
}

/// The answer to `call` in `body`. Numbers stay as they are written, unless base64 is asked for.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let not_read = || unreadable("the provider's embeddings cannot be read");
    let found: Embeddings<'_> = serde_json::from_slice(body).map_err(|_| not_read())?;
    let vectors = found.embedding.into_iter().chain(found.embeddings.into_iter().flatten());
    let asked = asked(call)?;
    let is_base64 = asked.encoding_format.as_deref() == Some("base64");
    let vectors = vectors.enumerate().map(|(index, vector)| {
        let vector = if is_base64 { base64_of(vector.values)? } else { plain(vector.values)? };
        Some(format!(r#"{{"object":"embedding","index":{index},"embedding":{vector}}}"#))
    });
    let vectors: Vec<String> = vectors.collect::<Option<_>>().ok_or_else(not_read)?;
    let inputs = asked.input.as_array().map_or(1, Vec::len);
    if vectors.len() != inputs {
        return Err(unreadable(
            "the provider sent another number of embeddings than was asked for",
        ));
    }
    let usage = found.usage_metadata.and_then(|usage| usage.buckets());
    let tokens = usage.map_or_else(
        // The caller gets our estimate; the record makes its own.
        || call.facts.prompt_token_estimate(),
        |usage| usage.whole_prompt(),
    );
    let model = Value::from(target.model_code);
    let usage_json = json!({"prompt_tokens": tokens, "total_tokens": tokens});
    let data = vectors.join(",");
    let text =
        format!(r#"{{"object":"list","data":[{data}],"model":{model},"usage":{usage_json}}}"#);
    Ok(Answer { body: text.into(), facts: AnswerFacts { usage, ..AnswerFacts::default() } })
}

fn plain(values: &RawValue) -> Option<String> {
    values.get().starts_with('[').then(|| values.get().to_owned())
}

fn base64_of(values: &RawValue) -> Option<String> {
    let numbers: Vec<f32> = serde_json::from_str(values.get()).ok()?;
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    Some(Value::from(STANDARD.encode(bytes)).to_string())
}
