//! Recorded attempts, priced again.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::price::Rates;
use tollgate_domain::usage::TokenUsage;
use tollgate_domain::{ModelId, NanoUsd, PriceId, ProviderId};
use tollgate_simulator::history::{HistoryOptions, fill};
use tollgate_store::Store;
use tollgate_store::prices::NewTier;
use tollgate_store::reprice::{RepriceQuery, RepriceReport, SupposedPrice};
use tollgate_store::testing::{TestStore, each_database};

use crate::calls::answered;
use crate::support::{given_model, given_provider};

/// Noon of the `day` of November 2026.
fn noon(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T12:00:00Z").parse().unwrap()
}

fn month() -> RepriceQuery {
    let to = noon(30);
    RepriceQuery { from: noon(1), to, provider_id: None, model_code: None }
}

fn rates(prompt: i64, completion: i64) -> Rates {
    let (prompt, completion) = (NanoUsd::new(prompt), NanoUsd::new(completion));
    Rates { prompt, completion, ..Rates::default() }
}

fn tier(from: i64, rates: Option<Rates>) -> NewTier {
    NewTier { tier_min_prompt_tokens: from, rates }
}

async fn given_price(store: &Store, model: ModelId, from: DateTime<Utc>, tiers: &[NewTier]) -> i64 {
    let added = store.prices().insert(model, from, tiers, "manual", noon(30)).await.unwrap();
    added[0].id.get()
}

/// An unpriced answer of `model` that took 1,000 prompt tokens and 100 more.
fn unpriced(provider: ProviderId, model: &str, at: DateTime<Utc>) -> ApiLog {
    ApiLog {
        provider_id: Some(provider),
        key_id: None,
        model_code: Some(model.to_owned()),
        usage: TokenUsage { prompt: 1_000, completion: 100, ..TokenUsage::default() },
        price_id: None,
        cost: None,
        ..answered(at)
    }
}

async fn given_calls(store: &Store, logs: &[ApiLog]) {
    store.api_logs().ship(None, logs).await.unwrap();
    // As after a fold.
    let fold = "UPDATE t_stat_hours SET is_dirty = FALSE, folded_changes = changes";
    store.execute_sql(fold).await.unwrap();
}

async fn reprice(store: &Store, query: &RepriceQuery) -> RepriceReport {
    store.reprice(query, false, noon(30)).await.unwrap()
}

/// The price and the cost on record of a call's one attempt.
async fn bill_of(store: &Store, log: &ApiLog) -> (Option<i64>, Option<i64>) {
    let found = store.api_logs().attempts_of(log.request_id).await.unwrap();
    let log = &found.iter().find(|call| call.log.attempt == log.attempt).unwrap().log;
    (log.price_id.map(PriceId::get), log.cost.map(NanoUsd::get))
}

async fn dirty_hours(store: &Store) -> BTreeSet<DateTime<Utc>> {
    let dirty = store.stat_hours().dirty(noon(30), 1_000).await.unwrap();
    dirty.iter().map(|hour| hour.hour).collect()
}

/// (attempts, changed, priced before, priced after, cost before, cost after).
fn sums(report: &RepriceReport) -> (u64, u64, u64, u64, i64, i64) {
    let it = report.total();
    let costs = (it.cost_before.get(), it.cost_after.get());
    (it.attempts, it.changed, it.priced_before, it.priced_after, costs.0, costs.1)
}

#[tokio::test]
async fn a_price_from_a_past_date_prices_the_calls_from_then_on() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "new").await;
        let calls = [8, 10, 12].map(|day| unpriced(provider, "new", noon(day)));
        given_calls(&store, &calls).await;
        let price =
            given_price(&store, model, noon(10), &[tier(0, Some(rates(5_000, 20_000)))]).await;

        let report = reprice(&store, &month()).await;

        assert_eq!(sums(&report), (3, 2, 0, 2, 0, 14_000));
        assert_eq!(report.total().unpriced_left(), 1);
        assert_eq!(bill_of(&store, &calls[0]).await, (None, None));
        assert_eq!(bill_of(&store, &calls[1]).await, (Some(price), Some(7_000)));
        assert_eq!(bill_of(&store, &calls[2]).await, (Some(price), Some(7_000)));
        assert_eq!(dirty_hours(&store).await, BTreeSet::from([noon(10), noon(12)]));
    })
    .await;
}

