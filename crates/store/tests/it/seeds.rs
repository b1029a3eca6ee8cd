use chrono::{TimeZone, Utc};
use tollgate_domain::model::{Lifecycle, Model, ModelSource};
use tollgate_domain::price::{Rates, price_at};
use tollgate_domain::{NanoUsd, ProviderId};
use tollgate_store::StoreError;
use tollgate_store::models::{ModelFilter, ModelPatch};
use tollgate_store::prices::NewTier;
use tollgate_store::providers::{ProviderFilter, ProviderPatch};
use tollgate_store::testing::{TestStore, each_database};

use crate::support::{at, given_provider};

const OPENAI: ProviderId = ProviderId::new(1);

async fn model(store: &TestStore, code: &str) -> Model {
    store.models().find_by_code(OPENAI, code).await.unwrap()
}

#[tokio::test]
async fn the_catalogue_has_its_providers_in_order_each_with_a_default_model() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();

        let providers = store.providers().list(&ProviderFilter::default()).await.unwrap();

        let found: Vec<(i64, &str, bool, bool)> = providers
            .iter()
            .map(|row| {
                (row.id.get(), row.code.as_str(), row.is_active, row.default_model_id.is_some())
            })
            .collect();
        assert_eq!(
            found,
            [
                (1, "openai", true, true),
                (2, "anthropic", true, true),
                (3, "deepseek", true, true),
                (4, "moonshot", true, true),
                (5, "qwen", true, true),
                (6, "gemini", true, true),
                (7, "kiro", false, false),
            ]
        );
        assert_eq!(providers[3].name, "Moonshot AI (Kimi)");
        let models = store.models().list(&ModelFilter::default()).await.unwrap();
        assert_eq!(models.len(), 102);
        assert!(models.iter().all(|model| model.source == ModelSource::Seed));
        for id in providers.iter().filter_map(|provider| provider.default_model_id) {
            let model = store.models().find(id).await.unwrap();
            assert_eq!(model.lifecycle, Lifecycle::Active, "{}", model.code);
            assert!(!model.is_responses_only(), "{}", model.code);
        }
    })
    .await;
}

#[tokio::test]
async fn seeded_prices_hold_for_past_calls_and_an_unknown_tier_is_unpriced() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();
        let model = model(&store, "gpt-5.4").await;

        let prices = store.prices().of_model(model.id).await.unwrap();

        let past = Utc.with_ymd_and_hms(2025, 6, 1, 0, 0, 0).unwrap();
        let rates = price_at(&prices, 272_000, past).unwrap().rates.unwrap();
        assert_eq!(rates.prompt, NanoUsd::new(2_500_000));
        assert_eq!(price_at(&prices, 272_001, past).unwrap().rates, None);
    })
    .await;
}

#[tokio::test]
async fn a_provider_whose_id_is_taken_gets_another_and_the_rest_their_own() {
    each_database(async |store| {
        // The next free id is 2, which is another built-in provider's.
        given_provider(&store, "ours").await;

        store.seed(at(1)).await.unwrap();

        let providers = store.providers().list(&ProviderFilter::default()).await.unwrap();
        let id = |code: &str| providers.iter().find(|row| row.code == code).unwrap().id.get();
        assert_eq!(providers.len(), 8);
        assert_eq!((id("ours"), id("deepseek"), id("kiro")), (1, 3, 7));
    })
    .await;
}

#[tokio::test]
async fn seeding_again_changes_nothing() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();
        let models = store.models().all().await.unwrap();
        let prices = store.prices().all().await.unwrap();
        let version = store.settings().config_version().await.unwrap();

        store.seed(at(100)).await.unwrap();

        assert_eq!(store.models().all().await.unwrap(), models);
        assert_eq!(store.prices().all().await.unwrap(), prices);
        assert_eq!(store.settings().config_version().await.unwrap(), version);
    })
    .await;
}

#[tokio::test]
async fn two_instances_that_seed_at_once_seed_once() {
    each_database(async |store| {
        let other = store.database.open(None).await;

        let (one, two) =
            tokio::join!(async { store.seed(at(0)).await }, async { other.seed(at(0)).await });

        one.unwrap();
        two.unwrap();
        assert_eq!(store.models().all().await.unwrap().len(), 102);
    })
    .await;
}

