//! Calls by a route's alias, and with fallbacks of the caller's own.

use super::*;

const ROUTES: &str = "/api/admin/ai-routes";

impl Scene<'_> {
    async fn set_route(&self, change: Value) {
        let routes = self.admin.get(ROUTES).await.expect(200).data();
        self.admin.put(&format!("{ROUTES}/{}", routes[0]["id"]), &change).await.expect(200);
    }
}

#[tokio::test]
async fn a_prompt_that_is_too_long_goes_on_where_the_route_says_so() {
    each_scene_with_a_route(async |scene| {
        let long = ROWS.iter().find(|row| row.class == "context_too_long").unwrap();
        let refused = ROWS.iter().find(|row| row.class == "content_refused").unwrap();
        for (row, condition) in [(long, "context_too_long"), (refused, "content_refused")] {
            scene.set_route(json!({"fallbackOn": [condition]})).await;
            scene.fail(row, &[FIRST, SECOND], 3).await;

            let reply = scene.asks("way").await;

            assert_eq!(reply.status, 200, "{}: {}", row.class, reply.text);
            assert_eq!(scene.chats(), [1, 0, 1]);
        }
        // And then nothing else does.
        scene.fail(&ROWS[6], &[FIRST, SECOND], 3).await;
        scene.asks("way").await.expect(503);
        assert_eq!(scene.chats(), [1, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn weights_say_who_is_asked_first() {
    each_scene_with_a_route(async |scene| {
        let target = |code: &str, weight: u32| {
            json!({"providerCode": code, "modelCode": "sim-chat", "weight": weight})
        };
        scene.set_route(json!({"targets": [target("openai", 0), target("deepseek", 5)]})).await;
        for _ in 0..3 {
            let reply = scene.asks("way").await.expect(200);
            assert_eq!(reply.header("x-tollgate-provider"), Some("deepseek"));
        }
        scene.set_route(json!({"targets": [target("openai", 1), target("deepseek", 1)]})).await;
        scene.simulator.forget_calls();
        for _ in 0..40 {
            scene.asks("way").await.expect(200);
        }
        let [openai, _, deepseek] = scene.chats();
        // Either having all of 40 has a chance of one in a million million.
        assert!(openai > 0 && deepseek > 0 && openai + deepseek == 40, "{openai} {deepseek}");
    })
    .await;
}

#[tokio::test]
async fn the_callers_fallbacks_answer_and_no_provider_sees_them() {
    each_scene_with_a_route(async |scene| {
        let limited = ROWS.iter().find(|row| row.class == "rate_limited").unwrap();
        let body = json!({"model": "openai/sim-chat", "max_tokens": 20, "messages": user("Hi"),
            "fallbacks": [{"providerCode": "deepseek", "model": "sim-chat"}]});
        for path in [CHAT, "/v1/messages"] {
            scene.fail(limited, &[FIRST, SECOND], 3).await;
            let reply = scene.app_user.post(path, &body).await.expect(200);
            assert_eq!(reply.header("x-tollgate-provider"), Some("deepseek"), "{path}");
            assert!(scene.simulator.calls().iter().all(|call| call.json()["fallbacks"].is_null()));
        }
        scene.fail(limited, &[FIRST, SECOND], 3).await;
        let body = json!({"providerCode": "openai", "model": "sim-chat", "messages": user("Hi"),
            "fallbacks": [{"providerCode": "deepseek", "model": "sim-chat"}]});
        let path = "/api/ai/chat/completions";
        let answer = scene.app_user.post(path, &body).await.expect(200).data();
        assert_eq!(answer["provider"], "deepseek");

        let wrong = json!({"model": "way", "max_tokens": 9, "messages": user("Hi"), "fallbacks": [{"model": "m"}]});
        let reply = scene.app_user.post(CHAT, &wrong).await.expect(400);
        assert_eq!(reply.json()["error"]["param"], "fallbacks[0].providerCode");
        let reply = scene.app_user.post(path, &wrong).await.expect(422);
        let field = &reply.json()["error"]["details"][0]["field"];
        assert_eq!(field, "fallbacks[0].providerCode");
    })
    .await;
}

#[tokio::test]
async fn an_app_token_reaches_by_an_alias_what_it_may_not_name() {
    each_scene_with_a_route(async |scene| {
        let app = scene.app_with(json!({"name": "a", "allowedModels": ["way"]})).await;
        let elsewhere = json!({"name": "b", "allowedProviders": ["deepseek"]});
        let elsewhere = scene.app_with(elsewhere).await;
        let nothing = scene.app_with(json!({"name": "c", "allowedModels": ["gpt-4o"]})).await;
        let body = |model: &str| json!({"model": model, "messages": user("Hi")});

        let reply = app.post(CHAT, &body("way")).await.expect(200);
        assert_eq!(reply.header("x-tollgate-provider"), Some("openai"));
        app.post(CHAT, &body("openai/sim-chat")).await.expect(403);
        let reply = elsewhere.post(CHAT, &body("way")).await.expect(200);
        assert_eq!(reply.header("x-tollgate-provider"), Some("deepseek"));
        nothing.post(CHAT, &body("way")).await.expect(403);

        let ids = async |caller: &crate::support::Client| {
            let models = caller.get("/v1/models").await.expect(200).json();
            let models = models["data"].as_array().unwrap().clone();
            models.iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&app).await, ["way"]);
        assert!(ids(&elsewhere).await.contains(&"way".to_owned()));
        assert!(!ids(&nothing).await.contains(&"way".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn an_alias_is_listed_until_its_route_is_switched_off() {
    each_scene_with_a_route(async |scene| {
        let listed = scene.app_user.get("/v1/models/way").await.expect(200).json();
        assert_eq!((&listed["id"], &listed["owned_by"]), (&json!("way"), &json!("tollgate")));
        let models = scene.app_user.get("/api/ai/models").await.expect(200).data();
        assert_eq!((&models[0]["id"], &models[0]["isRoute"]), (&json!("way"), &json!(true)));

        scene.set_route(json!({"isActive": false})).await;

        scene.app_user.get("/v1/models/way").await.expect(404);
        let reply = scene.asks("way").await.expect(404);
        assert!(reply.text.contains("the route `way` is not active"), "{}", reply.text);
        assert_eq!(scene.chats(), [0, 0, 0]);
    })
    .await;
}
