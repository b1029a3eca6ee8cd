use chrono::NaiveDate;
use serde_json::json;
use tollgate_domain::ProviderId;
use tollgate_domain::model::{Lifecycle, ListedModel, Model, ModelSource, ModelType};
use tollgate_store::StoreError;
use tollgate_store::models::{FieldChange, ModelFilter, ModelPatch, SyncChange, SyncOutcome};
use tollgate_store::testing::{TestStore, each_database};

use crate::support::{at, given_model, given_provider};

fn listed(code: &str) -> ListedModel {
    ListedModel { code: code.to_owned(), ..ListedModel::default() }
}

async fn find(store: &TestStore, provider: ProviderId, code: &str) -> Model {
    store.models().find_by_code(provider, code).await.unwrap()
}

async fn sync(
    store: &TestStore,
    provider: ProviderId,
    codes: &[&str],
    seconds: i64,
) -> SyncOutcome {
    let list: Vec<ListedModel> = codes.iter().map(|code| listed(code)).collect();
    store.models().apply_sync(provider, &list, false, at(seconds)).await.unwrap()
}

#[tokio::test]
async fn new_models_are_active_with_what_the_catalogue_knows_of_their_code_or_alias() {
    each_database(async |store| {
        let openai = given_provider(&store, "openai").await;

        let codes = ["whisper-1", "gpt-4o", "gpt-4o-2024-08-06", "gpt-99"];
        let outcome = sync(&store, openai, &codes, 5).await;

        assert_eq!(outcome.count, 4);
        assert_eq!(outcome.added, ["gpt-4o", "gpt-4o-2024-08-06", "gpt-99", "whisper-1"]);
        assert_eq!((outcome.updated.len(), outcome.missing.len()), (0, 0));
        let known = find(&store, openai, "gpt-4o").await;
        assert_eq!((known.name.as_str(), known.source), ("GPT-4o", ModelSource::Sync));
        assert!(known.is_active && known.supports_vision);
        assert_eq!(known.synced_at, Some(at(5)));
        let alias = find(&store, openai, "gpt-4o-2024-08-06").await;
        assert_eq!(alias.max_input_tokens, Some(128_000));
        let price = async |model: &Model| store.prices().of_model(model.id).await.unwrap();
        assert_eq!(price(&alias).await[0].rates, price(&known).await[0].rates);
        let unknown = find(&store, openai, "gpt-99").await;
        assert_eq!((unknown.model_type, unknown.lifecycle), (ModelType::Chat, Lifecycle::Active));
        assert_eq!(price(&unknown).await, []);
        let audio = find(&store, openai, "whisper-1").await;
        assert_eq!((audio.model_type, audio.supports_streaming), (ModelType::Audio, false));
    })
    .await;
}

#[tokio::test]
async fn a_name_is_cut_to_its_column_and_a_code_that_does_not_fit_is_passed_over() {
    each_database(async |store| {
        let provider = given_provider(&store, "openrouter").await;
        let named = ListedModel { name: Some("名".repeat(300)), ..listed("m") };
        let list = [named, listed(&"x".repeat(201)), listed(" ")];

        let outcome = store.models().apply_sync(provider, &list, false, at(5)).await.unwrap();

        assert_eq!((outcome.count, outcome.added), (3, vec!["m".to_owned()]));
        assert_eq!(find(&store, provider, "m").await.name, "名".repeat(200));
    })
    .await;
}

