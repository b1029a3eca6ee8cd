//! Every attempt as a file.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tollgate_domain::RequestId;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_simulator::Behaviour;
use tollgate_store::testing::{TestDatabase, servers};

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::db_proxy::DbProxy;
use crate::support::{Reply, TestApp, environment};

const EXPORT: &str = "/api/admin/ai-stats/logs/export";
const CHAT: &str = "/api/ai/chat/completions";

/// The lines of a file, each by the names of its columns.
fn rows(file: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let rows = reader.deserialize::<std::collections::BTreeMap<String, String>>();
    rows.map(|row| json!(row.unwrap())).collect()
}

fn sum(rows: &[Value], column: &str) -> f64 {
    let numbers = rows.iter().map(|row| row[column].as_str().unwrap());
    numbers.filter(|number| !number.is_empty()).map(|number| number.parse::<f64>().unwrap()).sum()
}

/// Two answers, one of them unpriced, one call that took two attempts, and a refusal.
async fn some_calls(scene: &Scene<'_>, end_user: &str) {
    scene.simulator.set_behaviour("gpt-4o", Behaviour::fast().text("one two three"));
    scene.add_key("sk-error-401-spare", 1_000).await;
    let ask = |model: &str| json!({"model": model, "messages": user("Hi"), "user": end_user});
    for model in ["gpt-4o", "openai/sim-chat", "openai/sim-error-400-context"] {
        scene.app_user.post(CHAT, &ask(model)).await;
    }
    scene.app_user.post(CHAT, &json!({"messages": []})).await;
    scene.app.engine.flush().await;
}

#[tokio::test]
async fn a_file_has_every_attempt_and_adds_up_to_the_usage() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene, "end-7").await;

        let reply = scene.analyst.get(&format!("{EXPORT}?format=csv")).await.expect(200);

        assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
        let disposition = reply.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"tollgate-calls-"), "{disposition}");
        assert!(reply.text.starts_with("requestId,attempt,isFinal,createdAt,"), "{}", reply.text);
        let rows = rows(&reply.text);
        let usage = scene.analyst.get("/api/admin/ai-stats/usage?groupBy=day").await.data();
        let day = &usage[0];
        let finals = rows.iter().filter(|row| row["isFinal"] == "true").count();
        assert_eq!(day["totalRequests"], finals);
        for (column, name) in [
            ("totalTokens", "totalTokens"),
            ("promptTokens", "promptTokens"),
            ("completionTokens", "completionTokens"),
            ("costUsd", "totalCost"),
        ] {
            let expected = day[name].as_f64().unwrap();
            assert!((sum(&rows, column) - expected).abs() < 1e-12, "{column} in {}", reply.text);
        }
        assert!(sum(&rows, "costUsd") > 0.0);
        let answered =
            rows.iter().find(|row| row["model"] == "gpt-4o" && row["status"] == "success");
        let answered = answered.unwrap();
        assert_eq!(answered["endUser"], "end-7");
        assert_eq!(answered["providerCode"], "openai");
        let unpriced =
            rows.iter().find(|row| row["model"] == "sim-chat" && row["isFinal"] == "true");
        assert_eq!(unpriced.unwrap()["costUsd"], "");
    })
    .await;
}

#[tokio::test]
async fn a_file_has_what_the_filters_leave() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene, "=HYPERLINK(\"http://evil\"),\nx").await;
        let found = async |query: &str| {
            let reply = scene.analyst.get(&format!("{EXPORT}?{query}")).await.expect(200);
            rows(&reply.text)
        };

        let answered = found("status=success&model=gpt-4o").await;
        assert_eq!(answered.len(), 1);
        // What a spreadsheet would calculate is a text, quotes and line breaks are kept.
        assert_eq!(answered[0]["endUser"], "'=HYPERLINK(\"http://evil\"),\nx");
        let unpriced = found("unpriced=true").await;
        assert_eq!(unpriced.len(), 1);
        assert_eq!(unpriced[0]["model"], "sim-chat");
        assert_eq!(found("requestedModel=openai/sim-chat&startDate=2020-01-01").await.len(), 1);
        assert_eq!(found("endDate=2020-01-31").await, Vec::<Value>::new());
        for (query, field) in [("format=xml", "format"), ("startDate=soon", "startDate")] {
            let reply: Reply = scene.analyst.get(&format!("{EXPORT}?{query}")).await;
            assert_eq!(error_of(&reply), (422, "validation_failed".to_owned()), "{query}");
            assert_eq!(reply.json()["error"]["details"][0]["field"], field);
        }
    })
    .await;
}

/// So many attempts of 1 January, with long messages.
async fn given_attempts(app: &TestApp, count: usize) {
    let at: DateTime<Utc> = "2026-01-01T10:00:00Z".parse().unwrap();
    let attempt = || ApiLog {
        request_id: RequestId::new(at),
        attempt: 1,
        is_final: true,
        created_at: at,
        started_at: at,
        client_request_id: None,
        user_id: None,
        app_id: None,
        end_user: None,
        provider_id: None,
        key_id: None,
        model_code: None,
        requested_model: None,
        endpoint: "/v1/messages".to_owned(),
        is_stream: false,
        status: CallStatus::Error,
        http_status: Some(500),
        error_code: Some("transient".to_owned()),
        error_message: Some("it failed ".repeat(50)),
        usage: TokenUsage::default(),
        usage_source: UsageSource::Provider,
        price_id: None,
        cost: None,
        latency_ms: 1,
        first_token_ms: None,
        finish_reason: None,
        routing: None,
        ip_address: None,
        user_agent: None,
    };
    for _ in 0..count / 500 {
        let attempts: Vec<ApiLog> = (0..500).map(|_| attempt()).collect();
        app.app.store.api_logs().ship(None, &attempts).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_of_many_chunks_has_each_attempt_once() {
    each_scene(async |scene: Scene<'_>| {
        given_attempts(&scene, 2_500).await;

        let reply = scene.analyst.get(&format!("{EXPORT}?endDate=2026-01-02")).await.expect(200);

        let ids: std::collections::BTreeSet<String> =
            rows(&reply.text).iter().map(|row| row["requestId"].to_string()).collect();
        assert_eq!(ids.len(), 2_500);
        assert_eq!(reply.text.lines().count(), 2_501);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_breaks_off_does_not_end_well() {
    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let mut proxy = DbProxy::before(database.url()).await;
        let app = TestApp::start_with(environment(&proxy.url(database.url()))).await;
        // More than all buffers on the way hold, so that the server has to read on.
        given_attempts(&app, 25_000).await;

        let mut response = app.analyst.request(reqwest::Method::GET, EXPORT).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.chunk().await.unwrap().unwrap();
        proxy.cut().await;
        let ended = loop {
            match response.chunk().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };

        assert!(ended.is_err(), "it looks complete");
        proxy.restore().await;
        app.stop().await;
    }
}
