use tollgate_domain::{ProviderId, Secret};
use tollgate_store::api_keys::{ApiKeyPatch, Imported, NewApiKey};
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError};

use crate::support::{at, given_key, given_provider};

const SECRET: &str = "sk-imported-canary-0001";

/// Imports a key whose source is its secret.
async fn import(store: &Store, provider: ProviderId, secret: &str) -> Imported {
    let new = NewApiKey::new("OPENAI_API_KEY", Secret::from(secret));
    store.api_keys().import(provider, &new, &new.secret, at(1)).await.unwrap()
}

#[tokio::test]
async fn a_key_is_imported_once_and_sealed() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let version = store.settings().config_version().await.unwrap();

        let Imported::New(id) = import(&store, provider, SECRET).await else {
            panic!("it is new");
        };

        assert_eq!(store.settings().config_version().await.unwrap(), version + 1);
        assert_eq!(store.api_keys().find(id).await.unwrap().name, "OPENAI_API_KEY");
        assert_eq!(store.api_keys().secret_of(id).await.unwrap().expose(), SECRET);
        for column in ["api_key", "key_fingerprint", "import_mark"] {
            let sql = format!("SELECT {column} FROM t_ai_api_keys");
            let kept = store.query_texts(&sql).await.unwrap()[0].clone().unwrap();
            assert!(!kept.contains("canary"), "{column}: {kept}");
        }
        assert_eq!(import(&store, provider, SECRET).await, Imported::Before);
        assert_eq!(store.settings().config_version().await.unwrap(), version + 1);
        assert_eq!(store.api_keys().list(provider).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_imported_stays_as_it_was_left() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let Imported::New(changed) = import(&store, provider, SECRET).await else {
            panic!("it is new");
        };
        let Imported::New(deleted) = import(&store, provider, "sk-second-0002").await else {
            panic!("it is new");
        };
        let patch = ApiKeyPatch { secret: Some(Secret::from("sk-other")), ..Default::default() };
        store.api_keys().update(changed, &patch, at(2)).await.unwrap();
        store.api_keys().delete(deleted, at(2)).await.unwrap();

        for secret in [SECRET, "sk-second-0002"] {
            assert_eq!(import(&store, provider, secret).await, Imported::Before, "{secret}");
        }

        assert_eq!(store.api_keys().secret_of(changed).await.unwrap().expose(), "sk-other");
        assert_eq!(store.api_keys().list(provider).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_somebody_had_added_is_known_and_then_counts_as_imported() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        let added = given_key(&store, one, SECRET).await;

        assert_eq!(import(&store, one, SECRET).await, Imported::Known(added));
        store.api_keys().delete(added, at(2)).await.unwrap();
        assert_eq!(import(&store, one, SECRET).await, Imported::Before);
        // Another provider's keys are another matter.
        assert!(matches!(import(&store, two, SECRET).await, Imported::New(_)));

        let new = NewApiKey::new("k", Secret::from("sk-x"));
        let nowhere = ProviderId::new(404);
        let refused = store.api_keys().import(nowhere, &new, &new.secret, at(1)).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    })
    .await;
}
