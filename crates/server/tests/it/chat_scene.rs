//! A server whose providers `openai` and `deepseek` are the simulator, and an app that calls it.

use std::ops::Deref;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Client, PATIENCE, Reply, TestApp, each_app};

/// The provider `openai`.
const OPENAI: &str = "/api/admin/ai-providers/1";
/// The provider `deepseek`.
const DEEPSEEK: &str = "/api/admin/ai-providers/3";

/// A running server with two providers that have a key.
pub(crate) struct Scene<'a>(&'a TestApp);

impl Deref for Scene<'_> {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        self.0
    }
}

/// Runs a test on a scene of its own over every database.
pub(crate) async fn each_scene(test: impl AsyncFn(Scene<'_>)) {
    each_app(async |app| {
        let scene = Scene(app);
        let change = json!({"baseUrl": scene.simulator.base_url(), "isActive": true});
        for (provider, key) in [(OPENAI, "sk-plain-openai"), (DEEPSEEK, "sk-plain-deepseek")] {
            scene.admin.put(provider, &change).await.expect(200);
            let key = json!({"keyName": key, "apiKey": key});
            scene.admin.post(&format!("{provider}/keys"), &key).await.expect(201);
        }
        test(scene).await;
    })
    .await;
}

/// The same with the providers `anthropic` and `gemini` at the simulator too; the keys of all are
/// called `plain-<code>`, apart from the first two, which are `sk-plain-<code>`.
pub(crate) async fn each_scene_of_all_protocols(test: impl AsyncFn(Scene<'_>)) {
    each_scene(async |scene: Scene<'_>| {
        // As people paste it: without a version, which each protocol has its own of.
        let base = scene.simulator.base_url().trim_end_matches("/v1").to_owned();
        for code in ["anthropic", "gemini"] {
            let path = format!("/api/admin/ai-providers/{}", scene.admin.provider(code).await);
            scene.admin.put(&path, &json!({"baseUrl": base})).await.expect(200);
            scene.admin.add_key(code, &format!("plain-{code}")).await;
        }
        test(scene).await;
    })
    .await;
}

/// One message of a user.
pub(crate) fn user(text: &str) -> Value {
    json!([{"role": "user", "content": text}])
}

/// The status and the error's type, in our envelope.
pub(crate) fn error_of(reply: &Reply) -> (u16, String) {
    let json = reply.json();
    assert_eq!(json["code"], reply.status, "{}", reply.text);
    (reply.status, json["error"]["type"].as_str().unwrap_or_default().to_owned())
}

impl Scene<'_> {
    /// Changes the provider `openai`.
    pub(crate) async fn set_provider(&self, change: Value) {
        self.admin.put(OPENAI, &change).await.expect(200);
    }

    /// Adds a key to the provider `openai`; the higher its priority, the earlier it is used.
    pub(crate) async fn add_key(&self, key: &str, priority: i64) {
        let body = json!({"keyName": key, "apiKey": key, "priority": priority});
        self.admin.post(&format!("{OPENAI}/keys"), &body).await.expect(201);
    }

    /// Forgets what went wrong with the keys of the provider `openai`.
    pub(crate) async fn reset_keys(&self) {
        let keys = self.admin.get(&format!("{OPENAI}/keys")).await.expect(200).data();
        for key in keys.as_array().unwrap() {
            let path = format!("/api/admin/ai-providers/keys/{}/reset", key["id"]);
            self.admin.send(Method::POST, &path, None).await.expect(200);
        }
    }

    /// Posts a body of any kind as an app.
    pub(crate) async fn sends(&self, path: &str, kind: &str, body: &str) -> Reply {
        let request = self.app_user.request(Method::POST, path);
        let request = request.header("content-type", kind).body(body.to_owned());
        Reply::of(request.send().await.unwrap()).await
    }

    /// Posts as an app, and returns when the head of the answer is there.
    pub(crate) async fn opens(&self, path: &str, body: &Value) -> Response {
        let request = self.app_user.request(Method::POST, path);
        let request = request.header("content-type", "application/json").body(body.to_string());
        request.send().await.unwrap()
    }

    /// Posts as an app, and reads the events of the answer to their end.
    pub(crate) async fn streams(&self, path: &str, body: &Value) -> Sse {
        Sse::of(Reply::of(self.opens(path, body).await).await)
    }

    /// The record of the call that `reply` answers, as the list of logs shows it.
    pub(crate) async fn log_of(&self, reply: &Reply) -> Value {
        let id = reply.header("x-request-id").unwrap();
        self.first_log(&format!("requestId={id}")).await
    }

    /// The newest record that `query` finds, once there is one.
    pub(crate) async fn first_log(&self, query: &str) -> Value {
        let found = async {
            loop {
                self.app.engine.flush().await;
                let path = format!("/api/admin/ai-stats/logs?{query}");
                if let Some(log) = self.analyst.get(&path).await.data()["logs"].get(0) {
                    return log.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("the call is on record")
    }

    /// The call that `reply` answers, with all its attempts.
    pub(crate) async fn call_of(&self, reply: &Reply) -> Value {
        self.call_of_id(&Value::from(reply.header("x-request-id").unwrap())).await
    }

    /// The call with this id, with all its attempts.
    pub(crate) async fn call_of_id(&self, id: &Value) -> Value {
        self.app.engine.flush().await;
        let path = format!("/api/admin/ai-stats/logs/{}", id.as_str().unwrap());
        self.analyst.get(&path).await.expect(200).data()
    }

    /// A caller with an app token made from `body`.
    pub(crate) async fn app_with(&self, body: Value) -> Client {
        self.app_token(&body).await
    }
}

/// A stream of events, read to its end.
pub(crate) struct Sse {
    pub(crate) reply: Reply,
    /// Each event's name.
    pub(crate) names: Vec<Option<String>>,
    /// Each event's data.
    pub(crate) data: Vec<String>,
}

impl Sse {
    fn of(reply: Reply) -> Self {
        let mut sse = Self { reply, names: Vec::new(), data: Vec::new() };
        for event in sse.reply.text.split("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            if let Some(data) = field("data: ") {
                sse.names.push(field("event: ").map(str::to_owned));
                sse.data.push(data.to_owned());
            }
        }
        sse
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.reply.header(name)
    }

    /// Whether it ends as a complete answer does.
    pub(crate) fn is_done(&self) -> bool {
        self.data.last().is_some_and(|data| data == "[DONE]")
    }

    /// Each event's data as JSON, without `[DONE]`.
    pub(crate) fn events(&self) -> Vec<Value> {
        let data = self.data.iter().filter(|data| *data != "[DONE]");
        data.map(|data| serde_json::from_str(data).unwrap()).collect()
    }

    /// The last event, which has a name.
    pub(crate) fn last_named(&self) -> (String, Value) {
        let name = self.names.last().unwrap().clone().expect("the last event has a name");
        (name, serde_json::from_str(self.data.last().unwrap()).unwrap())
    }
}
