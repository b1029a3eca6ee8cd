//! A client for the simulator, and a reader of what it says.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Simulator, SimulatorConfig};

/// The key calls are made with unless they say otherwise.
pub(crate) const KEY: &str = "sk-test";

/// A simulator and a client of it.
pub(crate) struct Test {
    pub(crate) simulator: Simulator,
    pub(crate) client: reqwest::Client,
}

/// What came back, body read whole.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Test {
    pub(crate) async fn start() -> Self {
        Self::with(SimulatorConfig::default()).await
    }

    pub(crate) async fn with(config: SimulatorConfig) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        Self { simulator, client: client() }
    }

    /// A simulator whose calls with [`KEY`] behave so.
    pub(crate) async fn behaving(behaviour: Behaviour) -> Self {
        let test = Self::start().await;
        test.simulator.set_behaviour(KEY, behaviour);
        test
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    pub(crate) fn request(&self, key: &str, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let request = self.client.post(self.url(path)).bearer_auth(key);
        request.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Got {
        Got::read(self.request(KEY, path, body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Got {
        let request = self.client.get(self.url(path)).bearer_auth(key);
        Got::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn chat(&self, body: &Value) -> Got {
        self.post("/chat/completions", body).await
    }

    /// Asks a question as a stream, with usage.
    pub(crate) async fn stream(&self) -> Got {
        self.chat(&stream_request()).await
    }

    /// Opens a stream without reading it.
    pub(crate) async fn open_stream(&self) -> reqwest::Response {
        self.request(KEY, "/chat/completions", &stream_request()).send().await.unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "this crate does not know the gateway's client")]
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::new()
}

/// A request for a whole answer to one question.
pub(crate) fn question(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "What is the capital of France?"}]})
}

/// The same as a stream, with usage.
pub(crate) fn stream_request() -> Value {
    let mut body = question("sim-chat");
    body["stream"] = true.into();
    body["stream_options"] = json!({"include_usage": true});
    body
}

impl Got {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn error(&self) -> Value {
        self.json()["error"].clone()
    }

    /// The data of all events of a stream.
    pub(crate) fn data(&self) -> Vec<String> {
        data_of(&self.body)
    }

    /// The JSON of all events of a stream which ends in `[DONE]`.
    pub(crate) fn chunks(&self) -> Vec<Value> {
        let mut data = self.data();
        assert_eq!(data.pop().as_deref(), Some("[DONE]"));
        data.iter().map(|data| serde_json::from_str(data).unwrap()).collect()
    }
}

/// The data of all events in a text, its lines ending in LF, CRLF or CR.
pub(crate) fn data_of(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{FEFF}');
    let lines = text.split(['\r', '\n']);
    lines.filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()
}

/// The content of chunks, joined.
pub(crate) fn content_of(chunks: &[Value]) -> String {
    let deltas = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    deltas.collect()
}

/// What arrives of a response until it breaks off, and whether it did.
pub(crate) async fn read_until_broken(mut response: reqwest::Response) -> (String, bool) {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (String::from_utf8(bytes).unwrap(), false),
            Err(_) => return (String::from_utf8(bytes).unwrap(), true),
        }
    }
}

/// Reads a response until its text contains a mark.
pub(crate) async fn read_until(response: &mut reqwest::Response, mark: &str) -> String {
    let mut text = String::new();
    while !text.contains(mark) {
        let chunk = response.chunk().await.unwrap().expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text
}
