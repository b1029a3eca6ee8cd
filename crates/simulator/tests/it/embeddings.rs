//! Embeddings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::Test;

fn floats(embedding: &Value) -> Vec<f32> {
    embedding.as_array().unwrap().iter().map(|it| it.as_f64().unwrap() as f32).collect()
}

#[tokio::test]
async fn each_text_gets_its_vector() {
    let test = Test::start().await;
    let body = json!({"model": "sim-embed", "input": ["alpha", "beta"], "dimensions": 8});

    let answer = test.post("/embeddings", &body).await.json();

    assert_eq!(answer["object"], "list");
    assert_eq!(answer["data"][1]["index"], 1);
    let vectors: Vec<_> = (0..2).map(|index| floats(&answer["data"][index]["embedding"])).collect();
    assert_eq!(vectors[0].len(), 8);
    assert_ne!(vectors[0], vectors[1]);
    assert_eq!(answer["usage"], json!({"prompt_tokens": 2, "total_tokens": 2}));
}

#[tokio::test]
async fn base64_has_the_same_numbers_as_floats() {
    let test = Test::start().await;
    let mut body = json!({"model": "sim-embed", "input": "alpha", "dimensions": 4});
    let plain = test.post("/embeddings", &body).await.json();
    body["encoding_format"] = "base64".into();

    let encoded = test.post("/embeddings", &body).await.json();

    let bytes = STANDARD.decode(encoded["data"][0]["embedding"].as_str().unwrap()).unwrap();
    let decoded: Vec<f32> =
        bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    assert_eq!(decoded, floats(&plain["data"][0]["embedding"]));
}

#[tokio::test]
async fn token_numbers_are_inputs_too() {
    let test = Test::start().await;
    for (input, count, tokens) in
        [(json!([1, 2, 3]), 1, 3), (json!([[1, 2], [3]]), 2, 3), (json!("one two"), 1, 2)]
    {
        let body = json!({"model": "sim-embed", "input": input, "dimensions": 2});
        let answer = test.post("/embeddings", &body).await.json();
        assert_eq!(answer["data"].as_array().unwrap().len(), count, "{input}");
        assert_eq!(answer["usage"]["total_tokens"], tokens, "{input}");
    }
}

#[tokio::test]
async fn vectors_have_as_many_numbers_as_the_real_models() {
    let test = Test::start().await;
    for (model, length) in [("text-embedding-3-small", 1536), ("text-embedding-3-large", 3072)] {
        let body = json!({"model": model, "input": "alpha"});
        let answer = test.post("/embeddings", &body).await.json();
        assert_eq!(floats(&answer["data"][0]["embedding"]).len(), length);
    }
}

#[tokio::test]
async fn wrong_inputs_are_refused() {
    let test = Test::start().await;
    for (field, value) in [
        ("input", json!("")),
        ("input", json!([])),
        ("input", json!(["a", 1])),
        ("input", json!(vec!["a"; 2049])),
        ("input", Value::Null),
        ("encoding_format", json!("hex")),
        ("dimensions", json!(0)),
        ("speed", json!("fast")),
    ] {
        let mut body = json!({"model": "sim-embed", "input": "alpha"});
        body[field] = value.clone();
        let got = test.post("/embeddings", &body).await;
        assert_eq!(got.status, 400, "{field}: {value}");
        assert_eq!(got.error()["param"], field, "{value}");
    }
}
