//! Embeddings of one text and of several.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::failure::FailureClass;
use tollgate_providers::openai;

use super::gemini;
use crate::schema::assert_valid;
use crate::support::{call_of, fixture, json_of, target, upstream};

fn call(fields: Value) -> ChatCall {
    let mut body = json!({"model": "m"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let body = Bytes::from(body.to_string());
    let facts = openai::read_embeddings(&body).unwrap();
    call_of(Endpoint::Embeddings, body, facts)
}

fn answer(call: &ChatCall, body: impl Into<Bytes>) -> Result<Value, FailureClass> {
    let upstream = upstream("http://h", json!({}));
    let answer = gemini().answer(call, &target(&upstream, "embed"), &body.into());
    let body = json_of(&answer.map_err(|failure| failure.class)?.body);
    // OpenAI's document knows lists alone.
    if !json_of(&call.body)["encoding_format"].is_string() {
        assert_valid("CreateEmbeddingResponse", &body);
    }
    Ok(body)
}

#[test]
fn one_text_and_several_are_asked_for_by_methods_of_their_own() {
    let upstream = upstream("http://h", json!({}));
    let request = |call: &ChatCall| {
        let request = gemini().request(call, &target(&upstream, "embed")).unwrap();
        (request.url.path().to_owned(), json_of(&request.body))
    };
    let one = |text: &str| json!({"model": "models/embed", "content": {"parts": [{"text": text}]}});

    let (path, body) = request(&call(json!({"input": "a", "user": "u"})));
    assert_eq!((path.as_str(), body), ("/v1beta/models/embed:embedContent", one("a")));

    let (path, body) = request(&call(json!({"input": ["a", "b"], "dimensions": 8})));
    let sized = |text| {
        let mut request = one(text);
        request["outputDimensionality"] = json!(8);
        request
    };
    let expected = json!({"requests": [sized("a"), sized("b")]});
    assert_eq!((path.as_str(), body), ("/v1beta/models/embed:batchEmbedContents", expected));
}

#[test]
fn recorded_embeddings_become_openais() {
    let single = answer(&call(json!({"input": "abcdefgh"})), fixture("gemini/embed.json")).unwrap();
    assert_eq!(single["data"][0]["embedding"], json!([0.013, -0.008, 0.021]));
    assert_eq!(single["usage"], json!({"prompt_tokens": 2, "total_tokens": 2}));
    assert_eq!(single["model"], "embed");

    let two = call(json!({"input": ["a", "b"], "encoding_format": "base64"}));
    let two = answer(&two, fixture("gemini/batch_embed.json")).unwrap();
    // 0.002 and 0.044 as 32-bit floats, little end first.
    assert_eq!(two["data"][1]["embedding"], "bxIDO1g5ND0=");
    assert_eq!(two["data"][1]["index"], 1);
}

#[test]
fn what_cannot_be_embedded_or_read_is_told() {
    let upstream = upstream("http://h", json!({}));
    let tokens = call(json!({"input": [[1, 2], [3]]}));
    let failure = gemini().request(&tokens, &target(&upstream, "m")).unwrap_err();
    assert_eq!(
        (failure.class, failure.param.as_deref()),
        (FailureClass::ClientFault, Some("input"))
    );

    let two = call(json!({"input": ["a", "b"]}));
    for body in ["{}", "<html>", r#"{"embedding":{"values":[1]}}"#, r#"{"embeddings":[{},{}]}"#] {
        assert_eq!(answer(&two, body), Err(FailureClass::Transient), "{body}");
    }
    assert_eq!(answer(&two, fixture("gemini/error.503.json")), Err(FailureClass::Overloaded));
}
