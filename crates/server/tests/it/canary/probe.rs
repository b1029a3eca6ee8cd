//! Sends requests, keeps everything that comes back, and knows which routes were seen.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::live;
use crate::support::canaries::Canaries;
use crate::support::{Client, Reply};

/// Routes that answer everybody alike.
const NEVER_FAIL: [&str; 5] = [
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /api/openapi.json",
    "GET /api/docs",
];

/// What is sent.
pub(crate) enum Body<'a> {
    Nothing,
    Json(&'a Value),
    Text { content_type: &'a str, text: &'a str },
}

/// One operation of the OpenAPI document.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Names of its query parameters.
    pub(crate) query: Vec<String>,
    /// The schema of its body.
    pub(crate) body: Option<Value>,
}

impl Operation {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn is_at(&self, method: &Method, path: &str) -> bool {
        let (ours, theirs): (Vec<_>, Vec<_>) =
            (self.path.split('/').collect(), path.split('/').collect());
        self.method == *method
            && ours.len() == theirs.len()
            && ours.iter().zip(theirs).all(|(our, their)| our.starts_with('{') || *our == their)
    }
}

/// Sends requests, and keeps what comes back.
pub(crate) struct Probe {
    /// What must not come back.
    pub(crate) canaries: Canaries,
    /// The document's operations, those without a parameter in their path first.
    pub(crate) operations: Vec<Operation>,
    document: Value,
    kept: Vec<(String, String)>,
    succeeded: BTreeSet<String>,
    failed: BTreeSet<String>,
}

impl Probe {
    /// One that knows the routes of the server that `client` calls.
    pub(crate) async fn new(client: &Client, canaries: Canaries) -> Self {
        let document = client.get("/api/openapi.json").await.expect(200).json();
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let query = parameters.iter().filter(|parameter| parameter["in"] == "query");
                operations.push(Operation {
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    query: query.map(|it| it["name"].as_str().unwrap().to_owned()).collect(),
                    body: operation
                        .pointer("/requestBody/content/application~1json/schema")
                        .cloned(),
                });
            }
        }
        operations.sort_by_key(|operation| operation.path.matches('{').count());
        Self {
            canaries,
            operations,
            document,
            kept: Vec::new(),
            succeeded: BTreeSet::new(),
            failed: BTreeSet::new(),
        }
    }

    /// Sends a request and keeps what comes back.
    pub(crate) async fn send(
        &mut self,
        client: &Client,
        method: Method,
        path: &str,
        body: Body<'_>,
    ) -> Reply {
        let request = client.request(method.clone(), path);
        let request = match body {
            Body::Nothing => request,
            Body::Json(body) => {
                request.header("content-type", "application/json").body(body.to_string())
            }
            Body::Text { content_type, text } => {
                request.header("content-type", content_type).body(text.to_owned())
            }
        };
        let bare = path.split('?').next().unwrap();
        let response = request.send().await.unwrap();
        let reply = match bare {
            live::PATH => Reply::beginning_of(response).await,
            _ => Reply::of(response).await,
        };
        let operation = self.operations.iter().find(|operation| operation.is_at(&method, bare));
        let name = operation.map_or_else(|| format!("{method} (no route)"), Operation::name);
        // A stream has gone well only if it ends as one.
        let is_stream = reply.header("content-type").is_some_and(|it| it.contains("event-stream"));
        let is_good = reply.status < 300 && !(is_stream && reply.text.contains("\"error\":{"));
        let label = format!("{name} -> {}", reply.status);
        let text = format!("{:?}\n{}", reply.headers, reply.text);
        self.keep(&name, &label, is_good, text);
        reply
    }

    /// Keeps what came back from a route.
    pub(crate) fn keep(&mut self, route: &str, label: &str, is_good: bool, text: String) {
        if is_good { &mut self.succeeded } else { &mut self.failed }.insert(route.to_owned());
        self.kept.push((label.to_owned(), text));
    }

    pub(crate) async fn get(&mut self, client: &Client, path: &str) -> Reply {
        self.send(client, Method::GET, path, Body::Nothing).await
    }

    pub(crate) async fn delete(&mut self, client: &Client, path: &str) -> Reply {
        self.send(client, Method::DELETE, path, Body::Nothing).await
    }

    pub(crate) async fn post(&mut self, client: &Client, path: &str, body: &Value) -> Reply {
        self.send(client, Method::POST, path, Body::Json(body)).await
    }

    pub(crate) async fn put(&mut self, client: &Client, path: &str, body: &Value) -> Reply {
        self.send(client, Method::PUT, path, Body::Json(body)).await
    }

    /// Takes the secret that the last answer had to tell, once, out of what was kept; from now on
    /// it must not be found.
    pub(crate) fn told(&mut self, name: &str, pointer: &str) -> String {
        let (label, text) = self.kept.last_mut().unwrap();
        let json: Value = serde_json::from_str(text.split_once('\n').unwrap().1).unwrap();
        let secret = json.pointer(pointer).and_then(Value::as_str);
        let secret = secret.unwrap_or_else(|| panic!("{label} has no {pointer}")).to_owned();
        *text = text.replacen(&secret, "(told)", 1);
        self.canaries.plant(name, &secret);
        secret
    }

    /// A schema with its reference followed.
    pub(crate) fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                self.document.pointer(reference.trim_start_matches('#')).expect("it is defined")
            }
            None => schema,
        }
    }

    /// What answers hold that they must not, once for each route and status.
    pub(crate) fn leaks(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let leaks = self.kept.iter().flat_map(|(label, text)| {
            self.canaries.leaks(label, text).into_iter().map(move |leak| (label, leak))
        });
        leaks.filter(|(label, _)| seen.insert(*label)).map(|(_, leak)| leak).collect()
    }

    /// Fails where a route has not both succeeded and failed.
    pub(crate) fn assert_all_routes_were_seen(&self) {
        let names: BTreeSet<String> = self.operations.iter().map(Operation::name).collect();
        let may_fail = names.iter().filter(|name| !NEVER_FAIL.contains(&name.as_str()));
        let unseen: Vec<&String> = names.difference(&self.succeeded).collect();
        let unfailed: Vec<&String> = may_fail.filter(|name| !self.failed.contains(*name)).collect();
        assert!(unseen.is_empty(), "add to canary/course.rs what makes these succeed: {unseen:?}");
        assert!(unfailed.is_empty(), "these were never seen to fail: {unfailed:?}");
    }
}
