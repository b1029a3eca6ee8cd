//! Calls as they are recorded, watched by an operator.

use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;

use super::Planted;
use super::probe::Probe;
use crate::support::{Client, PATIENCE};

/// Where calls are watched.
pub(super) const PATH: &str = "/api/admin/ai-stats/logs/live";

/// Watches while calls are made, one of which fails, until both are told.
pub(crate) async fn watch(probe: &mut Probe, admin: &Client, planted: &Planted) {
    let mut watched = admin.request(Method::GET, PATH).send().await.unwrap();
    assert_eq!(watched.status(), 200);
    let mut text = format!("{:?}\n", watched.headers());
    for model in ["sim-chat", "sim-error-500"] {
        let asked = json!({"model": format!("openai/{model}"),
            "messages": [{"role": "user", "content": planted.prompt}]});
        let request = probe.post(admin, "/v1/chat/completions", &asked).await.request_id();
        let told = async {
            while !text.contains(&request) {
                let chunk = watched.chunk().await.unwrap().expect("it goes on");
                text.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        timeout(PATIENCE, told).await.unwrap_or_else(|_| panic!("{model} is not told"));
    }
    let name = format!("GET {PATH}");
    probe.keep(&name, &name, true, text);
}