#[tokio::test]
async fn seeds_overwrite_nothing_that_was_changed_and_bring_back_nothing_that_was_removed() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();
        let renamed = ProviderPatch { name: Some("Ours".to_owned()), ..ProviderPatch::default() };
        store.providers().update(OPENAI, &renamed, at(1)).await.unwrap();
        store.providers().delete(ProviderId::new(5), at(1)).await.unwrap();
        store.models().delete(model(&store, "o3").await.id, at(1)).await.unwrap();
        let hidden = ModelPatch { is_active: Some(false), ..ModelPatch::default() };
        store.models().update(model(&store, "gpt-4o").await.id, &hidden, at(1)).await.unwrap();

        store.seed(at(2)).await.unwrap();

        assert_eq!(store.providers().find(OPENAI).await.unwrap().name, "Ours");
        let qwen = store.providers().find_by_code("qwen").await;
        assert!(matches!(qwen, Err(StoreError::NotFound)));
        let o3 = store.models().find_by_code(OPENAI, "o3").await;
        assert!(matches!(o3, Err(StoreError::NotFound)));
        assert!(!model(&store, "gpt-4o").await.is_active);
        let qwens = ModelFilter { provider_id: Some(ProviderId::new(5)), ..ModelFilter::default() };
        assert_eq!(store.models().list(&qwens).await.unwrap(), []);
    })
    .await;
}

const PROVIDERS: &str = include_str!("../../../../seeds/providers.json");
const MODELS: &str = include_str!("../../../../seeds/models.json");

/// A later catalogue, in which GPT-4o is retired and costs 3 dollars from a later date on.
fn later() -> String {
    let line = |code: &str| MODELS.lines().position(|line| line.contains(code)).unwrap();
    let at = line("\"code\": \"gpt-4o\",");
    let mut lines: Vec<String> = MODELS.lines().map(str::to_owned).collect();
    lines[at] = lines[at].replace("deprecating", "retired");
    lines[at + 1] = lines[at + 1]
        .replace("\"prompt\": \"2.5\"", "\"prompt\": \"3\"")
        .replace("2025-01-01", "2026-12-01");
    lines.join("\n")
}

#[tokio::test]
async fn a_later_catalogue_adds_a_price_and_refreshes_what_nobody_touched() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();

        store.seed_with(PROVIDERS, &later(), at(1)).await.unwrap();
        store.seed_with(PROVIDERS, &later(), at(2)).await.unwrap();

        let model = model(&store, "gpt-4o").await;
        assert_eq!(model.lifecycle, Lifecycle::Retired);
        let prices = store.prices().of_model(model.id).await.unwrap();
        assert_eq!(prices.len(), 2);
        assert_eq!(prices[0].rates.unwrap().prompt, NanoUsd::new(3_000_000));
        assert_eq!(prices[0].valid_from, Utc.with_ymd_and_hms(2026, 12, 1, 0, 0, 0).unwrap());
        store.seed(at(3)).await.unwrap();
        assert_eq!(store.prices().of_model(model.id).await.unwrap().len(), 2, "an older binary");
    })
    .await;
}

#[tokio::test]
async fn a_corrected_price_of_the_same_date_holds_from_now_on() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();
        let corrected = later().replace("2026-12-01", "2025-01-01");

        store.seed_with(PROVIDERS, &corrected, at(1)).await.unwrap();
        store.seed_with(PROVIDERS, &corrected, at(2)).await.unwrap();

        let prices = store.prices().of_model(model(&store, "gpt-4o").await.id).await.unwrap();
        assert_eq!(prices.len(), 2);
        assert_eq!(prices[0].valid_from, at(1));
    })
    .await;
}

#[tokio::test]
async fn a_corrected_price_that_does_not_hold_yet_is_corrected_once() {
    each_database(async |store| {
        store.seed_with(PROVIDERS, &later(), at(0)).await.unwrap();
        let corrected = later().replace("\"prompt\": \"3\"", "\"prompt\": \"4\"");

        store.seed_with(PROVIDERS, &corrected, at(1)).await.unwrap();
        store.seed_with(PROVIDERS, &corrected, at(2)).await.unwrap();

        let prices = store.prices().of_model(model(&store, "gpt-4o").await.id).await.unwrap();
        assert_eq!(prices.len(), 2);
        assert_eq!(prices[0].rates.unwrap().prompt, NanoUsd::new(4_000_000));
        assert!(prices[0].valid_from > prices[1].valid_from);
    })
    .await;
}

#[tokio::test]
async fn a_later_catalogue_leaves_an_operators_price_and_changes_alone() {
    each_database(async |store| {
        store.seed(at(0)).await.unwrap();
        let id = model(&store, "gpt-4o").await.id;
        let ours = NewTier { tier_min_prompt_tokens: 0, rates: Some(Rates::default()) };
        store.prices().insert(id, at(1), &[ours], "manual", at(1)).await.unwrap();
        let patch = ModelPatch { name: Some("Ours".to_owned()), ..ModelPatch::default() };
        store.models().update(id, &patch, at(1)).await.unwrap();

        store.seed_with(PROVIDERS, &later(), at(2)).await.unwrap();

        let model = store.models().find(id).await.unwrap();
        assert_eq!((model.name.as_str(), model.lifecycle), ("Ours", Lifecycle::Deprecating));
        assert_eq!(store.prices().of_model(id).await.unwrap().len(), 2);
    })
    .await;
}
