use tollgate_domain::api_key::{KeyStatus, OpenedKey};
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_store::api_keys::{PlaintextVerdict, ResealReport};
use tollgate_store::testing::{TestStore, each_database, test_keyring};
use tollgate_store::{Keyring, SealError, SealingKey, Store, StoreError};

use crate::support::{at, given_key, given_provider, new_key};

/// Adds a key as the guide does it with a MySQL client.
async fn typed_in(store: &Store, provider: ProviderId, name: &str, secret: &str) {
    let sql = format!(
        "INSERT INTO t_ai_api_keys
             (provider_id, key_name, api_key, priority, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd)
         VALUES ({provider}, '{name}', '{secret}', 100, 500, 90000, 10000)"
    );
    store.execute_sql(&sql).await.unwrap();
}

async fn opened(store: &Store, id: ApiKeyId) -> OpenedKey {
    let all = store.api_keys().open_all().await.unwrap();
    all.into_iter().find(|opened| opened.key.id == id).unwrap()
}

fn secret(opened: &OpenedKey) -> Option<&str> {
    opened.secret.as_ref().map(|secret| secret.expose().as_str())
}

#[tokio::test]
async fn a_key_typed_in_with_plain_sql_is_sealed_stamped_and_put_to_use() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        typed_in(&store, provider, "typed", " sk-typed-canary-9876 ").await;
        let before = store.settings().config_version().await.unwrap();

        let outcomes = store.api_keys().seal_plaintext(at(60)).await.unwrap();

        assert_eq!(outcomes.len(), 1);
        assert_eq!(outcomes[0].verdict, PlaintextVerdict::Sealed);
        let opened = opened(&store, outcomes[0].id).await;
        assert_eq!(secret(&opened), Some("sk-typed-canary-9876"));
        assert_eq!(opened.key.hint, "sk-t...9876");
        assert_eq!((opened.key.created_at, opened.key.updated_at), (at(60), at(60)));
        assert_eq!(opened.key.limits.rpd, Some(10_000));
        assert!(opened.key.is_active);
        assert!(store.settings().config_version().await.unwrap() > before);
        let stored = store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap();
        assert!(!stored[0].as_ref().unwrap().contains("canary"));
        let again =
            store.api_keys().insert(provider, &new_key("sk-typed-canary-9876"), at(61)).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "apiKey" })));
    })
    .await;
}

#[tokio::test]
async fn nothing_typed_in_changes_nothing() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        given_key(&store, provider, "sk-a").await;
        let before = store.settings().config_version().await.unwrap();

        assert_eq!(store.api_keys().seal_plaintext(at(60)).await.unwrap(), []);
        assert_eq!(store.settings().config_version().await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn a_typed_in_key_that_is_there_already_is_wiped_made_inactive_and_says_why() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let first = given_key(&store, provider, "sk-a").await;
        typed_in(&store, provider, "again", "sk-a").await;
        typed_in(&store, provider, "twin 1", "sk-b").await;
        typed_in(&store, provider, "twin 2", "sk-b").await;
        typed_in(&store, provider, "blank", "  ").await;

        let outcomes = store.api_keys().seal_plaintext(at(60)).await.unwrap();

        let verdicts: Vec<_> = outcomes.iter().map(|outcome| outcome.verdict.clone()).collect();
        let twin = outcomes[1].id;
        assert_eq!(
            verdicts,
            [
                PlaintextVerdict::Duplicate { of: first },
                PlaintextVerdict::Sealed,
                PlaintextVerdict::Duplicate { of: twin },
                PlaintextVerdict::Empty,
            ]
        );
        let again = opened(&store, outcomes[0].id).await;
        assert!(!again.key.is_active);
        assert_eq!(again.key.state.status, KeyStatus::Invalid);
        assert!(again.key.state.reason.as_ref().unwrap().contains(&format!("main (id {first})")));
        assert_eq!(secret(&again), None);
        let left = store
            .query_texts("SELECT api_key FROM t_ai_api_keys WHERE api_key NOT LIKE 'v1:%'")
            .await
            .unwrap();
        assert_eq!(left, []);
    })
    .await;
}

#[tokio::test]
async fn a_secret_replaced_with_plain_sql_is_sealed_in_its_place() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_key(&store, provider, "sk-old").await;
        store.execute_sql("UPDATE t_ai_api_keys SET api_key = 'sk-new'").await.unwrap();

        store.api_keys().seal_plaintext(at(60)).await.unwrap();

        let opened = opened(&store, id).await;
        assert_eq!(secret(&opened), Some("sk-new"));
        assert_eq!((opened.key.created_at, opened.key.updated_at), (at(0), at(60)));
        given_key(&store, provider, "sk-old").await;
    })
    .await;
}

