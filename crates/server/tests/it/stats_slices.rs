//! Statistics of any time: cut, narrowed, compared, and broken down.

use serde_json::{Value, json};

use crate::chat_scene::{Scene, each_scene, error_of};
use crate::stats::some_calls;

async fn read(scene: &Scene<'_>, query: &str) -> Value {
    let reply = scene.analyst.get(&format!("/api/admin/ai-stats/{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    reply.data()
}

fn sum(rows: &Value, name: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[name].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn the_dashboard_of_any_time_is_cut_and_compared() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;
        let today = scene.app.clock.now().format("%Y-%m-%d").to_string();

        let board =
            read(&scene, &format!("dashboard?startDate={today}&interval=hour&compare=true")).await;

        assert_eq!(board["summary"]["totalRequests"], 5);
        assert_eq!(board["summary"]["cancelledCount"], 0);
        let trend = board["trend"].as_array().unwrap();
        assert_eq!(sum(&board["trend"], "requests"), 5);
        assert_eq!(sum(&board["trend"], "errorCount"), 2);
        assert_eq!(trend[0]["from"], board["range"]["from"]);
        for pair in trend.windows(2) {
            assert_eq!(pair[0]["to"], pair[1]["from"]);
        }
        assert!(trend.last().unwrap()["p95LatencyMs"].is_i64(), "{trend:?}");
        let previous = &board["previous"];
        assert_eq!(previous["summary"]["totalRequests"], 0);
        assert_eq!(previous["summary"]["p50LatencyMs"], Value::Null);
        assert!(!previous["trend"].as_array().unwrap().is_empty());
        assert!(previous["range"]["to"].as_str() <= board["range"]["from"].as_str());
    })
    .await;
}

#[tokio::test]
async fn a_filter_narrows_everything_on_the_dashboard() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let provider = read(&scene, "dashboard?providerId=1").await;
        let model = read(&scene, "dashboard?model=gpt-4o&interval=month").await;

        assert_eq!(provider["summary"]["totalRequests"], 4);
        assert_eq!(provider["errors"]["totalErrors"], 1);
        assert_eq!(provider.get("previous"), None);
        assert_eq!(
            (&model["summary"]["totalRequests"], &model["errors"]["totalErrors"]),
            (&json!(2), &json!(0))
        );
        assert_eq!(model["trend"].as_array().unwrap().last().unwrap()["requests"], 2);
        assert_eq!(read(&scene, "dashboard?providerId=999").await["summary"]["totalRequests"], 0);
    })
    .await;
}

#[tokio::test]
async fn members_develop_beside_each_other_and_beside_all() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let series = read(&scene, "usage/series?by=model&days=3&top=1").await;

        assert_eq!(series["points"].as_array().unwrap().len(), 3);
        assert_eq!(sum(&series["points"], "requests"), 5);
        let lines = series["series"].as_array().unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!((&lines[0]["by"], &lines[0]["key"]), (&json!("model"), &json!("gpt-4o")));
        assert_eq!(sum(&lines[0]["values"], "requests"), 2);
        let failed = read(&scene, "usage/series?by=key&rankBy=errors").await;
        assert_eq!(sum(&failed["series"][0]["values"], "errors"), 1);
    })
    .await;
}

#[tokio::test]
async fn usage_is_broken_down_by_one_thing_with_another_and_compared() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let report = read(&scene, "usage/breakdown?by=user&then=model&compare=true").await;

        let rows = report["rows"].as_array().unwrap();
        assert_eq!(sum(&report["rows"], "totalRequests"), 5);
        let dearest = &rows[0];
        assert_eq!(dearest["members"][0]["by"], "user");
        assert!(dearest["members"][0]["name"].is_string(), "{dearest}");
        assert_eq!(
            (&dearest["members"][1]["key"], &dearest["totalRequests"]),
            (&json!("gpt-4o"), &json!(2))
        );
        assert_eq!(
            (&dearest["previous"]["totalRequests"], &report["isCut"]),
            (&json!(0), &json!(false))
        );
        assert_eq!(report["total"]["totalRequests"], 5);
        assert_eq!(report["previousTotal"]["totalCost"], 0.0);
        let alone = read(&scene, "usage/breakdown?by=model").await;
        assert_eq!(alone["rows"][0]["members"].as_array().unwrap().len(), 1);
        assert_eq!((alone.get("previousTotal"), alone["rows"][0].get("previous")), (None, None));
    })
    .await;
}

#[tokio::test]
async fn errors_develop_by_code_and_keys_tell_how_much_they_sent() {
    each_scene(async |scene: Scene<'_>| {
        some_calls(&scene).await;

        let errors = read(&scene, "logs/errors?interval=hour&compare=true").await;

        assert_eq!(errors["totalErrors"], 2);
        let lines = errors["trend"]["series"].as_array().unwrap();
        assert_eq!(lines.len(), 2);
        let counts = lines.iter().flat_map(|line| line["counts"].as_array().unwrap());
        assert_eq!(counts.map(|count| count.as_i64().unwrap()).sum::<i64>(), 2);
        assert_eq!(sum(&errors["trend"]["points"], "requests"), 5);
        let key = &errors["errorsByKey"][0];
        assert_eq!((&key["providerCode"], &key["count"]), (&json!("openai"), &json!(1)));
        assert!(key["sent"].as_i64() > key["count"].as_i64(), "{key}");
        assert_eq!(key["codes"][0]["count"], 1);
        assert_eq!(errors["previous"]["totalErrors"], 0);
        let plain = read(&scene, "logs/errors?keyId=999").await;
        assert_eq!((&plain["totalErrors"], plain.get("trend")), (&json!(0), None));
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_field() {
    each_scene(async |scene: Scene<'_>| {
        let cases = [
            ("dashboard?days=3&startDate=2026-01-01", "days"),
            ("dashboard?startDate=2000-01-01&interval=hour", "interval"),
            ("dashboard?interval=minute", "interval"),
            ("dashboard?compare=perhaps", "compare"),
            ("usage/series?top=13", "top"),
            ("usage/series?by=week", "by"),
            ("usage/breakdown?by=app&then=app", "then"),
            ("logs/errors?interval=hour&startDate=2000-01-01", "interval"),
        ];
        for (query, field) in cases {
            let reply = scene.analyst.get(&format!("/api/admin/ai-stats/{query}")).await;

            assert_eq!(error_of(&reply), (422, "validation_failed".to_owned()), "{query}");
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{query}");
        }
    })
    .await;
}
