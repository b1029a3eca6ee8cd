//! The protocol through the client and real HTTP.

use tollgate_domain::failure::FailureClass;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::Upstream;

use crate::http::{answering, client, listen, whole};
use crate::support::{fixture, json_of};

/// A server that answers everything with a recorded body, until its guard is dropped.
async fn recorded(name: &str, status: &str, kind: &str) -> (impl Drop + use<>, Upstream) {
    let body = String::from_utf8(fixture(&format!("gemini/{name}")).to_vec()).unwrap();
    let reply =
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n{body}");
    let (server, mut upstream, _) = answering(String::leak(reply)).await;
    upstream.protocol = ProtocolKind::Gemini;
    (server, upstream)
}

#[tokio::test]
async fn answers_and_streams_arrive_whole() {
    let (_server, upstream) = recorded("generate.json", "200 OK", "application/json").await;
    let answer = json_of(&whole(&upstream).await.unwrap().body);
    let paris = "The capital of France is Paris.";
    assert_eq!(answer["choices"][0]["message"]["content"], paris);

    for (name, kind) in
        [("stream.sse", "text/event-stream"), ("stream.array.json", "application/json")]
    {
        let (_server, upstream) = recorded(name, "200 OK", kind).await;
        assert_eq!(listen(&upstream).await, (paris.to_owned(), None), "{name}");
    }
}

#[tokio::test]
async fn a_key_is_validated_by_the_list_of_models() {
    let (_server, upstream) = recorded("models.json", "200 OK", "application/json").await;
    assert_eq!(client().validate(&upstream).await, Ok(()));

    let (_server, upstream) =
        recorded("error.400.api_key.json", "400 Bad Request", "application/json").await;
    let failure = client().validate(&upstream).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::KeyRefused);
    assert_eq!(failure.code.as_deref(), Some("API_KEY_INVALID"));
    assert_eq!(failure.http_status, Some(400));
}
