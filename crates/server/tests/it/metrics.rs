//! Prometheus metrics.

use reqwest::Method;
use serde_json::json;
use tollgate_server::metrics::MAX_KEYS;
use tollgate_simulator::{Behaviour, Fault};
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

/// The value of the line that begins so.
fn value(text: &str, start: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(start));
    line.map(|rest| rest.trim().parse().unwrap())
}

#[tokio::test]
async fn each_attempt_tells_how_long_it_took_and_what_it_cost() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        let ask = |model: &str, is_stream: bool| {
            json!({"model": model, "messages": user("Hi"), "stream": is_stream})
        };
        scene.app_user.post(CHAT, &ask("gpt-4o", false)).await.expect(200);
        scene.app_user.post(CHAT, &ask("gpt-4o", true)).await.expect(200);
        scene.app_user.post(CHAT, &ask("openai/without-a-price", false)).await.expect(200);
        scene.app_user.post(CHAT, &ask("openai/sim-error-500", false)).await.expect(502);
        scene.app_user.post(CHAT, &ask("nobody-has-this", false)).await.expect(404);

        let text = scene.anonymous.get("/metrics").await.expect(200).text;

        let of_openai = "{provider=\"openai\"}";
        let with_status = |status: &str| format!("{{provider=\"openai\",status=\"{status}\"}}");
        let seconds = "aiproxy_provider_request_duration_seconds_count";
        for (start, expected) in [
            (format!("{seconds}{}", with_status("success")), 3.0),
            (format!("{seconds}{}", with_status("error")), 1.0),
            // The stream alone.
            (format!("aiproxy_provider_first_content_seconds_count{of_openai}"), 1.0),
            (format!("aiproxy_provider_unpriced_requests_total{of_openai}"), 1.0),
            ("aiproxy_calls_total{status=\"success\"}".to_owned(), 3.0),
            ("aiproxy_calls_total{status=\"error\"}".to_owned(), 2.0),
            ("aiproxy_calls_total{status=\"cancelled\"}".to_owned(), 0.0),
            (format!("aiproxy_provider_in_flight{of_openai}"), 0.0),
            ("aiproxy_database_up".to_owned(), 1.0),
            ("aiproxy_ready".to_owned(), 1.0),
            ("aiproxy_database_connections_max".to_owned(), 20.0),
        ] {
            assert_eq!(value(&text, &start), Some(expected), "{start} in\n{text}");
        }
        scene.app.engine.flush().await;
        let logs = scene.analyst.get("/api/admin/ai-stats/logs?model=gpt-4o").await.data();
        let costs = logs["logs"].as_array().unwrap().iter().map(|log| log["costUsd"].as_f64());
        let cost: f64 = costs.flatten().sum();
        let told = value(&text, &format!("aiproxy_provider_cost_nanousd_total{of_openai}"));
        assert_eq!(told.unwrap(), (cost * 1e9).round());
        let connections = |state: &str| {
            value(&text, &format!("aiproxy_database_connections{{state=\"{state}\"}}")).unwrap()
        };
        assert!(connections("in_use") + connections("idle") >= 1.0);
    })
    .await;
}

#[tokio::test]
async fn keys_tell_what_is_left_of_their_limits_and_how_many_are_left() {
    each_scene(async |scene: Scene<'_>| {
        let key = scene.admin.keys("openai").await[0]["id"].clone();
        let limits = json!({"rateLimitRpm": 4, "rateLimitTpm": 0, "maxConcurrent": 2});
        let path = format!("/api/admin/ai-providers/keys/{key}");
        scene.admin.put(&path, &limits).await.expect(200);
        scene.add_key("sk-refused", 1).await;
        let refused = Behaviour::failing(Fault::error("openai.429.quota"));
        scene.simulator.set_behaviour("sk-refused", refused);
        scene.admin.post("/api/status/test", &json!({"prompt": "Hi"})).await.expect(200);

        let text = scene.anonymous.get("/metrics").await.expect(200).text;

        let left = |limit: &str| {
            let labels = format!("key_id=\"{key}\",limit=\"{limit}\",provider=\"openai\"");
            value(&text, &format!("aiproxy_upstream_headroom_ratio{{{labels}}}"))
        };
        assert_eq!((left("rpm"), left("concurrent")), (Some(0.75), Some(1.0)));
        assert_eq!((left("tpm"), left("rpd")), (None, None));
        let keys = |name: &str, status: &str| {
            value(&text, &format!("aiproxy_provider_keys{name}{{provider=\"openai\"{status}}}"))
        };
        assert_eq!((keys("_active", ""), keys("_usable", "")), (Some(2.0), Some(1.0)));
        let by_status = |status: &str| keys("", &format!(",status=\"{status}\""));
        assert_eq!((by_status("normal"), by_status("invalid")), (Some(1.0), Some(0.0)));
        assert_eq!(by_status("quota_exceeded"), Some(1.0));
    })
    .await;
}

#[tokio::test]
async fn so_many_keys_are_shown_one_by_one_and_the_others_counted() {
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database).await;
    let many = MAX_KEYS + 7;
    let keys: Vec<_> = (0..many).map(|number| format!("sk-one-of-many-{number:04}")).collect();
    let import =
        format!("/api/admin/ai-providers/{}/keys/import", app.admin.provider("openai").await);
    for keys in keys.chunks(400) {
        app.admin.post(&import, &json!({"keys": keys.join("\n")})).await.expect(200);
    }

    let text = app.anonymous.get("/metrics").await.expect(200).text;

    let shown = text.lines().filter(|line| line.starts_with("aiproxy_upstream_healthy{"));
    assert_eq!(shown.count(), MAX_KEYS);
    assert_eq!(value(&text, "aiproxy_upstream_keys_not_shown"), Some(7.0));
    let active = value(&text, "aiproxy_provider_keys_active{provider=\"openai\"}");
    assert_eq!(active, Some(many as f64));
    app.stop().await;
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