#[tokio::test]
async fn a_price_that_is_only_supposed_is_counted_and_written_nowhere() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "new").await;
        let calls = [8, 10, 12].map(|day| unpriced(provider, "new", noon(day)));
        given_calls(&store, &calls).await;
        let tiers = vec![tier(0, Some(rates(5_000, 20_000)))];
        let supposed = SupposedPrice { model, valid_from: noon(10), tiers };

        let report = store.reprice_some(&month(), Some(&supposed), true, 100, noon(30)).await;

        assert_eq!(sums(&report.unwrap()), (3, 2, 0, 2, 0, 14_000));
        assert_eq!(bill_of(&store, &calls[1]).await, (None, None));
        assert!(store.prices().of_model(model).await.unwrap().is_empty());
        let written = store.reprice_some(&month(), Some(&supposed), false, 100, noon(30)).await;
        assert_eq!(sums(&written.unwrap()), (3, 0, 0, 0, 0, 0), "only a dry run may suppose");
    })
    .await;
}

#[tokio::test]
async fn a_run_that_looks_at_so_many_calls_tells_where_the_rest_begins() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "new").await;
        let calls: Vec<ApiLog> = (0..2_100)
            .map(|second| unpriced(provider, "new", noon(10) + TimeDelta::seconds(second)))
            .collect();
        given_calls(&store, &calls).await;
        given_price(&store, model, noon(10), &[tier(0, Some(rates(5_000, 20_000)))]).await;
        let some = async |query: &RepriceQuery| {
            store.reprice_some(query, None, false, 1, noon(30)).await.unwrap()
        };

        let first = some(&month()).await;
        let rest = RepriceQuery { from: first.left_from.unwrap(), ..month() };
        let second = some(&rest).await;

        assert_eq!(first.total().changed + second.total().changed, 2_100);
        assert!(first.total().changed < 2_100 && second.left_from.is_none());
    })
    .await;
}