#[tokio::test]
async fn two_instances_that_seal_at_once_seal_each_key_once() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        typed_in(&store, provider, "typed", "sk-a").await;
        let other = store.database.open(Some(test_keyring())).await;

        let (one, two) =
            tokio::join!(async { store.api_keys().seal_plaintext(at(60)).await }, async {
                other.api_keys().seal_plaintext(at(60)).await
            },);

        assert_eq!(one.unwrap().len() + two.unwrap().len(), 1);
    })
    .await;
}

async fn with_keys(store: &TestStore, current: &SealingKey, old: &[SealingKey]) -> Store {
    store.database.open(Some(Keyring::new(current.clone(), old.to_vec()))).await
}

#[tokio::test]
async fn a_lost_sealing_key_marks_what_does_not_open_and_the_rest_is_served() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let lost = given_key(&store, provider, "sk-lost").await;
        let after = with_keys(&store, &SealingKey::generate(), &[]).await;
        let fine = given_key(&after, provider, "sk-fine").await;

        let found = opened(&after, lost).await;

        assert_eq!(secret(&found), None);
        assert_eq!(found.key.state.status, KeyStatus::Undecryptable);
        let reason = found.key.state.reason.unwrap();
        assert!(reason.contains(test_keyring().current_id()), "{reason}");
        assert_eq!(secret(&opened(&after, fine).await), Some("sk-fine"));
        let stored = store.api_keys().find(lost).await.unwrap();
        assert_eq!(stored.state.status, KeyStatus::Undecryptable);
        let error = after.api_keys().secret_of(lost).await.unwrap_err();
        assert!(matches!(error, StoreError::Seal(SealError::UnknownKey { .. })), "{error:?}");

        let found = opened(&store, lost).await;
        assert_eq!(secret(&found), Some("sk-lost"));
        assert_eq!(store.api_keys().find(lost).await.unwrap().state.status, KeyStatus::Normal);
    })
    .await;
}

#[tokio::test]
async fn without_any_sealing_key_no_key_can_be_added_and_none_opens() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_key(&store, provider, "sk-a").await;
        let without = store.database.open(None).await;

        let added = without.api_keys().insert(provider, &new_key("sk-b"), at(1)).await;
        assert!(matches!(added, Err(StoreError::Seal(SealError::NoKey))));
        assert_eq!(opened(&without, id).await.key.state.status, KeyStatus::Undecryptable);
    })
    .await;
}

#[tokio::test]
async fn a_sealed_value_moved_to_another_provider_does_not_open() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        let id = given_key(&store, one, "sk-a").await;
        store.execute_sql(&format!("UPDATE t_ai_api_keys SET provider_id = {two}")).await.unwrap();

        let found = opened(&store, id).await;

        assert_eq!(secret(&found), None);
        assert!(found.key.state.reason.unwrap().contains("moved"));
    })
    .await;
}

#[tokio::test]
async fn a_key_that_only_looks_sealed_in_another_case_is_sealed_too() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        typed_in(&store, provider, "typed", "V1:not-sealed-at-all").await;

        let outcomes = store.api_keys().seal_plaintext(at(60)).await.unwrap();

        assert_eq!(outcomes.len(), 1);
        assert_eq!(secret(&opened(&store, outcomes[0].id).await), Some("V1:not-sealed-at-all"));
    })
    .await;
}

#[tokio::test]
async fn resealing_moves_every_key_to_the_current_sealing_key_and_fingerprints_follow() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let (old, new, gone) =
            (SealingKey::generate(), SealingKey::generate(), SealingKey::generate());
        let before = with_keys(&store, &old, &[]).await;
        let id = given_key(&before, provider, "sk-a").await;
        let lost = given_key(&with_keys(&store, &gone, &[]).await, provider, "sk-l").await;
        let both = with_keys(&store, &new, &[old]).await;
        let again = both.api_keys().insert(provider, &new_key("sk-a"), at(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "apiKey" })), "{again:?}");
        given_key(&both, provider, "sk-b").await;

        let report = both.api_keys().reseal(at(2)).await.unwrap();

        assert_eq!((report.resealed, report.current), (1, 1));
        assert_eq!(report.failed.len(), 1);
        assert_eq!(report.failed[0].0, lost);
        assert!(report.failed[0].1.contains(gone.id()), "{report:?}");
        let after = with_keys(&store, &new, &[]).await;
        assert_eq!(secret(&opened(&after, id).await), Some("sk-a"));
        let again = after.api_keys().insert(provider, &new_key("sk-a"), at(3)).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "apiKey" })));
        let second = after.api_keys().reseal(at(4)).await.unwrap();
        let expected = ResealReport { resealed: 0, current: 2, failed: report.failed };
        assert_eq!(second, expected);
    })
    .await;
}
