use chrono::NaiveDate;
use serde_json::{Map, json};
use tollgate_domain::model::{Lifecycle, ModelSource, ModelType};
use tollgate_domain::{ModelId, ProviderId};
use tollgate_store::StoreError;
use tollgate_store::models::{ModelFilter, ModelPatch, NewModel};
use tollgate_store::providers::ProviderPatch;
use tollgate_store::testing::each_database;

use crate::support::{at, given_model, given_provider};

fn whole_model(provider: ProviderId) -> NewModel {
    NewModel {
        name: "模型".to_owned(),
        model_type: ModelType::Embedding,
        max_input_tokens: Some(1_000_000),
        max_output_tokens: Some(5),
        supports_streaming: false,
        supports_function_call: true,
        supports_vision: true,
        is_active: false,
        source: ModelSource::Sync,
        lifecycle: Lifecycle::Deprecating,
        shutdown_date: NaiveDate::from_ymd_opt(2027, 1, 14),
        constraints: Map::from_iter([("reasoning".to_owned(), json!(true))]),
        is_missing_upstream: true,
        synced_at: Some(at(3)),
        ..NewModel::new(provider, "org/model-1:free")
    }
}

#[tokio::test]
async fn a_model_comes_back_as_it_was_added() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let new = whole_model(provider);

        let model = store.models().insert(&new, at(1)).await.unwrap();

        assert_eq!(NewModel::from(model.clone()), new);
        assert_eq!((model.created_at, model.updated_at), (at(1), at(1)));
        assert_eq!(store.models().find(model.id).await.unwrap(), model);
        let by_code = store.models().find_by_code(provider, "org/model-1:free").await.unwrap();
        assert_eq!(by_code, model);
        assert_eq!(store.models().all().await.unwrap(), [model]);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_unique_per_provider_and_told_apart_by_case() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        given_model(&store, one, "m").await;
        given_model(&store, two, "m").await;
        let upper = given_model(&store, one, "M").await;

        let again = store.models().insert(&NewModel::new(one, "m"), at(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "modelCode" })));
        let patch = ModelPatch { code: Some("m".to_owned()), ..ModelPatch::default() };
        let changed = store.models().update(upper, &patch, at(1)).await;
        assert!(matches!(changed, Err(StoreError::Conflict { field: "modelCode" })));
    })
    .await;
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let old = store.models().insert(&whole_model(provider), at(1)).await.unwrap();

        let patch = ModelPatch {
            is_active: Some(true),
            max_output_tokens: Some(None),
            shutdown_date: Some(None),
            lifecycle: Some(Lifecycle::Active),
            ..ModelPatch::default()
        };
        let new = store.models().update(old.id, &patch, at(2)).await.unwrap();

        assert!(new.is_active);
        assert_eq!((new.max_output_tokens, new.shutdown_date), (None, None));
        assert_eq!(new.lifecycle, Lifecycle::Active);
        assert_eq!((new.source, new.constraints), (old.source, old.constraints));
        assert_eq!((new.created_at, new.updated_at), (at(1), at(2)));
    })
    .await;
}

#[tokio::test]
async fn a_list_is_filtered_by_each_of_its_filters() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        store.models().insert(&whole_model(one), at(1)).await.unwrap();
        given_model(&store, one, "gpt").await;
        given_model(&store, two, "claude").await;
        let codes = async |filter: ModelFilter| {
            let list = store.models().list(&filter).await.unwrap();
            list.into_iter().map(|model| model.code).collect::<Vec<_>>()
        };
        let none = ModelFilter::default;

        assert_eq!(codes(none()).await, ["gpt", "org/model-1:free", "claude"]);
        assert_eq!(codes(ModelFilter { provider_id: Some(two), ..none() }).await, ["claude"]);
        assert_eq!(codes(ModelFilter { is_active: Some(true), ..none() }).await, ["gpt", "claude"]);
        let embedding = ModelFilter { model_type: Some(ModelType::Embedding), ..none() };
        assert_eq!(codes(embedding).await, ["org/model-1:free"]);
        let ending = ModelFilter { lifecycle: Some(Lifecycle::Deprecating), ..none() };
        assert_eq!(codes(ending).await, ["org/model-1:free"]);
        assert_eq!(
            codes(ModelFilter { search: Some("CLAU".to_owned()), ..none() }).await,
            ["claude"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_deleted_model_is_no_providers_default_and_comes_back_in_its_old_row() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let id = given_model(&store, provider, "m").await;
        let patch = ProviderPatch { default_model_id: Some(Some(id)), ..ProviderPatch::default() };
        store.providers().update(provider, &patch, at(1)).await.unwrap();

        store.models().delete(id, at(2)).await.unwrap();

        assert!(matches!(store.models().find(id).await, Err(StoreError::NotFound)));
        assert!(matches!(store.models().delete(id, at(3)).await, Err(StoreError::NotFound)));
        assert_eq!(store.providers().find(provider).await.unwrap().default_model_id, None);
        assert_eq!(given_model(&store, provider, "m").await, id);
    })
    .await;
}

#[tokio::test]
async fn a_model_of_no_provider_and_one_that_is_not_there_are_not_found() {
    each_database(async |store| {
        let nowhere = NewModel::new(ProviderId::new(404), "m");
        assert!(matches!(store.models().insert(&nowhere, at(1)).await, Err(StoreError::NotFound)));
        let patch = ModelPatch::default();
        let updated = store.models().update(ModelId::new(404), &patch, at(1)).await;
        assert!(matches!(updated, Err(StoreError::NotFound)));
    })
    .await;
}
