//! Rows that a newer version or a person wrote, and this version cannot read.

use tollgate_domain::AppTokenId;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::page::Page;
use tollgate_domain::setting::Settings;
use tollgate_domain::user::Role;
use tollgate_store::StoreError;
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::testing::each_database;
use tollgate_store::users::NewUser;

use crate::calls::answered;
use crate::support::{at, given_key, given_model, given_provider};

#[tokio::test]
async fn a_word_of_a_newer_version_takes_no_other_row_along() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        given_model(&store, one, "m").await;
        let key = given_key(&store, one, "sk-a").await;
        let newer = given_key(&store, one, "sk-b").await;
        for sql in [
            "UPDATE t_ai_providers SET lb_strategy = 'quantum'".to_owned(),
            format!("UPDATE t_ai_providers SET protocol = 'telepathy' WHERE id = {two}"),
            "UPDATE t_ai_models SET lifecycle = 'embalmed', model_type = 'smell'".to_owned(),
            format!("UPDATE t_ai_api_keys SET credential_kind = 'retina' WHERE id = {newer}"),
            format!("UPDATE t_ai_api_keys SET status = 'bored' WHERE id = {key}"),
        ] {
            store.execute_sql(&sql).await.unwrap();
        }

        let providers = store.providers().list(&Default::default()).await.unwrap();
        let opened = store.api_keys().open_all().await.unwrap();

        assert_eq!(providers.iter().map(|row| row.id).collect::<Vec<_>>(), [one]);
        assert_eq!(store.models().all().await.unwrap().len(), 1);
        assert_eq!(opened.iter().map(|row| row.key.id).collect::<Vec<_>>(), [key]);
        let found = store.providers().find(two).await;
        assert!(matches!(found, Err(StoreError::Corrupt { column: "protocol", .. })), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn json_of_the_wrong_kind_takes_no_other_row_along() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        given_model(&store, one, "m").await;
        let tokens = [given_token(&store, 1).await, given_token(&store, 2).await];
        for sql in [
            format!("UPDATE t_ai_providers SET extra_headers = '{{\"a\": 1}}' WHERE id = {two}"),
            "UPDATE t_ai_models SET constraints = '[]'".to_owned(),
            format!("UPDATE t_app_tokens SET allowed_models = '\"m\"' WHERE id = {}", tokens[1]),
            "INSERT INTO t_settings (name, value) VALUES ('corsOrigins', '7')".to_owned(),
        ] {
            store.execute_sql(&sql).await.unwrap();
        }

        let providers = store.providers().list(&Default::default()).await.unwrap();
        let found = store.app_tokens().all_with_hash().await.unwrap();

        assert_eq!(providers.iter().map(|row| row.id).collect::<Vec<_>>(), [one]);
        assert_eq!(found.iter().map(|(_, token)| token.id).collect::<Vec<_>>(), [tokens[0]]);
        assert!(store.models().all().await.unwrap()[0].constraints.is_empty());
        assert_eq!(store.settings().load().await.unwrap(), Settings::default());
    })
    .await;
}

async fn given_token(store: &tollgate_store::Store, number: u8) -> AppTokenId {
    let new = NewAppToken {
        name: format!("token {number}"),
        token_hash: [number; 32],
        hint: String::new(),
        owner_id: None,
        scopes: Vec::new(),
        allowed_models: vec!["m".to_owned()],
        allowed_providers: Vec::new(),
        limits: AppLimits::default(),
        budget: Budget::default(),
        expires_at: None,
        is_active: true,
    };
    store.app_tokens().insert(&new, at(0)).await.unwrap().id
}

#[tokio::test]
async fn an_unknown_role_action_or_status_takes_no_other_row_along() {
    each_database(async |store| {
        for username in ["anna", "bert"] {
            let new = NewUser {
                username: username.to_owned(),
                password_hash: String::new(),
                role: Role::Analyst,
                is_active: true,
                must_change_password: false,
            };
            store.users().insert(&new, at(0)).await.unwrap();
            let actor = Actor { user_id: None, app_id: None, name: username.to_owned(), ip: None };
            let entry = AuditEntry {
                actor,
                action: Action::Create,
                resource: "key",
                resource_id: None,
                before: None,
                after: None,
                at: at(0),
            };
            store.audit_logs().insert(&entry).await.unwrap();
        }
        let (known, unknown) = (answered(at(0)), ApiLog { latency_ms: 999, ..answered(at(1)) });
        store.api_logs().ship(None, &[known.clone(), unknown.clone()]).await.unwrap();
        for sql in [
            "UPDATE t_users SET role = 'auditor' WHERE username = 'bert'",
            "UPDATE t_audit_logs SET action = 'admire' WHERE actor_name = 'bert'",
            "UPDATE t_ai_api_logs SET status = 'interrupted' WHERE latency_ms = 999",
        ] {
            store.execute_sql(sql).await.unwrap();
        }

        let users = store.users().all().await.unwrap();
        let audit = store.audit_logs().list(&Default::default(), Page::default()).await.unwrap();
        let calls = store.api_logs().list(&Default::default(), Page::default()).await.unwrap();

        assert_eq!(users.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["anna"]);
        assert_eq!((audit.rows.len(), audit.rows[0].actor.name.as_str()), (1, "anna"));
        assert_eq!(calls.rows.len(), 1);
        assert_eq!(calls.rows[0].log.request_id, known.request_id);
        assert_eq!(store.api_logs().attempts_of(unknown.request_id).await.unwrap(), []);
    })
    .await;
}
