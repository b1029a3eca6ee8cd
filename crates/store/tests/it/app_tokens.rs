use chrono::Datelike;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::app_token::{AppToken, Scope};
use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};
use tollgate_domain::{AppTokenId, NanoUsd, UserId};
use tollgate_store::app_tokens::{AppTokenPatch, NewAppToken};
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError};

use crate::calls::answered;
use crate::support::at;

fn new_token(name: &str, number: u8) -> NewAppToken {
    NewAppToken {
        name: name.to_owned(),
        token_hash: [number; 32],
        hint: format!("tg-a...000{number}"),
        owner_id: Some(UserId::new(1)),
        scopes: vec![Scope::Chat],
        allowed_models: vec!["gpt-4o".to_owned(), "模型".to_owned()],
        allowed_providers: Vec::new(),
        limits: AppLimits { rpm: Some(60), ..AppLimits::default() },
        budget: Budget { cap: Some(NanoUsd::new(5)), period: BudgetPeriod::Day },
        expires_at: Some(at(500)),
        is_active: true,
    }
}

async fn given_token(store: &Store, name: &str, number: u8) -> AppToken {
    store.app_tokens().insert(&new_token(name, number), at(0)).await.unwrap()
}

#[tokio::test]
async fn a_token_comes_back_as_made_and_is_known_by_its_hash() {
    each_database(async |store| {
        let token = given_token(&store, "shop", 1).await;

        let expected = AppToken {
            id: token.id,
            name: "shop".to_owned(),
            hint: "tg-a...0001".to_owned(),
            owner_id: Some(UserId::new(1)),
            scopes: vec![Scope::Chat],
            allowed_models: vec!["gpt-4o".to_owned(), "模型".to_owned()],
            allowed_providers: Vec::new(),
            limits: AppLimits { rpm: Some(60), ..AppLimits::default() },
            budget: Budget { cap: Some(NanoUsd::new(5)), period: BudgetPeriod::Day },
            requests_count_today: 0,
            counted_on: None,
            expires_at: Some(at(500)),
            is_active: true,
            last_used_at: None,
            created_at: at(0),
            updated_at: at(0),
        };
        assert_eq!(token, expected);
        assert_eq!(store.app_tokens().find(token.id).await.unwrap(), expected);
        assert_eq!(store.app_tokens().all_with_hash().await.unwrap(), [([1; 32], expected)]);
    })
    .await;
}

#[tokio::test]
async fn the_same_token_twice_is_refused_even_after_its_deletion() {
    each_database(async |store| {
        let token = given_token(&store, "shop", 1).await;
        store.app_tokens().delete(token.id, at(1)).await.unwrap();

        let again = store.app_tokens().insert(&new_token("other", 1), at(2)).await;

        assert!(matches!(again, Err(StoreError::Conflict { field: "token" })));
    })
    .await;
}