#[tokio::test]
async fn syncing_again_changes_nothing() {
    each_database(async |store| {
        let openai = given_provider(&store, "openai").await;
        sync(&store, openai, &["gpt-4o", "gpt-99"], 5).await;
        let before = find(&store, openai, "gpt-4o").await;

        let outcome = sync(&store, openai, &["gpt-4o", "gpt-99"], 6).await;

        assert_eq!(outcome, SyncOutcome { count: 2, ..SyncOutcome::default() });
        let after = find(&store, openai, "gpt-4o").await;
        assert_eq!(after, Model { synced_at: Some(at(6)), ..before });
        assert_eq!(store.prices().of_model(after.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    each_database(async |store| {
        let openai = given_provider(&store, "openai").await;
        given_model(&store, openai, "mine").await;
        let version = store.settings().config_version().await.unwrap();

        let list = [listed("gpt-4o")];
        let outcome = store.models().apply_sync(openai, &list, true, at(5)).await.unwrap();

        let (added, missing) = (vec!["gpt-4o".to_owned()], vec!["mine".to_owned()]);
        assert_eq!((outcome.count, outcome.added, outcome.missing), (1, added, missing));
        assert_eq!(outcome.updated, Vec::<String>::new());
        let models = store.models().list(&ModelFilter::default()).await.unwrap();
        assert_eq!(models.len(), 1);
        assert!(!models[0].is_missing_upstream);
        assert_eq!(store.settings().config_version().await.unwrap(), version);
    })
    .await;
}

#[tokio::test]
async fn a_sync_tells_of_each_model_what_becomes_of_it_and_whether_it_has_a_price() {
    each_database(async |store| {
        let openai = given_provider(&store, "openai").await;
        sync(&store, openai, &["gpt-99", "gpt-old"], 5).await;

        let longer = ListedModel { max_input_tokens: Some(64_000), ..listed("gpt-99") };
        let list = [longer, listed("gpt-4o"), listed("new-1")];
        let tried = store.models().apply_sync(openai, &list, true, at(6)).await.unwrap();
        let done = store.models().apply_sync(openai, &list, false, at(6)).await.unwrap();

        assert_eq!(tried, done, "the trial says what happens");
        let told: Vec<(&str, SyncChange, bool, usize)> = done
            .models
            .iter()
            .map(|it| (it.code.as_str(), it.change, it.is_priced, it.fields.len()))
            .collect();
        assert_eq!(
            told,
            [
                ("gpt-4o", SyncChange::Added, true, 0),
                ("gpt-99", SyncChange::Updated, false, 1),
                ("gpt-old", SyncChange::Missing, false, 1),
                ("new-1", SyncChange::Added, false, 0),
            ]
        );
        let longer =
            FieldChange { field: "maxInputTokens", before: json!(null), after: json!(64_000) };
        assert_eq!(done.models[1].fields, [longer]);
        let again = store.models().apply_sync(openai, &list, true, at(7)).await.unwrap();
        let still: Vec<(&str, usize)> =
            again.models.iter().map(|it| (it.code.as_str(), it.fields.len())).collect();
        assert_eq!(still, [("gpt-old", 0)], "it was missing before");
    })
    .await;
}

#[tokio::test]
async fn what_the_provider_no_longer_lists_is_marked_and_stays_until_it_is_listed_again() {
    each_database(async |store| {
        let openai = given_provider(&store, "openai").await;
        sync(&store, openai, &["a", "b"], 1).await;

        let outcome = sync(&store, openai, &["a"], 2).await;
        assert_eq!(outcome.missing, ["b"]);
        let missing = find(&store, openai, "b").await;
        assert!(missing.is_missing_upstream && missing.is_active);
        assert_eq!(missing.synced_at, Some(at(1)));

        let outcome = sync(&store, openai, &["a", "b"], 3).await;
        assert_eq!(outcome.updated, ["b"]);
        assert!(!find(&store, openai, "b").await.is_missing_upstream);
    })
    .await;
}

#[tokio::test]
async fn what_the_provider_tells_fills_in_and_what_an_operator_said_stays() {
    each_database(async |store| {
        let other = given_provider(&store, "other").await;
        let mine = given_model(&store, other, "mine").await;
        let patch = ModelPatch {
            name: Some("Mine".to_owned()),
            max_input_tokens: Some(Some(7)),
            is_active: Some(false),
            ..ModelPatch::default()
        };
        store.models().update(mine, &patch, at(1)).await.unwrap();

        let told = ListedModel {
            name: Some("Theirs".to_owned()),
            max_input_tokens: Some(9),
            max_output_tokens: Some(3),
            shutdown_date: NaiveDate::from_ymd_opt(2027, 5, 7),
            ..listed("mine")
        };
        let outcome = store.models().apply_sync(other, &[told], false, at(2)).await.unwrap();

        assert_eq!(outcome.updated, ["mine"]);
        let model = find(&store, other, "mine").await;
        assert_eq!((model.name.as_str(), model.is_active), ("Mine", false));
        assert_eq!((model.max_input_tokens, model.max_output_tokens), (Some(7), Some(3)));
        assert_eq!(model.lifecycle, Lifecycle::Deprecating);
        assert_eq!(model.shutdown_date, NaiveDate::from_ymd_opt(2027, 5, 7));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_model_that_is_listed_is_added_anew_and_another_providers_list_is_not_touched() {
    each_database(async |store| {
        let (one, two) = (given_provider(&store, "one").await, given_provider(&store, "two").await);
        let id = given_model(&store, one, "m").await;
        given_model(&store, two, "m").await;
        store.models().delete(id, at(1)).await.unwrap();

        let outcome = sync(&store, one, &["m"], 2).await;

        assert_eq!(outcome.added, ["m"]);
        assert_eq!(find(&store, one, "m").await.id, id);
        assert_eq!(find(&store, two, "m").await.synced_at, None);
    })
    .await;
}

#[tokio::test]
async fn a_sync_of_no_provider_is_not_found() {
    each_database(async |store| {
        let outcome = store.models().apply_sync(ProviderId::new(404), &[], false, at(1)).await;

        assert!(matches!(outcome, Err(StoreError::NotFound)));
    })
    .await;
}
