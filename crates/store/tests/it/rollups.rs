//! The tables of usage: as they are, and as they ought to be.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::TokenUsage;
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, ProviderId, UserId};
use tollgate_store::Store;
use tollgate_store::usage_stats::Fold;

use crate::calls::{answered, failed_before};

/// Rows of a table: what a row is known by, its time first, and its measures.
pub(crate) type Rows = BTreeMap<String, Vec<i64>>;

/// Up to how many milliseconds the buckets go.
const BOUNDS: [i64; 19] = [
    50, 100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000,
    15_000, 20_000, 30_000, 60_000,
];

/// Every table of usage: its name, what its rows are known by, and whether it is of errors.
const TABLES: [(&str, &str, bool); 6] = [
    ("t_ai_usage_stats", "stat_hour, provider_id, model_code, key_id, app_id, user_id", false),
    ("t_ai_usage_stats_daily", "stat_day, provider_id, model_code, key_id, app_id, user_id", false),
    ("t_ai_usage_totals", "stat_hour, dimension, member", false),
    ("t_ai_usage_totals_daily", "stat_day, dimension, member", false),
    ("t_ai_error_stats", "stat_hour, provider_id, key_id, error_code", true),
    ("t_ai_error_stats_daily", "stat_day, provider_id, key_id, error_code", true),
];

/// The columns of measures, in the order of [`measures`].
fn columns(is_of_errors: bool) -> Vec<String> {
    if is_of_errors {
        return vec!["calls".to_owned(), "attempts".to_owned()];
    }
    let first = "requests successes errors cancelled attempts attempt_errors prompt_tokens \
        cached_tokens cache_write_tokens cache_write_1h_tokens completion_tokens \
        reasoning_tokens total_tokens cost_nanousd unpriced latency_sum_ms latency_max_ms";
    let buckets = BOUNDS.iter().map(|bound| format!("latency_le_{bound}"));
    let last = ["latency_over_60000", "first_token_count", "first_token_sum_ms"];
    let words = first.split_whitespace().map(str::to_owned);
    words.chain(buckets).chain(last.map(str::to_owned)).collect()
}

/// Every table as it is.
pub(crate) async fn tables(store: &Store) -> BTreeMap<&'static str, Rows> {
    let mut tables = BTreeMap::new();
    for (name, key, is_of_errors) in TABLES {
        let (width, columns) = (key.split(", ").count(), columns(is_of_errors).join(", "));
        let sql = format!("SELECT CONCAT_WS('|', {key}, {columns}) FROM {name}");
        let mut rows = Rows::new();
        for row in store.query_texts(&sql).await.unwrap() {
            let row = row.unwrap();
            let parts: Vec<&str> = row.split('|').collect();
            let (key, measures) = parts.split_at(width);
            let time = format!("{} {}", &key[0][..10], &key[0][11..13]);
            let key = format!("{time}|{}", key[1..].join("|"));
            let measures = measures.iter().map(|measure| measure.parse().unwrap()).collect();
            assert_eq!(rows.insert(key, measures), None, "{name} has a row twice");
        }
        tables.insert(name, rows);
    }
    tables
}

/// Every table as it ought to be over these records.
pub(crate) fn expected<'l>(
    logs: impl IntoIterator<Item = &'l ApiLog>,
) -> BTreeMap<&'static str, Rows> {
    let mut tables: BTreeMap<&'static str, Rows> =
        TABLES.iter().map(|(name, ..)| (*name, Rows::new())).collect();
    for log in logs {
        let hour = log.created_at.format("%Y-%m-%d %H").to_string();
        let day = log.created_at.format("%Y-%m-%d 00").to_string();
        let id = |id: Option<i64>| id.unwrap_or(0).to_string();
        let model = log.model_code.clone().unwrap_or_default();
        let provider = id(log.provider_id.map(ProviderId::get));
        let key = id(log.key_id.map(ApiKeyId::get));
        let (app, user) = (id(log.app_id.map(AppTokenId::get)), id(log.user_id.map(UserId::get)));
        let group = format!("{provider}|{model}|{key}|{app}|{user}");
        let totals = [
            "all|".to_owned(),
            format!("provider|{provider}"),
            format!("model|{model}"),
            format!("key|{key}"),
            format!("app|{app}"),
            format!("user|{user}"),
        ];
        let code = log.error_code.clone().unwrap_or_default();
        let failed = format!("{provider}|{key}|{code}");
        for (time, suffix) in [(&hour, ""), (&day, "_daily")] {
            let mut add = |table: &str, key: &str, more: &[i64]| {
                let name = TABLES.iter().map(|(name, ..)| *name);
                let name = name.into_iter().find(|name| **name == format!("{table}{suffix}"));
                let rows = tables.get_mut(name.unwrap()).unwrap();
                let row =
                    rows.entry(format!("{time}|{key}")).or_insert_with(|| vec![0; more.len()]);
                for (place, (sum, more)) in row.iter_mut().zip(more).enumerate() {
                    // The longest latency.
                    let is_max = place == 16;
                    *sum = if is_max { (*sum).max(*more) } else { sum.saturating_add(*more) };
                }
            };
            add("t_ai_usage_stats", &group, &measures(log));
            totals.iter().for_each(|key| add("t_ai_usage_totals", key, &measures(log)));
            if log.status == CallStatus::Error {
                let counts = [i64::from(log.is_final), i64::from(log.attempt > 0)];
                add("t_ai_error_stats", &failed, &counts);
            }
        }
    }
    tables
}

