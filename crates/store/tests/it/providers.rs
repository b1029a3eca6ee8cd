use std::collections::BTreeMap;

use serde_json::{Map, json};
use tollgate_domain::provider::{ProtocolKind, Timeouts};
use tollgate_domain::{ModelId, ProviderId};
use tollgate_store::StoreError;
use tollgate_store::models::ModelFilter;
use tollgate_store::providers::{NewProvider, ProviderCounts, ProviderFilter, ProviderPatch};
use tollgate_store::testing::each_database;

use crate::support::{at, given_key, given_model, given_provider};

fn whole_provider() -> NewProvider {
    let object = |name: &str| Map::from_iter([(name.to_owned(), json!([1, "二", null]))]);
    NewProvider {
        protocol: ProtocolKind::Anthropic,
        is_active: false,
        sort_order: 7,
        description: Some("说明".to_owned()),
        default_params: object("stop"),
        timeouts: Timeouts { connect_ms: 1, first_token_ms: 2, idle_ms: 3, total_ms: 4 },
        max_retries: 9,
        queue_timeout_ms: 11,
        extra_headers: BTreeMap::from([("X-Title".to_owned(), "Tollgate".to_owned())]),
        quirks: object("strip"),
        ..NewProvider::new("custom", "Custom", "https://llm.example/v1")
    }
}

#[tokio::test]
async fn a_provider_comes_back_as_it_was_added() {
    each_database(async |store| {
        let new = whole_provider();

        let provider = store.providers().insert(&new, at(1)).await.unwrap();

        assert_eq!(NewProvider::from(provider.clone()), new);
        assert_eq!((provider.created_at, provider.updated_at), (at(1), at(1)));
        assert_eq!(store.providers().find(provider.id).await.unwrap(), provider);
        assert_eq!(store.providers().find_by_code("custom").await.unwrap(), provider);
    })
    .await;
}

#[tokio::test]
async fn a_provider_without_a_place_comes_behind_the_built_in_ones() {
    each_database(async |store| {
        given_provider(&store, "added").await;
        let typed_in = "INSERT INTO t_ai_providers (provider_code, provider_name, base_url)
                        VALUES ('typed', 'Typed in', 'https://b.example')";
        store.execute_sql(typed_in).await.unwrap();
        store.seed(at(1)).await.unwrap();

        let list = store.providers().list(&ProviderFilter::default()).await.unwrap();

        let last: Vec<(&str, i64)> =
            list.iter().skip(7).map(|row| (row.code.as_str(), row.sort_order)).collect();
        assert_eq!(last, [("added", 100), ("typed", 100)]);
    })
    .await;
}

#[tokio::test]
async fn a_code_that_is_taken_is_a_conflict_whether_added_or_changed() {
    each_database(async |store| {
        given_provider(&store, "one").await;
        let two = given_provider(&store, "two").await;

        let again = NewProvider::new("one", "Again", "https://b.example");
        let added = store.providers().insert(&again, at(2)).await;
        let patch = ProviderPatch { code: Some("one".to_owned()), ..ProviderPatch::default() };
        let changed = store.providers().update(two, &patch, at(2)).await;

        assert!(matches!(added, Err(StoreError::Conflict { field: "providerCode" })));
        assert!(matches!(changed, Err(StoreError::Conflict { field: "providerCode" })));
    })
    .await;
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    each_database(async |store| {
        let old = store.providers().insert(&whole_provider(), at(1)).await.unwrap();

        let patch = ProviderPatch {
            name: Some("Renamed".to_owned()),
            description: Some(None),
            default_model_id: Some(Some(ModelId::new(5))),
            idle_timeout_ms: Some(99),
            ..ProviderPatch::default()
        };
        let new = store.providers().update(old.id, &patch, at(2)).await.unwrap();

        assert_eq!(new.name, "Renamed");
        assert_eq!(new.description, None);
        assert_eq!(new.default_model_id, Some(ModelId::new(5)));
        assert_eq!(new.timeouts, Timeouts { idle_ms: 99, ..old.timeouts });
        assert_eq!((new.quirks, new.code), (old.quirks, old.code));
        assert_eq!((new.created_at, new.updated_at), (at(1), at(2)));
    })
    .await;
}

