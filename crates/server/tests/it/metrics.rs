//! Prometheus metrics.

use reqwest::Method;
use serde_json::json;
use tollgate_store::testing::TestDatabase;

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::{Client, TestApp, environment};

const CHAT: &str = "/api/ai/chat/completions";

#[tokio::test]
async fn what_happened_is_counted_under_the_kept_names() {
    each_scene(async |scene: Scene<'_>| {
        let ask = |model: &str| json!({"model": model, "messages": user("Hi")});
        let answered = scene.app_user.post(CHAT, &ask("gpt-4o")).await;
        scene.set_provider(json!({"maxRetries": 0})).await;
        scene.app_user.post(CHAT, &ask("openai/sim-error-500")).await;
        scene.app_user.get("/v1/models/openai/secret-looking-name").await;
        scene.app_user.get("/no/such/path?with=input").await;

        let metrics = scene.anonymous.get("/metrics").await;

        assert_eq!(metrics.status, 200);
        let usage = &answered.data()["usage"];
        let tokens = |kind: &str, name: &str| {
            let count = usage[name].as_i64().unwrap();
            format!(
                "aiproxy_provider_tokens_used_total{{kind=\"{kind}\",provider=\"openai\"}} {count}"
            )
        };
        let lines = [
            format!(
                "aiproxy_http_requests_total{{method=\"POST\",route=\"{CHAT}\",status=\"200\"}} 1"
            ),
            format!(
                "aiproxy_http_requests_total{{method=\"POST\",route=\"{CHAT}\",status=\"502\"}} 1"
            ),
            format!(
                "aiproxy_http_request_duration_seconds_count{{method=\"POST\",route=\"{CHAT}\"}} 2"
            ),
            "aiproxy_http_active_requests 1".to_owned(),
            "aiproxy_provider_requests_total{provider=\"openai\",status=\"success\"} 1".to_owned(),
            "aiproxy_provider_requests_total{provider=\"openai\",status=\"error\"} 1".to_owned(),
            "aiproxy_provider_errors_total{class=\"transient\",provider=\"openai\"} 1".to_owned(),
            tokens("prompt", "promptTokens"),
            tokens("completion", "completionTokens"),
        ];
        for line in lines {
            assert!(metrics.text.contains(&line), "no {line} in\n{}", metrics.text);
        }
        for input in ["secret-looking-name", "no/such", "with=input"] {
            assert!(!metrics.text.contains(input), "raw input is no label: {input}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_passed_on_by_a_proxy_is_not_from_this_machine() {
    each_scene(async |scene: Scene<'_>| {
        let afar = scene.anonymous.with_header("x-forwarded-for", "203.0.113.9");

        assert_eq!(error_of(&afar.get("/metrics").await), (403, "forbidden".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn from_afar_the_token_opens_them() {
    let database = TestDatabase::sqlite();
    let app = app_with(&database, "METRICS_TOKEN", "a token for the metrics").await;
    let afar = app.anonymous.with_header("x-forwarded-for", "203.0.113.9");

    let shown = afar.with_token("a token for the metrics").get("/metrics").await;
    let wrong = afar.with_token("another token").get("/metrics").await;
    let none = afar.get("/metrics").await;

    assert_eq!(shown.status, 200);
    assert_eq!(error_of(&wrong), (401, "unauthenticated".to_owned()));
    assert_eq!(error_of(&none), (401, "unauthenticated".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn a_port_of_their_own_is_open_to_whoever_reaches_it() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let database = TestDatabase::sqlite();
    let app = app_with(&database, "METRICS_PORT", &port.to_string()).await;
    let server = tollgate_server::metrics::listen(&app.app).unwrap().unwrap();
    let handle = server.handle();
    let afar = Client::new(&format!("http://127.0.0.1:{port}"));
    let afar = afar.with_header("x-forwarded-for", "203.0.113.9");

    let asked = async {
        let metrics = afar.get("/metrics").await;
        let others = afar.request(Method::GET, "/health/live").send().await.unwrap();
        handle.stop(false).await;
        (metrics, others)
    };
    let ((metrics, others), ended) = tokio::join!(asked, server);

    ended.unwrap();
    assert_eq!(metrics.status, 200);
    assert!(metrics.text.contains("aiproxy_http_active_requests"));
    assert_eq!(others.status(), 404, "nothing else is served there");
    app.stop().await;
}

async fn app_with(database: &TestDatabase, variable: &'static str, value: &str) -> TestApp {
    let mut environment = environment(database.url());
    environment.push((variable, value.to_owned()));
    TestApp::start_with(environment).await
}
