use std::sync::Arc;

use tollgate_domain::api_key::{KeyLimits, KeyState, KeyStatus};
use tollgate_domain::{ApiKeyId, ProviderId, Secret};
use tollgate_store::StoreError;
use tollgate_store::api_keys::{ApiKeyPatch, NewApiKey};
use tollgate_store::testing::each_database;

use crate::support::{at, given_key, given_provider, new_key};

#[tokio::test]
async fn a_key_comes_back_masked_and_its_secret_only_when_asked_for() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let new = NewApiKey {
            base_url: Some("https://eu.example/v1".to_owned()),
            priority: 5,
            weight: 3,
            limits: KeyLimits {
                rpm: Some(0),
                tpm: Some(5_000_000_000),
                rpd: None,
                max_concurrent: Some(2),
            },
            is_active: false,
            ..NewApiKey::new("OpenAI主Key", Secret::from("sk-proj-canary-1234"))
        };

        let key = store.api_keys().insert(provider, &new, at(1)).await.unwrap();

        assert_eq!(key.name, "OpenAI主Key");
        assert_eq!(key.hint, "sk-p...1234");
        assert_eq!((key.priority, key.weight, key.is_active), (5, 3, false));
        assert_eq!(key.limits, new.limits);
        assert_eq!(key.state, KeyState::default());
        assert_eq!(key.base_url, new.base_url);
        assert_eq!(store.api_keys().find(key.id).await.unwrap(), key);
        assert_eq!(store.api_keys().list(provider).await.unwrap().first(), Some(&key));
        let secret = store.api_keys().secret_of(key.id).await.unwrap();
        assert_eq!(secret.expose(), "sk-proj-canary-1234");
        let stored = store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap();
        let stored = stored[0].clone().unwrap();
        assert!(stored.starts_with("v1:") && !stored.contains("canary"), "{stored}");
    })
    .await;
}

#[tokio::test]
async fn the_same_key_twice_is_refused_and_another_provider_may_have_it() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        given_key(&store, one, "sk-a").await;
        let other = given_key(&store, one, "sk-b").await;

        let again = store.api_keys().insert(one, &new_key("sk-a"), at(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "apiKey" })));
        let patch = ApiKeyPatch { secret: Some(Secret::from("sk-a")), ..ApiKeyPatch::default() };
        let changed = store.api_keys().update(other, &patch, at(1)).await;
        assert!(matches!(changed, Err(StoreError::Conflict { field: "apiKey" })));

        given_key(&store, two, "sk-a").await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_key_is_wiped_and_may_be_added_again() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_key(&store, provider, "sk-a").await;

        store.api_keys().delete(id, at(1)).await.unwrap();

        assert!(matches!(store.api_keys().find(id).await, Err(StoreError::NotFound)));
        assert!(matches!(store.api_keys().secret_of(id).await, Err(StoreError::NotFound)));
        assert!(matches!(store.api_keys().delete(id, at(2)).await, Err(StoreError::NotFound)));
        assert_eq!(store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap(), [None]);
        assert_ne!(given_key(&store, provider, "sk-a").await, id);
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_starts_with_a_clean_state_and_the_rest_stays() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_key(&store, provider, "sk-old-123456789").await;
        let refused = KeyState {
            status: KeyStatus::Invalid,
            reason: Some("401".to_owned()),
            cooling_until: Some(at(9)),
            error_count: 4,
            last_error: Some("no".to_owned()),
        };
        store.api_keys().set_state(id, &refused, at(1)).await.unwrap();
        assert_eq!(store.api_keys().find(id).await.unwrap().state, refused);

        let patch = ApiKeyPatch {
            secret: Some(Secret::from("sk-new-987654321")),
            rpm: Some(Some(60)),
            ..ApiKeyPatch::default()
        };
        let key = store.api_keys().update(id, &patch, at(2)).await.unwrap();

        assert_eq!(key.state, KeyState::default());
        assert_eq!(key.hint, "sk-n...4321");
        assert_eq!((key.name.as_str(), key.limits.rpm), ("main", Some(60)));
        let secret = store.api_keys().secret_of(id).await.unwrap();
        assert_eq!(secret.expose(), "sk-new-987654321");

        let patch = ApiKeyPatch { rpm: Some(None), ..ApiKeyPatch::default() };
        assert_eq!(store.api_keys().update(id, &patch, at(3)).await.unwrap().limits.rpm, None);
    })
    .await;
}

#[tokio::test]
async fn a_state_is_no_change_of_configuration_and_a_validation_is_one() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_key(&store, provider, "sk-a").await;
        let before = store.settings().config_version().await.unwrap();
        let long = KeyState { last_error: Some("错".repeat(700)), ..KeyState::default() };

        store.api_keys().set_state(id, &long, at(1)).await.unwrap();
        assert_eq!(store.settings().config_version().await.unwrap(), before);
        let key = store.api_keys().find(id).await.unwrap();
        assert_eq!(key.state.last_error.unwrap().chars().count(), 500);
        assert_eq!(key.last_validated_at, None);

        store.api_keys().mark_validated(id, &KeyState::default(), at(2)).await.unwrap();
        assert_eq!(store.settings().config_version().await.unwrap(), before + 1);
        let key = store.api_keys().find(id).await.unwrap();
        assert_eq!((key.state, key.last_validated_at), (KeyState::default(), Some(at(2))));
    })
    .await;
}

#[tokio::test]
async fn a_key_of_no_provider_and_a_key_that_is_not_there_are_not_found() {
    each_database(async |store| {
        let nowhere = store.api_keys().insert(ProviderId::new(404), &new_key("sk-a"), at(1)).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound)));
        let state =
            store.api_keys().set_state(ApiKeyId::new(404), &KeyState::default(), at(1)).await;
        assert!(matches!(state, Err(StoreError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn of_many_who_add_the_same_key_at_once_one_succeeds() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let store = Arc::new(store);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let store = Arc::clone(&store);
            tasks.spawn(async move {
                store.api_keys().insert(provider, &new_key("sk-same"), at(1)).await
            });
        }

        let results = tasks.join_all().await;

        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let conflicts = results
            .iter()
            .filter(|result| matches!(result, Err(StoreError::Conflict { field: "apiKey" })));
        assert_eq!(conflicts.count(), 15, "{results:?}");
    })
    .await;
}

#[tokio::test]
async fn priorities_are_set_all_at_once_or_not_at_all() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        let a = given_key(&store, one, "sk-a").await;
        let b = given_key(&store, one, "sk-b").await;
        let foreign = given_key(&store, two, "sk-c").await;
        let order = async || -> Vec<(ApiKeyId, i64)> {
            let keys = store.api_keys().list(one).await.unwrap();
            keys.into_iter().map(|key| (key.id, key.priority)).collect()
        };

        store.api_keys().set_priorities(one, &[(b, 20), (a, 10)], at(1)).await.unwrap();
        assert_eq!(order().await, [(b, 20), (a, 10)]);

        let refused = store.api_keys().set_priorities(one, &[(a, 30), (foreign, 5)], at(2)).await;
        assert!(matches!(refused, Err(StoreError::NotFound)));
        assert_eq!(order().await, [(b, 20), (a, 10)]);
        store.api_keys().delete(b, at(3)).await.unwrap();
        let gone = store.api_keys().set_priorities(one, &[(b, 1)], at(4)).await;
        assert!(matches!(gone, Err(StoreError::NotFound)));
    })
    .await;
}
