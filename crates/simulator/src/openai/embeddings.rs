//! `POST /embeddings`: vectors which depend on the text alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::error::Refusal;
use super::validate::{check_fields, integer_between};
use super::{body_and_model, validate};
use crate::reply::Reply;
use crate::server::Asked;
use crate::tokens;

const MOST_INPUTS: usize = 2048;
const DIMENSIONS: u64 = 1536;
const LARGE_DIMENSIONS: u64 = 3072;

pub(super) fn answer(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let (body, model) = body_and_model(asked)?;
    check_fields(&body, &validate::EMBEDDING_FIELDS, asked.config.fields)?;
    let inputs = inputs(&body)?;
    let usual = if model.contains("large") { LARGE_DIMENSIONS } else { DIMENSIONS };
    let dimensions = integer_between(&body, "dimensions", 1, LARGE_DIMENSIONS)?.unwrap_or(usual);
    let as_base64 = match body.get("encoding_format") {
        None | Some(Value::Null) => false,
        Some(format) => match format.as_str() {
            Some("float") => false,
            Some("base64") => true,
            _ => return Err(Refusal::invalid("encoding_format", "expected 'float' or 'base64'")),
        },
    };
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .map(|(index, input)| {
            let vector = vector(&input.text, dimensions as usize);
            let embedding = if as_base64 { json!(base64_of(&vector)) } else { json!(vector) };
            json!({"object": "embedding", "index": index, "embedding": embedding})
        })
        .collect();
    let tokens: u64 = inputs.iter().map(|input| input.tokens).sum();
    let usage = json!({"prompt_tokens": tokens, "total_tokens": tokens});
    Ok(Reply::ok(&json!({"object": "list", "data": data, "model": model, "usage": usage})))
}

struct Input {
    text: String,
    tokens: u64,
}

/// The inputs: a string, strings, token numbers, or lists of token numbers.
fn inputs(body: &Value) -> Result<Vec<Input>, Refusal> {
    let wrong = || Refusal::invalid("input", "expected a string, an array of strings or of tokens");
    let inputs = match body.get("input") {
        None | Some(Value::Null) => return Err(Refusal::missing("input")),
        Some(Value::String(_)) => body.get("input").and_then(input).map(|input| vec![input]),
        Some(Value::Array(items)) if items.len() > MOST_INPUTS && !items[0].is_u64() => {
            return Err(Refusal::invalid("input", "an array has at most 2048 entries"));
        }
        Some(Value::Array(items)) if items.first().is_some_and(Value::is_u64) => {
            body.get("input").and_then(input).map(|input| vec![input])
        }
        Some(Value::Array(items)) if !items.is_empty() => items.iter().map(input).collect(),
        Some(_) => None,
    };
    inputs.ok_or_else(wrong)
}

fn input(value: &Value) -> Option<Input> {
    match value {
        Value::String(text) if !text.is_empty() => {
            Some(Input { text: text.clone(), tokens: tokens::count(text) })
        }
        Value::Array(numbers) if !numbers.is_empty() && numbers.iter().all(Value::is_u64) => {
            Some(Input { text: value.to_string(), tokens: numbers.len() as u64 })
        }
        _ => None,
    }
}

/// A vector of length 1 whose direction a hash of the text decides.
pub(crate) fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    // FNV-1a, then xorshift: the same on every machine.
    let mut state = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let raw: Vec<f32> = (0..dimensions).map(|_| next()).collect();
    let length = raw.iter().map(|it| it * it).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    raw.iter().map(|it| it / length).collect()
}

fn base64_of(vector: &[f32]) -> String {
    let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_has_length_one_and_depends_on_the_text() {
        let vector_of = |text| vector(text, 64);
        let length: f32 = vector_of("alpha").iter().map(|it| it * it).sum();
        assert!((length - 1.0).abs() < 1e-4);
        assert_eq!(vector_of("alpha"), vector_of("alpha"));
        assert_ne!(vector_of("alpha"), vector_of("beta"));
    }
}
