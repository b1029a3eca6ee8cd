//! What operators and their apps do most, by the codes of providers.

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_simulator::Simulator;

use super::client::{Client, Reply};

impl Client {
    /// The same caller at another instance.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self::new(url).with_token(self.token())
    }

    /// The id of the provider with that code.
    pub(crate) async fn provider(&self, code: &str) -> i64 {
        let providers = self.get("/api/admin/ai-providers").await.expect(200).data();
        let found = providers.as_array().unwrap().iter().find(|it| it["providerCode"] == code);
        found.unwrap_or_else(|| panic!("no provider {code}"))["id"].as_i64().unwrap()
    }

    /// Sends the provider's calls to the simulator.
    pub(crate) async fn simulate(&self, code: &str, simulator: &Simulator) {
        let path = format!("/api/admin/ai-providers/{}", self.provider(code).await);
        let body = json!({"baseUrl": simulator.base_url(), "isActive": true});
        self.put(&path, &body).await.expect(200);
    }

    /// Adds a key and returns its id.
    pub(crate) async fn add_key(&self, code: &str, key: &str) -> i64 {
        let path = format!("/api/admin/ai-providers/{}/keys", self.provider(code).await);
        let body = json!({"keyName": format!("{code} key"), "apiKey": key});
        self.post(&path, &body).await.expect(201).data()["id"].as_i64().unwrap()
    }

    /// The provider's keys, as the API lists them.
    pub(crate) async fn keys(&self, code: &str) -> Vec<Value> {
        let path = format!("/api/admin/ai-providers/{}/keys", self.provider(code).await);
        self.get(&path).await.expect(200).data().as_array().unwrap().clone()
    }

    /// Asks a model of a provider something.
    pub(crate) async fn chat(&self, provider: &str, model: &str) -> Reply {
        self.post("/v1/chat/completions", &question(&format!("{provider}/{model}"))).await
    }

    /// Opens a stream without reading it.
    pub(crate) async fn open_stream(&self, provider: &str, model: &str) -> reqwest::Response {
        let mut body = question(&format!("{provider}/{model}"));
        body["stream"] = true.into();
        let request = self.request(Method::POST, "/v1/chat/completions");
        let request = request.header("content-type", "application/json").body(body.to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        response
    }
}

/// A question in OpenAI's words.
pub(crate) fn question(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "What is it?"}]})
}

impl Reply {
    /// The status, and the error's type in the envelope.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, String) {
        let kind = self.json()["error"]["type"].as_str().unwrap_or_default().to_owned();
        (self.status, kind)
    }

    /// The request's id.
    #[track_caller]
    pub(crate) fn request_id(&self) -> String {
        self.header("x-request-id").unwrap().to_owned()
    }
}
