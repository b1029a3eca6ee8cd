use std::os::unix::fs::PermissionsExt;

use tollgate_domain::Secret;
use tollgate_store::testing::{TestDatabase, each_database};
use tollgate_store::{Store, StoreError, StoreOptions};

use crate::support::{at, given_key, given_model, given_provider};

fn options(url: &str) -> StoreOptions {
    StoreOptions { url: Secret::from(url), max_connections: 1, sealer: None }
}

#[tokio::test]
async fn an_open_database_gives_a_sign_of_life_and_a_closed_one_is_unavailable() {
    each_database(async |store| {
        store.ping().await.unwrap();

        store.close().await;

        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable() {
    let error = Store::open(&options("mysql://nobody@127.0.0.1:1/nothing")).await.unwrap_err();

    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_with_what_is_expected() {
    let error = Store::open(&options("postgres://u:canary@127.0.0.1/x")).await.unwrap_err();

    let message = error.to_string();
    assert!(message.contains("begins with mysql:// or sqlite://"), "{message}");
    assert!(!message.contains("canary"), "{message}");
}

#[tokio::test]
async fn a_database_in_memory_is_one_and_lasts() {
    let store = Store::open(&options("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();

    store.seed(at(0)).await.unwrap();

    assert_eq!(store.models().all().await.unwrap().len(), 102);
}

#[tokio::test]
async fn only_the_owner_may_read_an_embedded_database() {
    let database = TestDatabase::sqlite();
    let store = database.open(None).await;
    store.migrate().await.unwrap();

    let path = database.url().trim_start_matches("sqlite://");
    for ending in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{ending}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{ending}");
    }
}

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
