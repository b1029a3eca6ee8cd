//! The histories that `tollgate-simulator history` makes up, as the store reads them.

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::page::Page;
use tollgate_domain::price::{Price, bill};
use tollgate_simulator::history::{HistoryOptions, fill};
use tollgate_store::Store;
use tollgate_store::api_logs::{LogFilter, LoggedCall};
use tollgate_store::retention::Division;
use tollgate_store::testing::{TestStore, each_database, each_empty_database};

fn until() -> DateTime<Utc> {
    "2026-11-21T18:30:00Z".parse().unwrap()
}

fn options(store: &TestStore) -> HistoryOptions {
    HistoryOptions {
        database_url: store.database.url().to_owned(),
        rows: 3_000,
        span: TimeDelta::days(3),
        until: until(),
        seed: 1,
        append: false,
    }
}

/// What a query finds, as numbers.
async fn numbers(store: &Store, columns: &str, from: &str) -> Vec<i64> {
    let columns: Vec<&str> = columns.split(", ").collect();
    let mut found = Vec::new();
    for column in columns {
        // As text on both sides.
        let sql = format!("SELECT CONCAT('', {column}) FROM {from}");
        let texts = store.query_texts(&sql).await.unwrap();
        found.push(texts[0].as_deref().unwrap().parse().unwrap());
    }
    found
}

async fn some_calls(store: &Store) -> Vec<LoggedCall> {
    let mut calls = Vec::new();
    for number in 1..=5 {
        let page = Page { number, size: 200 };
        calls.extend(store.api_logs().list(&LogFilter::default(), page).await.unwrap().rows);
    }
    calls
}