#[tokio::test]
async fn every_bucket_tier_version_and_fee_is_charged_as_the_gateway_charges_it() {
    each_database(async |store| {
        let provider = given_provider(&store, "anthropic").await;
        let model = given_model(&store, provider, "m").await;
        let full = Rates {
            cache_read: Some(NanoUsd::new(100)),
            cache_write: Some(NanoUsd::new(1_250)),
            cache_write_1h: Some(NanoUsd::new(2_000)),
            request_fee: NanoUsd::new(7),
            ..rates(1_000, 5_000)
        };
        let tiers =
            [tier(0, Some(full)), tier(2_001, Some(rates(2_000, 10_000))), tier(9_001, None)];
        given_price(&store, model, noon(1), &tiers).await;
        given_price(&store, model, noon(20), &[tier(0, Some(rates(3_000, 3_000)))]).await;
        let usage = |prompt| TokenUsage {
            prompt,
            cached: 400,
            cache_write: 200,
            cache_write_1h: 400,
            completion: 30,
            reasoning: 70,
        };
        let call =
            |day, prompt| ApiLog { usage: usage(prompt), ..unpriced(provider, "m", noon(day)) };
        // The whole prompt decides on the tier: 2,000 tokens, 2,001, 9,001; and 2,000 later.
        let calls = [call(5, 1_000), call(6, 1_001), call(7, 8_001), call(20, 1_000)];
        given_calls(&store, &calls).await;

        let report = reprice(&store, &month()).await;

        let mut costs = Vec::new();
        for log in &calls {
            costs.push(bill_of(&store, log).await.1);
        }
        // 1000 + 40 + 250 + 800 + 500 + fee 7; 2001 × 2 + 1000; no price; 2,100 × 3.
        assert_eq!(costs, [Some(2_597), Some(5_002), None, Some(6_300)]);
        assert_eq!(sums(&report), (4, 3, 0, 3, 0, 13_899));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_price_is_put_right_and_a_right_one_is_left_alone() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        let price =
            given_price(&store, model, noon(1), &[tier(0, Some(rates(5_000, 20_000)))]).await;
        let billed = |day, price: i64, cost: i64| ApiLog {
            price_id: Some(PriceId::new(price)),
            cost: Some(NanoUsd::new(cost)),
            ..unpriced(provider, "m", noon(day))
        };
        let calls = [billed(5, price, 7_000), billed(6, price + 1, 7_000), billed(7, price, 9_000)];
        given_calls(&store, &calls).await;

        let report = reprice(&store, &month()).await;

        assert_eq!(sums(&report), (3, 2, 3, 3, 23_000, 21_000));
        for log in &calls {
            assert_eq!(bill_of(&store, log).await, (Some(price), Some(7_000)));
        }
        assert_eq!(dirty_hours(&store).await, BTreeSet::from([noon(6), noon(7)]));
        let again = reprice(&store, &month()).await;
        assert_eq!(sums(&again), (3, 0, 3, 3, 21_000, 21_000));
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        given_price(&store, model, noon(1), &[tier(0, Some(rates(5_000, 20_000)))]).await;
        let calls = [unpriced(provider, "m", noon(5)), unpriced(provider, "other", noon(6))];
        given_calls(&store, &calls).await;

        let dry = store.reprice(&month(), true, noon(30)).await.unwrap();

        assert_eq!(bill_of(&store, &calls[0]).await, (None, None));
        assert!(dirty_hours(&store).await.is_empty());
        assert_eq!(dry, reprice(&store, &month()).await);
        let names: Vec<_> =
            dry.models().map(|it| (it.provider.as_str(), it.model.as_str(), it.changed)).collect();
        assert_eq!(names, [("openai", "m", 1), ("openai", "other", 0)]);
    })
    .await;
}

#[tokio::test]
async fn only_what_is_asked_for_is_priced() {
    each_database(async |store| {
        let one = given_provider(&store, "one").await;
        let two = given_provider(&store, "two").await;
        for (provider, code) in [(one, "m"), (one, "n"), (two, "m")] {
            let model = given_model(&store, provider, code).await;
            given_price(&store, model, noon(1), &[tier(0, Some(rates(1_000, 0)))]).await;
        }
        let calls = [
            unpriced(one, "m", noon(5)),
            unpriced(one, "n", noon(5)),
            unpriced(two, "m", noon(5)),
            unpriced(one, "m", noon(6)),
        ];
        given_calls(&store, &calls).await;
        let query = RepriceQuery {
            to: noon(6),
            provider_id: Some(one),
            model_code: Some("m".to_owned()),
            ..month()
        };

        let report = reprice(&store, &query).await;

        assert_eq!(sums(&report), (1, 1, 0, 1, 0, 1_000));
        let mut priced = Vec::new();
        for log in &calls {
            priced.push(bill_of(&store, log).await.1.is_some());
        }
        assert_eq!(priced, [true, false, false, false]);
    })
    .await;
}

