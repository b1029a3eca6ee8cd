//! Gemini's protocol.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::support::{Got, KEY, Test, data_of};

fn url(test: &Test, path: &str) -> String {
    format!("http://{}/v1beta/models{path}", test.simulator.address())
}

async fn send(test: &Test, path: &str, body: &Value) -> Got {
    let request = test.client.post(url(test, path)).header("x-goog-api-key", KEY);
    let request = request.header("content-type", "application/json");
    Got::read(request.body(body.to_string()).send().await.unwrap()).await
}

fn question(fields: Value) -> Value {
    let mut body = json!({"contents": [{"role": "user", "parts": [{"text": "Hello?"}]}]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

fn tools() -> Value {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    json!([{"functionDeclarations": [{"name": "a", "parametersJsonSchema": schema}, {"name": "b"}]}])
}

/// The texts and names of calls in answers.
fn said(answers: &[Value]) -> (String, Vec<String>) {
    let parts = answers.iter().filter_map(|it| it["candidates"][0]["content"]["parts"].as_array());
    let parts: Vec<&Value> = parts.flatten().collect();
    let text = parts.iter().filter(|it| it["thought"] != true).filter_map(|it| it["text"].as_str());
    let calls = parts.iter().filter_map(|it| it["functionCall"]["name"].as_str());
    (text.collect(), calls.map(str::to_owned).collect())
}

#[tokio::test]
async fn a_stream_and_a_list_say_what_the_whole_answer_says() {
    let test = Test::start().await;
    for fields in [json!({}), json!({"tools": tools()})] {
        let body = question(fields);
        let whole = send(&test, "/g:generateContent", &body).await.json();
        let sse = send(&test, "/g:streamGenerateContent?alt=sse", &body).await;
        let list = send(&test, "/g:streamGenerateContent", &body).await.json();

        let events: Vec<Value> =
            data_of(&sse.body).iter().map(|data| serde_json::from_str(data).unwrap()).collect();
        let expected = said(&[whole]);
        assert_eq!(said(&events), expected);
        assert_eq!(said(list.as_array().unwrap()), expected);
        assert_eq!(events.last().unwrap()["candidates"][0]["finishReason"], "STOP");
        assert!(expected.0.contains("Hello?") || expected.1 == ["a", "b"]);
    }
}

#[tokio::test]
async fn thoughts_are_counted_outside_the_candidates() {
    let test = Test::behaving(Behaviour::fast().cached_tokens(2)).await;
    let body = question(json!({"generationConfig": {"thinkingConfig": {"includeThoughts": true}}}));

    let answer = send(&test, "/g:generateContent", &body).await.json();

    let count = |name: &str| answer["usageMetadata"][name].as_u64().unwrap();
    assert!(count("thoughtsTokenCount") > 0);
    assert_eq!(count("cachedContentTokenCount"), 2);
    let parts = count("promptTokenCount") + count("candidatesTokenCount");
    assert_eq!(parts + count("thoughtsTokenCount"), count("totalTokenCount"));
}

#[tokio::test]
async fn texts_have_embeddings_and_lists_have_pages() {
    let test = Test::start().await;
    let one = json!({"model": "models/e", "content": {"parts": [{"text": "a"}]}, "outputDimensionality": 4});
    let single = send(&test, "/e:embedContent", &one).await.json();
    let several =
        send(&test, "/e:batchEmbedContents", &json!({"requests": [one, one]})).await.json();
    assert_eq!(single["embedding"]["values"].as_array().unwrap().len(), 4);
    assert_eq!(several["embeddings"], json!([single["embedding"], single["embedding"]]));

    let request = test.client.get(url(&test, "?pageSize=1")).header("x-goog-api-key", KEY);
    let page = Got::read(request.send().await.unwrap()).await.json();
    assert_eq!(page["models"].as_array().unwrap().len(), 1);
    assert_eq!(page["nextPageToken"], "1");
}

#[tokio::test]
async fn wrong_requests_are_refused_and_faults_are_had() {
    let test = Test::start().await;
    for body in [json!({}), question(json!({"foo": 1})), json!({"contents": [{"role": "system"}]})]
    {
        let got = send(&test, "/g:generateContent", &body).await;
        assert_eq!((got.status, got.error()["status"].as_str()), (400, Some("INVALID_ARGUMENT")));
    }
    let got =
        Got::read(test.client.post(url(&test, "/g:generateContent")).send().await.unwrap()).await;
    assert_eq!(got.status, 403);

    let test = Test::behaving(Behaviour::failing(Fault::End(Place::Finish))).await;
    let cut = send(&test, "/g:streamGenerateContent?alt=sse", &question(json!({}))).await;
    assert!(!cut.body.contains("finishReason"));
}