/// What one record adds.
fn measures(log: &ApiLog) -> Vec<i64> {
    let is = |status| i64::from(log.status == status);
    let (is_final, is_sent) = (i64::from(log.is_final), i64::from(log.attempt > 0));
    let is_answered = is_final * is(CallStatus::Success);
    let usage = log.usage;
    let is_unpriced =
        log.cost.is_none() && (usage.total() > 0 || log.status == CallStatus::Success);
    let mut measures = vec![
        is_final,
        is_answered,
        is_final * is(CallStatus::Error),
        is_final * is(CallStatus::Cancelled),
        is_sent,
        is_sent * is(CallStatus::Error),
        usage.prompt,
        usage.cached,
        usage.cache_write,
        usage.cache_write_1h,
        usage.completion,
        usage.reasoning,
        usage.total(),
        log.cost.map_or(0, NanoUsd::get),
        i64::from(is_unpriced),
        is_answered * log.latency_ms,
        is_answered * log.latency_ms,
    ];
    let bucket = BOUNDS.iter().position(|bound| log.latency_ms <= *bound).unwrap_or(BOUNDS.len());
    measures.extend((0..=BOUNDS.len()).map(|place| is_answered * i64::from(place == bucket)));
    let first = log.first_token_ms.filter(|_| is_answered == 1);
    measures.extend([i64::from(first.is_some()), first.unwrap_or(0)]);
    measures
}

/// Attempts of `calls` calls of every kind, spread over the `hours` before `end`, drawn from a
/// sequence that `seed` decides.
pub(crate) fn drawn_logs(seed: u64, calls: usize, hours: i64, end: DateTime<Utc>) -> Vec<ApiLog> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(20_261_121);
    let mut draw = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from(state >> 33).unwrap() % below
    };
    let mut logs = Vec::new();
    for _ in 0..calls {
        let mut last = answered(end - TimeDelta::milliseconds(1 + draw(hours * 3_600_000)));
        let provider = draw(3) + 1;
        last.provider_id = Some(ProviderId::new(provider));
        last.key_id = Some(ApiKeyId::new(provider * 10 + draw(2) + 1));
        last.model_code = Some(format!("model-{}", draw(3)));
        last.app_id = (draw(2) == 0).then(|| AppTokenId::new(draw(3) + 1));
        last.user_id = (draw(2) == 0).then(|| UserId::new(draw(3) + 1));
        last.latency_ms = [draw(400), BOUNDS[usize::try_from(draw(19)).unwrap()], draw(90_000)]
            [usize::try_from(draw(3)).unwrap()];
        last.first_token_ms = (draw(2) == 0).then(|| draw(2_000));
        last.usage = TokenUsage {
            prompt: draw(900),
            cached: draw(50),
            cache_write: draw(20),
            cache_write_1h: draw(10),
            completion: draw(400),
            reasoning: draw(100),
        };
        last.cost = (draw(5) != 0).then(|| NanoUsd::new(draw(9_000_000_000_000)));
        last.status = CallStatus::ALL[usize::try_from(draw(3)).unwrap()];
        last.error_code =
            (last.status == CallStatus::Error && draw(4) != 0).then(|| format!("code{}", draw(3)));
        match draw(4) {
            0 => {
                last.attempt = 2;
                logs.push(failed_before(&last, 1, provider * 10 + 1));
            }
            1 if last.status == CallStatus::Error => {
                last.attempt = 0;
                (last.provider_id, last.key_id, last.model_code) = (None, None, None);
                (last.usage, last.cost) = (TokenUsage::default(), None);
            }
            _ => {}
        }
        logs.push(last);
    }
    logs
}

/// Writes records.
pub(crate) async fn given(store: &Store, logs: &[ApiLog]) {
    store.api_logs().ship(None, logs).await.unwrap();
}

/// Folds every dirty hour from before `before` until none is left; answers how many folds that took.
pub(crate) async fn fold_all(store: &Store, before: DateTime<Utc>) -> usize {
    let mut folds = 0;
    loop {
        let hours = store.stat_hours().dirty(before, 1_000).await.unwrap();
        if hours.is_empty() {
            return folds;
        }
        for hour in hours {
            let fold = store.usage_stats().fold(hour.hour, before).await.unwrap();
            assert!(matches!(fold, Fold::Done { .. }), "{fold:?}");
            folds += 1;
        }
    }
}