#[tokio::test]
async fn a_list_is_ordered_and_filtered() {
    each_database(async |store| {
        for (code, sort_order, is_active) in [("b", 2, true), ("a", 2, false), ("Zürich", 1, true)]
        {
            let new = NewProvider::new(code, format!("Name {code}"), "https://a.example");
            let new = NewProvider { sort_order, is_active, ..new };
            store.providers().insert(&new, at(0)).await.unwrap();
        }
        let codes = async |filter: ProviderFilter| {
            let list = store.providers().list(&filter).await.unwrap();
            list.into_iter().map(|provider| provider.code).collect::<Vec<_>>()
        };

        assert_eq!(codes(ProviderFilter::default()).await, ["Zürich", "b", "a"]);
        let active = ProviderFilter { is_active: Some(true), ..ProviderFilter::default() };
        assert_eq!(codes(active).await, ["Zürich", "b"]);
        let search = ProviderFilter { search: Some("ZÜR".to_owned()), is_active: None };
        assert_eq!(codes(search).await, ["Zürich"]);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_provider_takes_its_keys_and_models_along_and_wipes_the_secrets() {
    each_database(async |store| {
        let gone = given_provider(&store, "gone").await;
        let stays = given_provider(&store, "stays").await;
        let key = given_key(&store, gone, "sk-gone-1234567").await;
        let kept = given_key(&store, stays, "sk-gone-1234567").await;
        given_model(&store, gone, "m").await;

        store.providers().delete(gone, at(5)).await.unwrap();

        assert!(matches!(store.providers().find(gone).await, Err(StoreError::NotFound)));
        assert!(matches!(store.providers().delete(gone, at(6)).await, Err(StoreError::NotFound)));
        assert!(matches!(store.api_keys().find(key).await, Err(StoreError::NotFound)));
        assert!(store.api_keys().find(kept).await.is_ok());
        assert_eq!(store.models().list(&ModelFilter::default()).await.unwrap(), []);
        let wiped = format!("SELECT api_key FROM t_ai_api_keys WHERE id = {key}");
        assert_eq!(store.query_texts(&wiped).await.unwrap(), [None]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_providers_code_can_be_used_again_and_nothing_old_comes_with_it() {
    each_database(async |store| {
        let old = store.providers().insert(&whole_provider(), at(1)).await.unwrap();
        given_key(&store, old.id, "sk-1").await;
        store.providers().delete(old.id, at(2)).await.unwrap();

        let new = NewProvider::new("custom", "New", "https://new.example");
        let back = store.providers().insert(&new, at(3)).await.unwrap();

        assert_eq!(back.id, old.id);
        assert_eq!(NewProvider::from(back.clone()), new);
        assert_eq!(back.created_at, at(3));
        assert_eq!(store.api_keys().list(back.id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn counts_are_of_models_and_of_active_keys() {
    each_database(async |store| {
        let one = given_provider(&store, "one").await;
        let none = given_provider(&store, "none").await;
        given_model(&store, one, "a").await;
        given_model(&store, one, "b").await;
        given_key(&store, one, "sk-1").await;
        let off = given_key(&store, one, "sk-2").await;
        let patch =
            tollgate_store::api_keys::ApiKeyPatch { is_active: Some(false), ..Default::default() };
        store.api_keys().update(off, &patch, at(1)).await.unwrap();

        let counts = store.providers().counts().await.unwrap();

        let expected = ProviderCounts { models_count: 2, active_keys_count: 1 };
        assert_eq!(counts.get(&one), Some(&expected));
        assert_eq!(counts.get(&none), None);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    each_database(async |store| {
        let id = ProviderId::new(404);
        let patch = ProviderPatch::default();

        assert!(matches!(store.providers().find(id).await, Err(StoreError::NotFound)));
        assert!(matches!(store.providers().find_by_code("x").await, Err(StoreError::NotFound)));
        let updated = store.providers().update(id, &patch, at(0)).await;
        assert!(matches!(updated, Err(StoreError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_failed_change_does_not_count_the_version_up() {
    each_database(async |store| {
        given_provider(&store, "one").await;
        let before = store.settings().config_version().await.unwrap();

        let again = NewProvider::new("one", "Again", "https://b.example");
        store.providers().insert(&again, at(2)).await.unwrap_err();
        assert_eq!(store.settings().config_version().await.unwrap(), before);

        given_provider(&store, "two").await;
        assert_eq!(store.settings().config_version().await.unwrap(), before + 1);
    })
    .await;
}
