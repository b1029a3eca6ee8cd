//! Somebody who calls the server.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::documented;

/// Somebody who calls the server, with or without a token.
#[derive(Clone)]
pub(crate) struct Client {
    url: String,
    token: Option<String>,
    http: reqwest::Client,
    headers: Vec<(String, String)>,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Client {
    /// Nobody, calling the server at `url`.
    pub(crate) fn new(url: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test is no provider")]
        let http = reqwest::Client::new();
        Self { url: url.to_owned(), token: None, http, headers: Vec::new() }
    }

    /// The same with a token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same with a header on every request.
    pub(crate) fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The token it shows.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Somebody who signed in.
    pub(crate) async fn signed_in(&self, username: &str, password: &str) -> Self {
        let reply = self.login(username, password).await.expect(200);
        self.with_token(reply.data()["token"].as_str().unwrap())
    }

    /// The answer to a login.
    pub(crate) async fn login(&self, username: &str, password: &str) -> Reply {
        let body = json!({"username": username, "password": password});
        let nobody = Self { token: None, ..self.clone() };
        nobody.post("/api/auth/login", &body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends a request; `body` as JSON.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let request = self.request(method.clone(), path);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        let reply = Reply::of(request.send().await.unwrap()).await;
        documented::check(&method, path, reply.status);
        reply
    }

    /// A request that a test completes.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }
}

impl Reply {
    /// The whole of a response.
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    /// What comes first of a response that may not end.
    pub(crate) async fn beginning_of(mut response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let chunk = response.chunk().await.unwrap().unwrap_or_default();
        Self { status, headers, text: String::from_utf8_lossy(&chunk).into_owned() }
    }

    /// The same, whose status must be this.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// What stands under `data`.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        self.json()["data"].clone()
    }

    /// What stands under `message`.
    #[track_caller]
    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