#[tokio::test]
async fn what_used_nothing_and_what_no_model_carried_stays_as_it_is() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        let fee = Rates { request_fee: NanoUsd::new(9), ..rates(1, 1) };
        given_price(&store, model, noon(1), &[tier(0, Some(fee))]).await;
        let nothing = TokenUsage::default();
        // Nobody knows what one that broke off used.
        let interrupted = ApiLog {
            usage: nothing,
            status: CallStatus::Error,
            ..unpriced(provider, "m", noon(5))
        };
        let failed = ApiLog { cost: Some(NanoUsd::ZERO), ..interrupted.clone() };
        let failed = ApiLog { attempt: 2, ..failed };
        let refused = ApiLog { provider_id: None, model_code: None, ..failed.clone() };
        let at = noon(6);
        let refused = ApiLog {
            request_id: answered(at).request_id,
            created_at: at,
            started_at: at,
            ..refused
        };
        let logs = [interrupted, failed, refused];
        given_calls(&store, &logs).await;

        let report = reprice(&store, &month()).await;

        assert_eq!((sums(&report).0, report.past_retention), (0, 0));
        let mut bills = Vec::new();
        for log in &logs {
            bills.push(bill_of(&store, log).await);
        }
        assert_eq!(bills, [(None, None), (None, Some(0)), (None, Some(0))]);
        assert!(dirty_hours(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_deleted_model_prices_the_calls_from_before() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        given_price(&store, model, noon(1), &[tier(0, Some(rates(1_000, 0)))]).await;
        let calls = [unpriced(provider, "m", noon(5)), unpriced(provider, "m", noon(7))];
        given_calls(&store, &calls).await;
        store.models().delete(model, noon(6)).await.unwrap();

        reprice(&store, &month()).await;

        assert_eq!(bill_of(&store, &calls[0]).await.1, Some(1_000));
        assert_eq!(bill_of(&store, &calls[1]).await.1, None);
    })
    .await;
}

#[tokio::test]
async fn hours_past_the_retention_are_left_alone_and_counted() {
    each_database(async |store| {
        let provider = given_provider(&store, "openai").await;
        let model = given_model(&store, provider, "m").await;
        given_price(&store, model, noon(1), &[tier(0, Some(rates(1_000, 0)))]).await;
        let calls = [unpriced(provider, "m", noon(5)), unpriced(provider, "m", noon(7))];
        given_calls(&store, &calls).await;
        let purge = "UPDATE t_stat_hours SET purged_through_id = 1 WHERE hour < '2026-11-06'";
        store.execute_sql(purge).await.unwrap();

        let report = reprice(&store, &month()).await;

        assert_eq!((sums(&report).0, report.past_retention), (1, 1));
        assert_eq!(bill_of(&store, &calls[0]).await.1, None);
        assert_eq!(bill_of(&store, &calls[1]).await.1, Some(1_000));
        assert_eq!(dirty_hours(&store).await, BTreeSet::from([noon(7)]));
    })
    .await;
}

async fn given_history(store: &TestStore) {
    let options = HistoryOptions {
        database_url: store.database.url().to_owned(),
        rows: 7_000,
        span: TimeDelta::days(4),
        until: noon(20),
        seed: 1,
        append: false,
    };
    fill(&options, |_| ()).await.unwrap();
}

#[tokio::test]
async fn thousands_of_calls_that_lost_their_costs_get_the_same_again() {
    each_database(async |store| {
        const BILLS: &str = "SELECT GROUP_CONCAT(told) FROM (
            SELECT CONCAT(model_code, ' ', COUNT(*), ' ', COUNT(cost_nanousd), ' ',
                SUM(cost_nanousd), ' ', SUM(price_id)) AS told
            FROM t_ai_api_logs WHERE total_tokens > 0 GROUP BY model_code ORDER BY model_code) AS t";
        given_history(&store).await;
        // The default of MySQL cuts the text.
        let was = store.query_texts(BILLS).await.unwrap();
        let nothing_to_do = reprice(&store, &month()).await;
        assert_eq!(sums(&nothing_to_do).1, 0, "{nothing_to_do:?}");
        let lose = "UPDATE t_ai_api_logs SET cost_nanousd = 1, price_id = NULL WHERE total_tokens > 0";
        store.execute_sql(lose).await.unwrap();
        let clean = "UPDATE t_stat_hours SET is_dirty = FALSE, folded_changes = changes";
        store.execute_sql(clean).await.unwrap();

        let report = reprice(&store, &month()).await;

        assert_eq!(store.query_texts(BILLS).await.unwrap(), was);
        let total = report.total();
        assert!(total.attempts > 6_000 && total.changed == total.attempts, "{total:?}");
        assert!(report.models().any(|model| model.unpriced_left() > 0));
        assert!(dirty_hours(&store).await.len() > 90);
    })
    .await;
}
