//! Statistics: usage, trend, dashboard and the calls on record.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault};

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::Reply;

const CHAT: &str = "/api/ai/chat/completions";

/// Two priced answers (10 prompt and 3 answer tokens are not assumed: they are read back), one
/// unpriced answer, one failure that took two attempts, and one refusal.
pub(crate) async fn some_calls(scene: &Scene<'_>) -> Vec<Reply> {
    scene.simulator.set_behaviour("gpt-4o", Behaviour::fast().text("one two three"));
    let ask = |model: &str| json!({"model": model, "messages": user("Hi"), "user": "end-7"});
    let mut replies = vec![
        scene.app_user.post(CHAT, &ask("gpt-4o")).await,
        scene.app_user.post(CHAT, &ask("openai/gpt-4o")).await,
        scene.app_user.post(CHAT, &ask("openai/sim-chat")).await,
    ];
    replies.push(scene.app_user.post(CHAT, &ask("openai/sim-error-400-context")).await);
    replies.push(scene.app_user.post(CHAT, &json!({"messages": []})).await);
    scene.app.engine.flush().await;
    replies
}

fn cost_of(reply: &Reply) -> f64 {
    reply.data()["cost"]["amount"].as_f64().unwrap_or(0.0)
}

#[tokio::test]
async fn the_dashboard_adds_up_what_happened() {
    each_scene(async |scene: Scene<'_>| {
        let replies = some_calls(&scene).await;

        let board = scene.analyst.get("/api/admin/ai-stats/dashboard?days=7").await;

        assert_eq!(board.status, 200, "{}", board.text);
        let data = &board.data();
        let summary = &data["summary"];
        assert_eq!(summary["totalRequests"], 5);
        assert_eq!(summary["successCount"], 3);
        assert_eq!(summary["errorCount"], 2);
        assert_eq!(summary["successRate"], 0.6);
        assert_eq!(summary["unpricedCount"], 1);
        let tokens: i64 =
            replies.iter().filter_map(|reply| reply.data()["usage"]["totalTokens"].as_i64()).sum();
        assert_eq!(summary["totalTokens"], tokens);
        let cost: f64 = replies.iter().map(cost_of).sum();
        assert!((summary["totalCost"].as_f64().unwrap() - cost).abs() < 1e-12, "{summary}");
        for name in ["avgLatencyMs", "p50LatencyMs", "p95LatencyMs", "p99LatencyMs"] {
            assert!(summary[name].is_i64(), "{name} in {summary}");
        }
        assert_eq!(data["trend"].as_array().unwrap().len(), 7);
        assert_eq!(data["trend"][6]["requests"], 5);
        assert_eq!(data["errors"]["totalErrors"], 2);
        let codes = data["errors"]["errorsByCode"].as_array().unwrap();
        let refused = codes.iter().find(|code| code["code"] == "validation_failed").unwrap();
        assert_eq!(refused["count"], 1, "{refused}");
        assert_eq!(data["errors"]["errorsByKey"][0]["count"], 1);
        assert_eq!(data["topModels"][0]["key"], "gpt-4o");
        assert_eq!(data["topModels"][0]["totalRequests"], 2);
    })
    .await;
}

