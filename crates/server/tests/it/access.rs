//! Signing in, staying in, being slowed and being put out.

use std::time::Duration;

use serde_json::json;

use crate::support::{ADMIN_PASSWORD, PASSWORD, TestApp, each_app};

const ME: &str = "/api/auth/me";

#[tokio::test]
async fn who_signs_in_gets_a_token_that_says_who_they_are() {
    each_app(async |app: &TestApp| {
        let reply = app.anonymous.login("admin", ADMIN_PASSWORD).await.expect(200);

        insta::allow_duplicates! {
            insta::assert_json_snapshot!(reply.json(), {
                ".data.token" => "[token]", ".data.refreshToken" => "[token]", ".data.expiresAt" => "[time]",
            }, @r#"
            {
              "code": 200,
              "data": {
                "expiresAt": "[time]",
                "refreshToken": "[token]",
                "token": "[token]",
                "user": {
                  "id": 1,
                  "mustChangePassword": false,
                  "role": "admin",
                  "username": "admin"
                }
              }
            }
            "#);
        }
        let me = app.analyst.get(ME).await.expect(200).data();
        assert_eq!(me["role"], "analyst");
        assert_eq!(me["mustChangePassword"], true, "an admin chose their password");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_alike() {
    each_app(async |app: &TestApp| {
        let wrong_name = app.anonymous.login("nobody", PASSWORD).await.expect(401);
        let wrong_password = app.anonymous.login("admin", PASSWORD).await.expect(401);

        assert_eq!(wrong_name.message(), wrong_password.message());
        assert_eq!(wrong_name.json()["error"]["type"], "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_are_slowed_for_that_name_and_address_without_telling_who_exists() {
    each_app(async |app: &TestApp| {
        for name in ["admin", "nobody"] {
            for _ in 0..5 {
                app.anonymous.login(name, "wrong password").await.expect(401);
            }

            let slowed = app.anonymous.login(name, ADMIN_PASSWORD).await.expect(429);

            assert_eq!(slowed.header("retry-after"), Some("1"));
            assert_eq!(slowed.json()["error"]["type"], "rate_limited");
        }
        app.clock.advance(Duration::from_secs(1));
        app.anonymous.login("admin", ADMIN_PASSWORD).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn guesses_sent_at_once_are_no_more_than_guesses_one_by_one() {
    each_app(async |app: &TestApp| {
        let guesses = (0..40).map(|_| app.anonymous.login("admin", "wrong password"));

        let replies = futures_util::future::join_all(guesses).await;

        let looked_at = replies.iter().filter(|reply| reply.status == 401).count();
        // Five, and one after each wait of 1, 2, 4 and 8 seconds that was over meanwhile.
        assert!((5..=9).contains(&looked_at), "{looked_at} of 40 were looked at");
    })
    .await;
}

#[tokio::test]
async fn an_address_with_too_many_failures_is_refused_but_for_who_proves_themselves() {
    each_app(async |app: &TestApp| {
        let limit = json!({"addressLimitPer15Min": 3});
        app.admin.put("/api/admin/settings", &limit).await.expect(200);
        for _ in 0..3 {
            app.anonymous.get(ME).await.expect(401);
        }

        let refused = app.anonymous.get(ME).await.expect(429);
        assert!(refused.header("retry-after").is_some());
        app.anonymous.login("admin", "wrong password").await.expect(429);
        app.admin.get(ME).await.expect(200);
        app.anonymous.login("admin", ADMIN_PASSWORD).await.expect(200);
        for open in ["/health/live", "/health/ready", "/api/docs", "/api/openapi.json"] {
            app.anonymous.get(open).await.expect(200);
        }
        app.clock.advance(Duration::from_secs(15 * 60));
        app.anonymous.get(ME).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_used_again_gives_the_same_for_a_while_and_then_ends_the_session() {
    each_app(async |app: &TestApp| {
        let grant = app.anonymous.login("admin", ADMIN_PASSWORD).await.expect(200).data();
        let refresh = json!({"refreshToken": grant["refreshToken"]});
        let renewed = app.anonymous.post("/api/auth/refresh", &refresh).await.expect(200).data();
        let client = app.anonymous.with_token(renewed["token"].as_str().unwrap());
        client.get(ME).await.expect(200);

        app.clock.advance(Duration::from_secs(5));
        let again = app.anonymous.post("/api/auth/refresh", &refresh).await.expect(200).data();
        assert_eq!(again["refreshToken"], renewed["refreshToken"], "the first answer was lost");
        client.get(ME).await.expect(200);
        app.clock.advance(Duration::from_secs(6));
        app.anonymous.post("/api/auth/refresh", &refresh).await.expect(401);

        client.get(ME).await.expect(401);
        let newest = json!({"refreshToken": renewed["refreshToken"]});
        app.anonymous.post("/api/auth/refresh", &newest).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all_of_them() {
    each_app(async |app: &TestApp| {
        let first = app.anonymous.signed_in("admin", ADMIN_PASSWORD).await;
        let second = app.anonymous.signed_in("admin", ADMIN_PASSWORD).await;

        first.post("/api/auth/logout", &json!({})).await.expect(200);
        first.get(ME).await.expect(401);
        second.get(ME).await.expect(200);

        second.post("/api/auth/logout?all=true", &json!({})).await.expect(200);
        second.get(ME).await.expect(401);
        app.admin.get(ME).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_every_session_but_the_one_it_begins() {
    each_app(async |app: &TestApp| {
        let change =
            |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
        let wrong = change("wrong password", "a new password");
        let refused = app.analyst.post("/api/auth/password", &wrong).await.expect(422);
        assert_eq!(refused.message(), "currentPassword: is not your password");

        let right = change(PASSWORD, "a new password");
        let grant = app.analyst.post("/api/auth/password", &right).await.expect(200).data();

        assert_eq!(grant["user"]["mustChangePassword"], false);
        app.analyst.get(ME).await.expect(401);
        let client = app.anonymous.with_token(grant["token"].as_str().unwrap());
        client.get(ME).await.expect(200);
        app.anonymous.login("analyst", PASSWORD).await.expect(401);
        app.anonymous.login("analyst", "a new password").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_session_token_stops_working_at_its_end() {
    each_app(async |app: &TestApp| {
        app.clock.advance(Duration::from_secs(3500));
        app.admin.get(ME).await.expect(200);
        app.clock.advance(Duration::from_secs(101));
        app.admin.get(ME).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_user_who_is_switched_off_is_out_at_once() {
    each_app(async |app: &TestApp| {
        let id = app.analyst.get(ME).await.data()["id"].clone();

        let path = format!("/api/admin/users/{id}");
        app.admin.put(&path, &json!({"isActive": false})).await.expect(200);

        app.analyst.get(ME).await.expect(401);
        app.anonymous.login("analyst", PASSWORD).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn an_app_token_opens_what_its_scopes_say_until_it_ends() {
    each_app(async |app: &TestApp| {
        let ends = chrono::SecondsFormat::Millis;
        let ends = (tollgate_domain::Clock::now(&*app.clock) + Duration::from_secs(60))
            .to_rfc3339_opts(ends, true);
        let chat = app.app_token(&json!({"name": "shop", "expiresAt": ends})).await;
        let admin = app.app_token(&json!({"name": "ops", "scopes": ["admin"]})).await;
        assert!(chat.token().starts_with("tg-"));

        chat.get("/api/ai/models").await.expect(200);
        chat.get("/api/admin/users").await.expect(403);
        let no_session = chat.get(ME).await.expect(403);
        assert!(no_session.message().starts_with("an app token has no session"));
        admin.get("/api/admin/users").await.expect(200);
        let header = app.anonymous.with_header("x-api-key", admin.token());
        header.get("/api/admin/users").await.expect(200);

        app.clock.advance(Duration::from_secs(61));
        chat.get("/api/ai/models").await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn an_app_token_that_is_switched_off_or_deleted_is_out_at_once() {
    each_app(async |app: &TestApp| {
        let token = app.app_token(&json!({"name": "shop"})).await;
        let list = app.admin.get("/api/admin/app-tokens").await.expect(200).data();
        let path = format!("/api/admin/app-tokens/{}", list[0]["id"]);

        app.admin.put(&path, &json!({"isActive": false})).await.expect(200);
        token.get("/api/ai/models").await.expect(401);
        app.admin.put(&path, &json!({"isActive": true})).await.expect(200);
        token.get("/api/ai/models").await.expect(200);
        app.admin.delete(&path).await.expect(200);
        token.get("/api/ai/models").await.expect(401);
    })
    .await;
}
