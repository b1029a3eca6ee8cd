use chrono::TimeDelta;
use tollgate_domain::price::{Rates, price_at};
use tollgate_domain::{ModelId, NanoUsd, PriceId};
use tollgate_store::StoreError;
use tollgate_store::prices::NewTier;
use tollgate_store::testing::each_database;

use crate::support::{at, given_model, given_provider};

fn tier(from: i64, prompt: i64) -> NewTier {
    let rates = Rates {
        prompt: NanoUsd::new(prompt),
        completion: NanoUsd::new(prompt * 4),
        cache_read: Some(NanoUsd::ZERO),
        cache_write: None,
        cache_write_1h: Some(NanoUsd::new(2)),
        request_fee: NanoUsd::new(1),
    };
    NewTier { tier_min_prompt_tokens: from, rates: Some(rates) }
}

#[tokio::test]
async fn a_new_price_adds_rows_and_former_ones_stay() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        let prices = store.prices();
        let unknown = NewTier { tier_min_prompt_tokens: 1001, rates: None };
        let first =
            prices.insert(model, at(0), &[tier(0, 100), unknown], "manual", at(9)).await.unwrap();

        let second = prices.insert(model, at(50), &[tier(0, 200)], "manual", at(9)).await.unwrap();

        assert_eq!((first.len(), second.len()), (2, 1));
        assert_eq!(first.iter().map(NewTier::from).collect::<Vec<_>>(), [tier(0, 100), unknown]);
        let all = prices.of_model(model).await.unwrap();
        assert_eq!(all, [second.clone(), first.clone()].concat());
        assert_eq!(prices.all().await.unwrap(), all);
        assert_eq!(price_at(&all, 10, at(49)).unwrap().id, first[0].id);
        assert_eq!(price_at(&all, 2000, at(49)).unwrap().rates, None);
        let ids = [first[1].id, second[0].id, PriceId::new(999)];
        let mut found = prices.of_ids(&ids).await.unwrap();
        found.sort_by_key(|price| price.valid_from);
        assert_eq!(found, [first[1].clone(), second[0].clone()]);
        assert_eq!(prices.of_ids(&[]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_price_from_the_same_moment_is_a_conflict() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        let add = async |tiers: &[NewTier]| {
            store.prices().insert(model, at(0), tiers, "manual", at(9)).await
        };
        let twice = add(&[tier(0, 1), tier(0, 2)]).await;
        assert!(matches!(twice, Err(StoreError::Conflict { field: "validFrom" })), "{twice:?}");
        add(&[tier(0, 1)]).await.unwrap();

        let again = add(&[tier(7, 2)]).await;

        assert!(matches!(again, Err(StoreError::Conflict { field: "validFrom" })));
        assert_eq!(store.prices().of_model(model).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_price_from_a_part_of_a_millisecond_holds_from_that_millisecond_on() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        let from = at(5) + TimeDelta::microseconds(777);

        let added = store.prices().insert(model, from, &[tier(0, 1)], "manual", at(1)).await;
        let again = store.prices().insert(model, from, &[tier(0, 1)], "manual", at(1)).await;

        let added: Vec<_> = added.unwrap().iter().map(|price| price.valid_from).collect();
        assert_eq!(added, [at(5)]);
        assert!(matches!(again, Err(StoreError::Conflict { field: "validFrom" })), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_price_of_no_model_is_not_found_and_a_deleted_models_prices_are_not_listed() {
    each_database(async |store| {
        let nowhere =
            store.prices().insert(ModelId::new(404), at(0), &[tier(0, 1)], "manual", at(1)).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound)));

        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        store.prices().insert(model, at(0), &[tier(0, 1)], "manual", at(1)).await.unwrap();
        store.models().delete(model, at(2)).await.unwrap();

        assert_eq!(store.prices().all().await.unwrap(), []);
    })
    .await;
}