#[tokio::test]
async fn usage_is_grouped_and_narrowed() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;
        let usage = async |query: &str| {
            let path = format!("/api/admin/ai-stats/usage?{query}");
            let reply = scene.analyst.get(&path).await;
            assert_eq!(reply.status, 200, "{query}: {}", reply.text);
            reply.data()
        };

        let day = usage("groupBy=day").await;
        assert_eq!(day.as_array().unwrap().len(), 1, "{day}");
        let row = &day[0];
        for name in [
            "totalRequests",
            "successCount",
            "errorCount",
            "totalTokens",
            "promptTokens",
            "completionTokens",
            "cachedTokens",
            "reasoningTokens",
            "unpricedCount",
            "avgLatencyMs",
        ] {
            assert!(row[name].is_i64(), "{name} in {row}");
        }
        assert!(row["totalCost"].as_f64().unwrap() > 0.0);
        let today = scene.app.clock.now().format("%Y-%m-%d").to_string();
        assert_eq!(row["date"], today);

        let models = usage("groupBy=model&providerId=1").await;
        assert_eq!(models[0]["key"], "gpt-4o");
        assert_eq!(models[0]["name"], "gpt-4o");
        let providers = usage("groupBy=provider").await;
        assert!(providers.as_array().unwrap().iter().any(|row| row["name"] == "OpenAI"));
        let end_user = usage("groupBy=day&endUser=end-7").await;
        assert_eq!(end_user[0]["totalRequests"], 4);
        let included = usage(&format!("startDate={today}&endDate={today}")).await;
        assert_eq!(included[0]["totalRequests"], 5);
        assert_eq!(usage("startDate=2020-01-01&endDate=2020-01-31").await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_trend_has_every_day_up_to_today() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let trend = scene.analyst.get("/api/admin/ai-stats/usage/trend?days=3").await.json();

        let days = trend["data"].as_array().unwrap();
        assert_eq!(days.len(), 3);
        assert_eq!(days[0]["requests"], 0);
        assert_eq!(days[0]["successRate"], 0.0);
        assert_eq!(days[2]["requests"], 5);
        assert_eq!(days[2]["successRate"], 0.6);
        assert!(days[2]["cost"].as_f64().unwrap() > 0.0);
        assert_eq!(days[2]["date"], scene.app.clock.now().format("%Y-%m-%d").to_string());
    })
    .await;
}

#[tokio::test]
async fn calls_are_listed_newest_first_and_found_by_id() {
    each_scene(async |scene: Scene<'_>| {
        let replies = some_calls(&scene).await;

        let logs = scene.analyst.get("/api/admin/ai-stats/logs?pageSize=2").await.json();

        let data = &logs["data"];
        assert_eq!(
            (&data["total"], &data["page"], &data["pageSize"]),
            (&json!(5), &json!(1), &json!(2))
        );
        assert_eq!(data["logs"].as_array().unwrap().len(), 2);
        let refused = &data["logs"][0];
        assert_eq!(refused["status"], "error");
        assert_eq!(refused["attempts"], 0);
        assert_eq!(refused["httpStatus"], 422);
        assert_eq!(refused["errorCode"], "validation_failed");

        let first = &replies[0];
        let log = scene.log_of(first).await;
        let usage = &first.data()["usage"];
        assert_eq!(log["promptTokens"], usage["promptTokens"]);
        assert_eq!(log["completionTokens"], usage["completionTokens"]);
        assert_eq!(log["totalTokens"], usage["totalTokens"]);
        assert_eq!(log["costUsd"], first.data()["cost"]["amount"]);
        let expected = json!({
            "providerCode": "openai", "model": "gpt-4o", "requestedModel": "gpt-4o",
            "endpoint": CHAT, "isStream": false, "status": "success", "attempts": 1,
            "httpStatus": 200, "errorCode": null, "errorMessage": null, "finishReason": "stop",
            "endUser": "end-7", "ipAddress": "127.0.0.1", "cachedTokens": 0, "cacheWriteTokens": 0,
            "reasoningTokens": 0,
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&log[name], value, "{name}");
        }
        assert!(log["latencyMs"].is_i64() && log["keyId"].is_i64() && log["userId"].is_i64());

        let call = scene.call_of(first).await;
        assert_eq!(call["requestId"], first.header("x-request-id").unwrap());
        assert_eq!(call["attempts"].as_array().unwrap().len(), 1);
        let unknown = "/api/admin/ai-stats/logs/01890000-0000-7000-8000-000000000000";
        assert_eq!(error_of(&scene.analyst.get(unknown).await), (404, "not_found".to_owned()));
        let filtered =
            scene.analyst.get("/api/admin/ai-stats/logs?status=error&providerId=1").await.json();
        assert_eq!(filtered["data"]["total"], 1);
    })
    .await;
}

