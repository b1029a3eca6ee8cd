//! Calls as they are recorded.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::{Client, PATIENCE};

const LIVE: &str = "/api/admin/ai-stats/logs/live";
const CHAT: &str = "/api/ai/chat/completions";

/// A stream that is being read.
struct Live {
    response: Response,
    text: String,
}

impl Live {
    /// Watches, from now on.
    async fn watch(client: &Client, query: &str) -> Self {
        let response =
            client.request(Method::GET, &format!("{LIVE}?{query}")).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let content_type = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(content_type, "text/event-stream; charset=utf-8");
        let mut live = Self { response, text: String::new() };
        while !live.text.contains(": keep-alive\n\n") {
            live.read().await.expect("it begins with a comment");
        }
        live
    }

    async fn read(&mut self) -> Option<()> {
        let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("something comes");
        self.text.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        Some(())
    }

    /// The next call.
    async fn call(&mut self) -> Value {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(data) = event.strip_prefix("data: ") {
                    return serde_json::from_str(data).unwrap();
                }
                continue;
            }
            self.read().await.expect("another call");
        }
    }

    /// Waits for its end.
    async fn end(mut self) {
        while self.read().await.is_some() {}
    }
}

async fn ask(scene: &Scene<'_>, model: &str) -> String {
    let reply = scene.app_user.post(CHAT, &json!({"model": model, "messages": user("Hi")})).await;
    reply.header("x-request-id").unwrap().to_owned()
}

#[tokio::test]
async fn who_watches_hears_of_each_call_as_the_list_shows_it() {
    each_scene(async |scene: Scene<'_>| {
        ask(&scene, "gpt-4o").await;
        let mut live = Live::watch(&scene.analyst, "").await;
        let mut failures = Live::watch(&scene.admin, "status=error&providerId=1").await;
        let mut of_model = Live::watch(&scene.analyst, "model=sim-chat").await;
        let mut without_price = Live::watch(&scene.analyst, "unpriced=true").await;
        let mut of_code = Live::watch(&scene.analyst, "errorCode=context_too_long").await;
        let asked = "requestedModel=openai%2Fsim-chat&keyId=1&status=success";
        let mut of_name = Live::watch(&scene.analyst, asked).await;

        let answered = ask(&scene, "gpt-4o").await;
        let failed = ask(&scene, "openai/sim-error-400-context").await;
        let unpriced = ask(&scene, "openai/sim-chat").await;

        let first = live.call().await;
        assert_eq!(first["requestId"], answered.as_str(), "nothing of before it");
        let listed = scene.first_log(&format!("requestId={answered}")).await;
        assert_eq!(first, listed);
        assert_eq!(live.call().await["requestId"], failed.as_str());
        assert_eq!(live.call().await["requestId"], unpriced.as_str());
        assert_eq!(failures.call().await["requestId"], failed.as_str());
        assert_eq!(of_model.call().await["requestId"], unpriced.as_str());
        assert_eq!(without_price.call().await["requestId"], unpriced.as_str());
        assert_eq!(of_code.call().await["requestId"], failed.as_str());
        assert_eq!(of_name.call().await["requestId"], unpriced.as_str());
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_the_session_and_with_the_server() {
    each_scene(async |scene: Scene<'_>| {
        let revoked = scene.anonymous.signed_in("analyst", crate::support::PASSWORD).await;
        let mut live = Live::watch(&revoked, "").await;
        let other = Live::watch(&scene.analyst, "").await;

        ask(&scene, "gpt-4o").await;
        live.call().await;
        revoked.send(Method::POST, "/api/auth/logout", None).await.expect(200);
        live.end().await;

        scene.app.live.end();
        other.end().await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_when_its_token_does() {
    each_scene(async |scene: Scene<'_>| {
        let live = Live::watch(&scene.analyst, "").await;

        scene.clock.advance(Duration::from_secs(30 * 86_400));

        live.end().await;
    })
    .await;
}

#[tokio::test]
async fn as_many_may_watch_as_there_are_places() {
    each_scene(async |scene: Scene<'_>| {
        let mut watching = Vec::new();
        for _ in 0..64 {
            watching.push(Live::watch(&scene.analyst, "").await);
        }

        let refused = scene.analyst.get(LIVE).await;

        assert_eq!(error_of(&refused), (429, "rate_limited".to_owned()));
        assert!(refused.header("retry-after").is_some());
        let wrong = scene.analyst.get(&format!("{LIVE}?status=odd")).await;
        assert_eq!(error_of(&wrong), (422, "validation_failed".to_owned()));
    })
    .await;
}
