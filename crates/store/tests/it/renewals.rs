use tollgate_domain::{ApiKeyId, Secret};
use tollgate_store::api_keys::{ApiKeyPatch, Claim, SealedCredential};
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError};

use crate::support::{at, given_key, given_provider};

async fn given(store: &Store) -> ApiKeyId {
    let provider = given_provider(store, "openai").await;
    given_key(store, provider, "rt-first").await
}

/// Claims it at a second, until ten seconds later.
async fn claim(store: &Store, key: ApiKeyId, second: i64) -> Claim {
    store.api_keys().claim_renewal(key, at(second + 10), at(second)).await.unwrap()
}

async fn claimed(store: &Store, key: ApiKeyId, second: i64) -> SealedCredential {
    match claim(store, key, second).await {
        Claim::Mine(credential) => credential,
        Claim::Busy(_) => panic!("somebody else is at it"),
    }
}

#[tokio::test]
async fn one_at_a_time_renews_and_the_next_one_finds_what_it_wrote() {
    each_database(async |store| {
        let key = given(&store).await;
        let mine = claimed(&store, key, 0).await;
        assert_eq!(mine.secret.expose(), "rt-first");
        for second in [0, 9] {
            assert!(matches!(claim(&store, key, second).await, Claim::Busy(_)), "{second}");
        }

        let renewed = Secret::from("rt-second-canary");
        store.api_keys().end_renewal(key, &mine, Some(&renewed), at(1)).await.unwrap();

        let next = claimed(&store, key, 1).await;
        assert_eq!(next.secret.expose(), "rt-second-canary");
        assert_eq!(store.api_keys().secret_of(key).await.unwrap().expose(), "rt-second-canary");
        let stored = store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap();
        assert!(!stored[0].as_deref().unwrap().contains("canary"), "{stored:?}");
    })
    .await;
}

#[tokio::test]
async fn of_many_who_claim_at_once_one_gets_it() {
    each_database(async |store| {
        let key = given(&store).await;

        let one = || claim(&store, key, 0);
        let claims = tokio::join!(one(), one(), one(), one());

        let claims = [claims.0, claims.1, claims.2, claims.3];
        let mine = claims.iter().filter(|claim| matches!(claim, Claim::Mine(_)));
        assert_eq!(mine.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_claim_ends_without_anything_new_and_when_its_time_is_over() {
    each_database(async |store| {
        let key = given(&store).await;
        let mine = claimed(&store, key, 0).await;
        store.api_keys().end_renewal(key, &mine, None, at(1)).await.unwrap();

        // Its holder vanishes.
        let mine = claimed(&store, key, 1).await;
        assert!(matches!(claim(&store, key, 10).await, Claim::Busy(_)));
        let theirs = claimed(&store, key, 11).await;
        assert_eq!(theirs.secret, mine.secret);
    })
    .await;
}

#[tokio::test]
async fn what_an_operator_wrote_meanwhile_stays() {
    each_database(async |store| {
        let key = given(&store).await;
        let mine = claimed(&store, key, 0).await;
        let patch = ApiKeyPatch { secret: Some(Secret::from("rt-of-ann")), ..Default::default() };
        store.api_keys().update(key, &patch, at(1)).await.unwrap();

        let renewed = Secret::from("rt-second");
        let ended = store.api_keys().end_renewal(key, &mine, Some(&renewed), at(2)).await;

        assert!(matches!(ended, Err(StoreError::NotFound)), "{ended:?}");
        assert_eq!(store.api_keys().secret_of(key).await.unwrap().expose(), "rt-of-ann");
    })
    .await;
}

#[tokio::test]
async fn a_credential_that_was_sealed_anew_meanwhile_is_replaced_all_the_same() {
    each_database(async |store| {
        let key = given(&store).await;
        let mine = claimed(&store, key, 0).await;
        // The same secret, under another nonce.
        let patch = ApiKeyPatch { secret: Some(Secret::from("rt-first")), ..Default::default() };
        store.api_keys().update(key, &patch, at(1)).await.unwrap();

        let renewed = Secret::from("rt-second");
        store.api_keys().end_renewal(key, &mine, Some(&renewed), at(2)).await.unwrap();

        assert_eq!(store.api_keys().secret_of(key).await.unwrap().expose(), "rt-second");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_key_is_not_renewed() {
    each_database(async |store| {
        let key = given(&store).await;
        let mine = claimed(&store, key, 0).await;
        store.api_keys().delete(key, at(1)).await.unwrap();

        let renewed = Secret::from("rt-second");
        let ended = store.api_keys().end_renewal(key, &mine, Some(&renewed), at(2)).await;
        let again = store.api_keys().claim_renewal(key, at(20), at(11)).await;

        assert!(matches!(ended, Err(StoreError::NotFound)), "{ended:?}");
        assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
        assert_eq!(store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap(), [None]);
    })
    .await;
}