#[tokio::test]
async fn calls_are_found_by_what_failed_and_tell_who_made_them() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-first", 200).await;
        let broken = Behaviour::failing(Fault::error("openai.500"));
        scene.simulator.set_behaviour("sk-first", broken);
        let shop = scene.app_with(json!({"name": "shop"})).await;
        let rescued = shop.post(CHAT, &json!({"model": "gpt-4o", "messages": user("Hi")})).await;
        let refused = shop.post(CHAT, &json!({"messages": []})).await;
        let rescued = scene.log_of(&rescued).await;
        let key = scene.call_of_id(&rescued["requestId"]).await["attempts"][0]["keyId"].clone();

        let found = async |query: &str| {
            let path = format!("/api/admin/ai-stats/logs?{query}");
            let data = scene.analyst.get(&path).await.expect(200).data();
            let logs = data["logs"].as_array().unwrap();
            logs.iter().map(|log| log["requestId"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((&rescued["status"], &rescued["attempts"]), (&json!("success"), &json!(2)));
        assert_eq!(rescued["appName"], "shop");
        assert_eq!(found(&format!("failedKeyId={key}")).await, [rescued["requestId"].clone()]);
        assert!(found(&format!("failedKeyId={}", rescued["keyId"])).await.is_empty());
        let id = refused.header("x-request-id").unwrap();
        assert_eq!(found("errorCode=validation_failed").await, [json!(id)]);
        assert!(found("errorCode=validation_failed&status=success").await.is_empty());
        let wrong = scene.analyst.get("/api/admin/ai-stats/logs?errorCode=").await;
        assert_eq!(error_of(&wrong), (422, "validation_failed".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_cost_is_explained_to_the_nano_dollar() {
    each_scene(async |scene: Scene<'_>| {
        let replies = some_calls(&scene).await;

        let call = scene.call_of(&replies[0]).await;
        let attempt = &call["attempts"][0];
        let cost = &attempt["cost"];
        assert_eq!((&cost["kind"], &cost["isExact"]), (&json!("priced"), &json!(true)));
        assert_eq!(cost["totalUsd"], attempt["costUsd"]);
        assert_eq!(cost["price"]["modelId"], attempt["modelId"]);
        assert!(cost["price"]["validFrom"].is_string() && cost["price"]["source"] == "seed");
        let lines = cost["lines"].as_array().unwrap();
        let told: Vec<_> = lines.iter().map(|line| line["bucket"].as_str().unwrap()).collect();
        assert_eq!(told, ["prompt", "completion"]);
        assert_eq!(lines[0]["tokens"], attempt["promptTokens"]);
        let pico = |value: &Value| (value.as_f64().unwrap() * 1e12).round();
        let sum: f64 = lines.iter().map(|line| pico(&line["amountUsd"])).sum();
        for line in lines {
            let nanos_per_1k = (line["costPer1kTokens"].as_f64().unwrap() * 1e9).round();
            assert_eq!(pico(&line["amountUsd"]), line["tokens"].as_f64().unwrap() * nanos_per_1k);
        }
        assert_eq!(pico(&cost["sumUsd"]), sum);
        let nanos = (attempt["costUsd"].as_f64().unwrap() * 1e9).round();
        assert_eq!(((sum + 500.0) / 1000.0).floor(), nanos);

        let unpriced = &scene.call_of(&replies[2]).await["attempts"][0]["cost"];
        assert_eq!((&unpriced["kind"], &unpriced["totalUsd"]), (&json!("unpriced"), &Value::Null));
        let refused = &scene.call_of(&replies[4]).await["attempts"][0]["cost"];
        assert_eq!((&refused["kind"], &refused["totalUsd"]), (&json!("nothing_used"), &json!(0)));
    })
    .await;
}

#[tokio::test]
async fn errors_are_counted_by_code_and_key() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let errors = scene.analyst.get("/api/admin/ai-stats/logs/errors").await.json();

        let data = &errors["data"];
        assert_eq!(data["totalErrors"], 2);
        assert_eq!(data["errorsByCode"].as_array().unwrap().len(), 2, "{data}");
        assert!(data["errorsByKey"][0]["keyName"].as_str().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_bad_or_reversed_range_is_refused() {
    each_scene(async |scene: Scene<'_>| {
        let cases = [
            ("usage?startDate=yesterday", "startDate"),
            ("usage?startDate=2026-11-03&endDate=2026-11-02", "endDate"),
            ("usage?groupBy=week", "groupBy"),
            ("usage?tz=Mars/Olympus", "tz"),
            ("usage/trend?days=0", "days"),
            ("dashboard?days=1000", "days"),
            ("dashboard?days=many", "days"),
            ("logs?pageSize=500", "pageSize"),
            ("logs?requestId=x", "requestId"),
            ("logs?status=odd", "status"),
            ("logs/errors?endDate=2026-02-30", "endDate"),
            ("logs?unpriced=maybe", "unpriced"),
            ("unpriced?startDate=2026-02-30", "startDate"),
        ];
        for (query, field) in cases {
            let reply = scene.analyst.get(&format!("/api/admin/ai-stats/{query}")).await;

            assert_eq!(error_of(&reply), (422, "validation_failed".to_owned()), "{query}");
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn calls_until_an_end_are_listed_however_old_they_are() {
    each_scene(async |scene: Scene<'_>| {
        let calls = some_calls(&scene).await;

        let logs = scene.analyst.get("/api/admin/ai-stats/logs?endDate=9000-01-01").await.json();

        assert_eq!(logs["data"]["total"], calls.len());
    })
    .await;
}

#[tokio::test]
async fn statistics_are_not_for_apps() {
    each_scene(async |scene: Scene<'_>| {
        let reply = scene.app_user.get("/api/admin/ai-stats/dashboard").await;

        assert_eq!(error_of(&reply), (403, "forbidden".to_owned()));
        assert_eq!(reply.data(), Value::Null);
    })
    .await;
}

#[tokio::test]
async fn models_without_a_price_are_seen_at_once() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let models = scene.analyst.get("/api/admin/ai-stats/unpriced").await.expect(200).data();

        assert_eq!(models.as_array().unwrap().len(), 1, "{models}");
        let model = &models[0];
        assert_eq!(
            (&model["model"], &model["providerCode"]),
            (&json!("sim-chat"), &json!("openai"))
        );
        assert_eq!((&model["calls"], &model["attempts"]), (&json!(1), &json!(1)));
        let logs = scene.analyst.get("/api/admin/ai-stats/logs?unpriced=true").await.data();
        assert_eq!(logs["total"], 1);
        assert_eq!(logs["logs"][0]["model"], "sim-chat");
        assert_eq!(logs["logs"][0]["totalTokens"], model["tokens"]);
        assert_eq!(logs["logs"][0]["createdAt"], model["since"]);
        let before = "/api/admin/ai-stats/unpriced?endDate=2020-01-31&startDate=2020-01-01";
        assert_eq!(scene.analyst.get(before).await.data(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_zone_whose_hours_are_not_those_of_utc_is_told_how_far_its_days_are_off() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;
        let shifted = async |query: &str| {
            let reply =
                scene.analyst.get(&format!("/api/admin/ai-stats/{query}")).await.expect(200);
            reply.json()["tzShiftedMinutes"].clone()
        };

        for report in ["usage?groupBy=day&", "usage?groupBy=hour&", "usage/trend?", "dashboard?"] {
            assert_eq!(shifted(&format!("{report}tz=Asia/Kolkata")).await, 30, "{report}");
            assert_eq!(shifted(&format!("{report}tz=Asia/Kathmandu")).await, 15, "{report}");
            assert_eq!(
                shifted(&format!("{report}tz=Europe/Berlin")).await,
                Value::Null,
                "{report}"
            );
        }
        assert_eq!(shifted("usage?groupBy=model&tz=Asia/Kolkata").await, Value::Null);
        // Berlin had hours of its own before 1893, and Kathmandu until 1986.
        let all = "usage?groupBy=day&startDate=1880-01-01&tz";
        assert_eq!(shifted(&format!("{all}=Europe/Berlin")).await, Value::Null);
        assert_eq!(shifted(&format!("{all}=Asia/Kathmandu")).await, 15);
    })
    .await;
}