#[tokio::test]
async fn tokens_are_listed_by_name_and_searched_by_name_or_hint() {
    each_database(async |store| {
        for (number, name) in ["shop", "Blog", "shop"].into_iter().enumerate() {
            given_token(&store, name, u8::try_from(number).unwrap()).await;
        }
        let hints = async |search| {
            let tokens = store.app_tokens().list(search).await.unwrap();
            tokens.into_iter().map(|token| token.hint).collect::<Vec<_>>()
        };

        assert_eq!(hints(None).await, ["tg-a...0001", "tg-a...0000", "tg-a...0002"]);
        assert_eq!(hints(Some("SHOP")).await, ["tg-a...0000", "tg-a...0002"]);
        assert_eq!(hints(Some("0001")).await, ["tg-a...0001"]);
    })
    .await;
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_null_clears() {
    each_database(async |store| {
        let token = given_token(&store, "shop", 1).await;

        let patch = AppTokenPatch {
            scopes: Some(vec![Scope::Admin]),
            allowed_models: Some(Vec::new()),
            rpm: Some(None),
            tpm: Some(Some(1_000)),
            budget: Some(Some(NanoUsd::new(i64::MAX))),
            expires_at: Some(None),
            ..AppTokenPatch::default()
        };
        let changed = store.app_tokens().update(token.id, &patch, at(1)).await.unwrap();

        let expected = AppToken {
            scopes: vec![Scope::Admin],
            allowed_models: Vec::new(),
            limits: AppLimits { tpm: Some(1_000), ..AppLimits::default() },
            budget: Budget { cap: Some(NanoUsd::new(i64::MAX)), period: BudgetPeriod::Day },
            expires_at: None,
            updated_at: at(1),
            ..token
        };
        assert_eq!(changed, expected);
        let off = AppTokenPatch {
            name: Some("old shop".to_owned()),
            is_active: Some(false),
            allowed_providers: Some(vec!["openai".to_owned()]),
            budget: Some(None),
            budget_period: Some(BudgetPeriod::Month),
            ..AppTokenPatch::default()
        };
        let off = store.app_tokens().update(changed.id, &off, at(2)).await.unwrap();
        assert_eq!((off.name.as_str(), off.is_active), ("old shop", false));
        assert_eq!(off.allowed_providers, ["openai"]);
        assert_eq!(off.budget, Budget { cap: None, period: BudgetPeriod::Month });
    })
    .await;
}

#[tokio::test]
async fn a_deleted_token_is_gone() {
    each_database(async |store| {
        let token = given_token(&store, "shop", 1).await;

        store.app_tokens().delete(token.id, at(1)).await.unwrap();

        assert!(store.app_tokens().all_with_hash().await.unwrap().is_empty());
        assert!(matches!(store.app_tokens().find(token.id).await, Err(StoreError::NotFound)));
        for gone in [token.id, AppTokenId::new(99)] {
            let patch = AppTokenPatch::default();
            let changed = store.app_tokens().update(gone, &patch, at(2)).await;
            assert!(matches!(changed, Err(StoreError::NotFound)));
            let deleted = store.app_tokens().delete(gone, at(2)).await;
            assert!(matches!(deleted, Err(StoreError::NotFound)));
        }
    })
    .await;
}

#[tokio::test]
async fn the_latest_use_is_remembered_and_calls_that_reached_a_provider_are_counted_by_day() {
    each_database(async |store| {
        const DAY: i64 = 24 * 3600;
        let token = given_token(&store, "shop", 1).await;
        let call = |seconds, attempt, is_final| ApiLog {
            app_id: Some(token.id),
            attempt,
            is_final,
            ..answered(at(seconds))
        };
        let told = async |logs: &[ApiLog]| {
            store.api_logs().ship(None, logs).await.unwrap();
            let used = store.app_tokens().find(token.id).await.unwrap();
            assert_eq!(used.updated_at, at(0));
            (used.requests_count_today, used.counted_on, used.last_used_at)
        };

        let today = Some(at(4).date_naive());
        let calls = [call(9, 1, true), call(4, 1, false), call(5, 2, true), call(6, 0, true)];
        assert_eq!(told(&calls).await, (2, today, Some(at(9))));
        assert_eq!(told(&[call(10, 1, true)]).await, (3, today, Some(at(10))));
        let tomorrow = Some(at(DAY).date_naive());
        assert_eq!(told(&[call(DAY, 1, true)]).await, (1, tomorrow, Some(at(DAY))));
        assert_eq!(told(&[call(11, 1, true)]).await, (1, tomorrow, Some(at(DAY))));
    })
    .await;
}

#[tokio::test]
async fn a_scope_of_a_newer_version_grants_nothing() {
    each_database(async |store| {
        let token = given_token(&store, "shop", 1).await;
        let sql = r#"UPDATE t_app_tokens SET scopes = '["fly","chat"]', allowed_models = NULL"#;
        store.execute_sql(sql).await.unwrap();

        let read = store.app_tokens().find(token.id).await.unwrap();

        assert_eq!(read.scopes, [Scope::Chat]);
        assert_eq!(read.allowed_models, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn every_change_of_a_token_is_a_change_of_configuration_and_its_use_is_not() {
    each_database(async |store| {
        let version = async || store.settings().config_version().await.unwrap();
        let before = version().await;

        let token = given_token(&store, "shop", 1).await;
        store.app_tokens().update(token.id, &AppTokenPatch::default(), at(1)).await.unwrap();
        let call = ApiLog { app_id: Some(token.id), ..answered(at(2)) };
        store.api_logs().ship(None, &[call]).await.unwrap();
        store.app_tokens().delete(token.id, at(3)).await.unwrap();

        assert_eq!(version().await, before + 3);
    })
    .await;
}

#[tokio::test]
async fn a_token_may_last_beyond_the_end_of_32_bit_seconds() {
    each_database(async |store| {
        for (number, year) in [(1, 2037), (2, 2039), (3, 2106), (4, 2500), (5, 9999)] {
            let expires_at = at(0).with_year(year);
            let new = NewAppToken { expires_at, ..new_token("lasting", number) };

            let token = store.app_tokens().insert(&new, at(0)).await.unwrap();

            assert_eq!(token.expires_at, expires_at, "{year}");
        }
    })
    .await;
}