#[tokio::test]
async fn a_history_has_its_rows_and_everything_they_speak_of() {
    each_database(async |store| {
        let report = fill(&options(&store), |_| ()).await.unwrap();

        assert_eq!(report.rows, 3_000);
        let logs = "COUNT(*), COUNT(DISTINCT request_id), SUM(is_final)";
        let calls = i64::try_from(report.calls).unwrap();
        assert_eq!(numbers(&store, logs, "t_ai_api_logs").await, [3_000, calls, calls]);
        let providers = store.providers().list(&Default::default()).await.unwrap();
        assert_eq!(providers.len(), 6);
        assert_eq!(store.models().all().await.unwrap().len(), 40);
        assert_eq!(store.app_tokens().all_with_hash().await.unwrap().len(), 100);
        // They have left, so the gateway's first admin is still to be made.
        assert_eq!(numbers(&store, "COUNT(*)", "t_users").await, [12]);
        assert_eq!(store.users().count().await.unwrap(), 0);
        let none_left_out = "provider_id NOT IN (SELECT id FROM t_ai_providers)
            OR key_id NOT IN (SELECT id FROM t_ai_api_keys)
            OR app_id NOT IN (SELECT id FROM t_app_tokens)
            OR user_id NOT IN (SELECT id FROM t_users)
            OR price_id NOT IN (SELECT id FROM t_ai_model_prices)";
        let from = format!("t_ai_api_logs WHERE {none_left_out}");
        assert_eq!(numbers(&store, "COUNT(*)", &from).await, [0]);
        for call in some_calls(&store).await {
            assert!((until() - TimeDelta::days(3)..until()).contains(&call.log.created_at));
            assert_eq!(call.log.request_id.arrived_at(), call.log.created_at);
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_costs_what_the_prices_in_the_database_say() {
    each_database(async |store| {
        fill(&options(&store), |_| ()).await.unwrap();

        let models = store.models().all().await.unwrap();
        let prices = store.prices().all().await.unwrap();
        let calls = some_calls(&store).await;
        let (mut priced, mut unpriced) = (0, 0);
        for LoggedCall { log, .. } in calls {
            let Some(code) = &log.model_code else { continue };
            let model = models.iter().find(|model| model.code == *code).unwrap().id;
            let own: Vec<Price> =
                prices.iter().filter(|price| price.model_id == model).cloned().collect();
            assert_eq!((log.price_id, log.cost), bill(&own, &log.usage, log.created_at), "{code}");
            priced += i32::from(log.price_id.is_some());
            unpriced += i32::from(log.cost.is_none());
        }
        assert!(priced > 100 && unpriced > 0, "{priced} {unpriced}");
    })
    .await;
}

#[tokio::test]
async fn a_seed_makes_the_same_history_in_every_database() {
    let sums = "SUM(prompt_tokens), SUM(cached_tokens), SUM(cache_write_1h_tokens),
        SUM(completion_tokens), SUM(reasoning_tokens), SUM(cost_nanousd), SUM(latency_ms),
        SUM(attempt), COUNT(DISTINCT end_user), COUNT(DISTINCT started_at), COUNT(routing)"
        .replace("\n        ", " ");
    let all = std::cell::RefCell::new(Vec::new());
    each_database(async |store| {
        for seed in [1, 2] {
            if seed == 2 {
                store.execute_sql("DELETE FROM t_ai_api_logs").await.unwrap();
            }
            fill(&HistoryOptions { seed, ..options(&store) }, |_| ()).await.unwrap();
            let ids = store.query_texts("SELECT HEX(MIN(request_id)) FROM t_ai_api_logs").await;
            let found = numbers(&store, &sums, "t_ai_api_logs").await;
            all.borrow_mut().push((seed, found, ids.unwrap()));
        }
    })
    .await;

    let all = all.into_inner();
    assert_ne!(all[0].1, all[1].1, "another seed makes another history");
    assert!(all.iter().all(|found| *found == all[0] || *found == all[1]), "{all:#?}");
}

#[tokio::test]
async fn the_hours_wait_to_be_summed_up_and_counters_tell_of_the_last_day() {
    each_database(async |store| {
        fill(&options(&store), |_| ()).await.unwrap();

        let hours = "COUNT(*), SUM(is_dirty), SUM(folded_changes)";
        assert_eq!(numbers(&store, hours, "t_stat_hours").await, [73, 73, 0]);
        let today = "t_ai_api_logs WHERE started_at >= '2026-11-21'";
        let used = numbers(&store, "COUNT(key_id), SUM(total_tokens)", today).await;
        let counted = "SUM(requests_count_today), SUM(tokens_count_today)";
        let on_day = "t_ai_api_keys WHERE counted_on = '2026-11-21'";
        assert_eq!(numbers(&store, counted, on_day).await, used);
        let calls = format!("{today} AND app_id IS NOT NULL AND is_final = TRUE AND attempt > 0");
        let calls = numbers(&store, "COUNT(*)", &calls).await;
        let counted = "t_app_tokens WHERE counted_on = '2026-11-21'";
        assert_eq!(numbers(&store, "SUM(requests_count_today)", counted).await, calls);
    })
    .await;
}

#[tokio::test]
async fn its_days_are_divided_as_the_gateway_divides_them() {
    each_database(async |store| {
        fill(&options(&store), |_| ()).await.unwrap();

        let cutoff = until() - TimeDelta::days(90);
        let division = store.retention().make_partitions(cutoff, until()).await.unwrap();

        let nothing_left = match store.database.is_server() {
            true => Division::ByDay { made: 0 },
            false => Division::Embedded,
        };
        assert_eq!(division, nothing_left);
    })
    .await;
}

#[tokio::test]
async fn the_keys_are_on_show_and_never_used() {
    each_database(async |store| {
        fill(&options(&store), |_| ()).await.unwrap();

        assert!(store.api_keys().seal_plaintext(until()).await.unwrap().is_empty());
        let keys = store.api_keys().open_all().await.unwrap();
        assert_eq!(keys.len(), 20);
        assert!(keys.iter().all(|opened| !opened.key.is_active && opened.secret.is_none()));
        let why = keys[0].key.state.reason.as_deref().unwrap();
        assert!(why.contains("made up by tollgate-simulator history"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn calls_on_record_are_added_to_only_when_asked() {
    each_database(async |store| {
        fill(&options(&store), |_| ()).await.unwrap();

        let again = fill(&options(&store), |_| ()).await.unwrap_err().to_string();
        assert!(again.contains("has calls on record: give --append"), "{again}");
        let more =
            HistoryOptions { append: true, until: until() + TimeDelta::days(3), ..options(&store) };
        fill(&more, |_| ()).await.unwrap();

        assert_eq!(numbers(&store, "COUNT(*)", "t_ai_api_logs").await, [6_000]);
        assert_eq!(numbers(&store, "COUNT(*)", "t_ai_api_keys").await, [20]);
        assert_eq!(numbers(&store, "COUNT(*)", "t_app_tokens").await, [100]);
        // The hour that both have calls of has changed twice at least.
        assert_eq!(numbers(&store, "COUNT(*)", "t_stat_hours").await, [145]);
    })
    .await;
}

#[tokio::test]
async fn a_database_without_tables_is_refused_with_the_remedy() {
    each_empty_database(async |database| {
        let store = database.open(None).await;
        let options = HistoryOptions {
            database_url: database.url().to_owned(),
            rows: 10,
            span: TimeDelta::days(1),
            until: until(),
            seed: 1,
            append: false,
        };

        let refusal = fill(&options, |_| ()).await.unwrap_err().to_string();

        assert!(refusal.contains("run `tollgate migrate`"), "{refusal}");
        store.close().await;
    })
    .await;
}
