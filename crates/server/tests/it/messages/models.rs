//! Models as Anthropic's SDKs list them.

use serde_json::{Value, json};

use super::{MESSAGES, ask, error_of};
use crate::chat_scene::{Scene, each_scene_of_all_protocols};
use crate::support::Client;

const MODELS: &str = "/v1/models";

fn claude(client: &Client) -> Client {
    client.with_header("anthropic-version", "2023-06-01")
}

fn ids(page: &Value) -> Vec<String> {
    let models = page["data"].as_array().unwrap();
    models.iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_request_with_a_version_is_answered_as_anthropic_does() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let claude = claude(&scene.app_user);

        let page = claude.get(&format!("{MODELS}?limit=1000")).await.expect(200);
        let plain = scene.app_user.get(MODELS).await.expect(200).json();
        let one = claude.get("/v1/models/claude-sonnet-4-5").await.expect(200);

        assert_eq!(page.header("request-id"), page.header("x-request-id"));
        let page = page.json();
        assert_eq!(page["has_more"], false);
        let listed = ids(&page);
        assert_eq!(page["first_id"], listed[0].as_str());
        assert_eq!(page["last_id"], listed[listed.len() - 1].as_str());
        assert!(listed.contains(&"gpt-4o".to_owned()), "{listed:?}");
        assert!(!listed.iter().any(|id| id.contains("embedding")), "{listed:?}");
        assert_eq!(plain["object"], "list");
        assert!(ids(&plain).iter().any(|id| id.contains("embedding")));
        let model = one.json();
        for (field, value) in [
            ("type", json!("model")),
            ("id", json!("claude-sonnet-4-5")),
            ("display_name", json!("Claude Sonnet 4.5")),
            ("lifecycle", json!("deprecated")),
            ("retires_at", json!("2026-11-30T00:00:00Z")),
            ("max_input_tokens", json!(200_000)),
            ("max_tokens", json!(64_000)),
            ("capabilities", Value::Null),
        ] {
            assert_eq!(model[field], value, "{field}: {model}");
        }
        let created = model["created_at"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(created).is_ok(), "{created}");
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_in_both_directions() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let claude = claude(&scene.app_user);
        let page =
            async |query: &str| claude.get(&format!("{MODELS}?{query}")).await.expect(200).json();
        let all = ids(&page("limit=1000").await);
        assert!(all.len() > 45, "{}", all.len());

        assert_eq!(ids(&page("").await), all[..20], "twenty by default");
        let (mut read, mut query) = (Vec::new(), "limit=7".to_owned());
        loop {
            let next = page(&query).await;
            read.extend(ids(&next));
            if next["has_more"] == false {
                break;
            }
            query = format!("limit=7&after_id={}", next["last_id"].as_str().unwrap());
        }
        assert_eq!(read, all);

        let back = page(&format!("limit=3&before_id={}", all[10])).await;
        assert_eq!((ids(&back), &back["has_more"]), (all[7..10].to_vec(), &json!(true)));
        let first = page(&format!("limit=3&before_id={}", all[2])).await;
        assert_eq!((ids(&first), &first["has_more"]), (all[..2].to_vec(), &json!(false)));
        let end = page(&format!("after_id={}", all[all.len() - 1])).await;
        assert_eq!(end, json!({"data": [], "has_more": false, "first_id": null, "last_id": null}));
        let retired = page("limit=1000&lifecycle=retired").await;
        assert!(retired["data"].as_array().unwrap().iter().all(|it| it["lifecycle"] == "retired"));
        assert!(ids(&retired).contains(&"claude-3-opus-20240229".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_page_or_model_is_anthropics_error() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let claude = claude(&scene.app_user);
        let cases = [
            ("?limit=0", 400, "invalid_request_error", "limit: "),
            ("?limit=1001", 400, "invalid_request_error", "limit: "),
            ("?limit=x", 400, "invalid_request_error", "limit: "),
            ("?after_id=nothing", 400, "invalid_request_error", "after_id: "),
            ("?before_id=nothing", 400, "invalid_request_error", "before_id: "),
            ("?after_id=gpt-4o&before_id=gpt-4o", 400, "invalid_request_error", "before_id: "),
            ("?lifecycle=dead", 400, "invalid_request_error", "lifecycle: "),
            ("/nothing", 404, "not_found_error", "there is no model"),
            ("/text-embedding-3-small", 404, "not_found_error", "there is no model"),
        ];
        for (rest, status, kind, start) in cases {
            let reply = claude.get(&format!("{MODELS}{rest}")).await;

            let told = error_of(&reply);
            assert_eq!((told.0, told.1.as_str()), (status, kind), "{rest}: {}", reply.text);
            assert!(told.2.starts_with(start), "{rest}: {}", told.2);
        }
        let nobody =
            scene.anonymous.with_header("anthropic-version", "2023-06-01").get(MODELS).await;
        assert_eq!(error_of(&nobody).1, "authentication_error");
    })
    .await;
}

#[tokio::test]
async fn only_what_the_caller_may_use_is_listed_and_all_of_it_answers() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let list = json!({"name": "narrow", "allowedModels": ["gpt-4o", "claude-*"]});
        let narrow = claude(&scene.app_with(list).await);

        let listed = ids(&narrow.get(&format!("{MODELS}?limit=1000")).await.expect(200).json());

        assert!(listed.contains(&"gpt-4o".to_owned()), "{listed:?}");
        assert!(listed.iter().all(|id| id == "gpt-4o" || id.starts_with("claude-")), "{listed:?}");
        for id in &listed {
            let reply = narrow.post(MESSAGES, &ask(id, json!({}))).await;
            assert_eq!(reply.status, 200, "{id}: {}", reply.text);
        }
        narrow.get("/v1/models/gpt-4o-mini").await.expect(404);
    })
    .await;
}
