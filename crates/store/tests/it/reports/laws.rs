//! Whatever is folded, dirty or open: every way to sum says the same.

use std::collections::BTreeSet;

use tollgate_domain::page::Page;
use tollgate_store::api_logs::LogFilter;

use super::*;

const ZONES: [Tz; 7] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::America__Los_Angeles,
    Tz::Asia__Shanghai,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
    Tz::America__St_Johns,
];

/// Folds each hour of `logs` that `is_folded` says.
pub(super) async fn fold(store: &Store, logs: &[ApiLog], mut is_folded: impl FnMut() -> bool) {
    let hours: BTreeSet<DateTime<Utc>> = logs.iter().map(|log| hour_of(log.created_at)).collect();
    for hour in hours {
        if is_folded() {
            store.usage_stats().fold(hour, hour).await.unwrap();
        }
    }
}

/// 600 calls: half of them are folded for the most part, then the others come, some of them to
/// hours that were folded.
pub(super) async fn given_a_history(store: &Store, draw: &mut Draw) -> Vec<ApiLog> {
    let mut logs = varied_logs(draw);
    given(store, &logs).await;
    fold(store, &logs, || draw.below(8) != 0).await;
    let late: Vec<ApiLog> = varied_logs(draw)
        .into_iter()
        .filter(|log| hour_of(log.created_at).timestamp() / 3600 % 3 == 0)
        .collect();
    given(store, &late).await;
    fold(store, &late, || draw.below(2) == 0).await;
    logs.extend(late);
    logs
}

fn some<T>(draw: &mut Draw, of: i64, value: impl FnOnce(&mut Draw) -> T) -> Option<T> {
    (draw.below(of) == 0).then(|| value(draw))
}

fn filter(draw: &mut Draw) -> UsageFilter {
    UsageFilter {
        provider_id: some(draw, 4, |draw| ProviderId::new(draw.below(2) + 1)),
        model: some(draw, 4, |draw| format!("model-{}", draw.below(3))),
        key_id: some(draw, 6, |draw| ApiKeyId::new(11 + draw.below(2))),
        app_id: some(draw, 5, |draw| AppTokenId::new(draw.below(3) + 1)),
        user_id: some(draw, 5, |draw| UserId::new(draw.below(3) + 1)),
        end_user: some(draw, 8, |draw| format!("end-{}", draw.below(2))),
    }
}

/// Some time within, around or beside the records; every other one begins and ends at full hours.
fn range(draw: &mut Draw) -> (DateTime<Utc>, DateTime<Utc>) {
    let unit = if draw.below(2) == 0 { 3_600_000 } else { 1 };
    let mut at = || {
        let millis = draw.below(8 * 86_400_000) / unit * unit;
        hour_of(time(START)) + TimeDelta::milliseconds(millis - 86_400_000)
    };
    let (one, other) = (at(), at());
    (one.min(other), one.max(other) + TimeDelta::milliseconds(unit))
}

fn is_left(filter: &UsageFilter, log: &ApiLog) -> bool {
    filter.provider_id.is_none_or(|id| log.provider_id == Some(id))
        && filter.model.as_ref().is_none_or(|model| log.model_code.as_ref() == Some(model))
        && filter.key_id.is_none_or(|id| log.key_id == Some(id))
        && filter.app_id.is_none_or(|id| log.app_id == Some(id))
        && filter.user_id.is_none_or(|id| log.user_id == Some(id))
        && filter.end_user.as_ref().is_none_or(|name| log.end_user.as_ref() == Some(name))
}

fn as_logs(query: &UsageQuery) -> LogFilter {
    let filter = query.filter.clone();
    LogFilter {
        provider_id: filter.provider_id,
        model: filter.model,
        key_id: filter.key_id,
        app_id: filter.app_id,
        user_id: filter.user_id,
        end_user: filter.end_user,
        from: Some(query.from),
        to: Some(query.to),
        ..LogFilter::default()
    }
}

/// Every attempt that the export has, a few at a time.
async fn exported(store: &Store, filter: &LogFilter) -> Vec<ApiLog> {
    let (mut logs, mut after) = (Vec::new(), None);
    loop {
        let chunk = store.api_logs().export(filter, after, 37).await.unwrap();
        logs.extend(chunk.rows.into_iter().map(|call| call.log));
        after = chunk.next;
        if after.is_none() {
            return logs;
        }
    }
}

#[tokio::test]
async fn the_sums_of_every_grouping_equal_those_of_the_records_and_of_the_export() {
    for seed in 1..=3 {
        each_database(async |store| {
            let mut draw = Draw(seed);
            let logs = given_a_history(&store, &mut draw).await;
            for number in 0..12 {
                let ((from, to), tz) = (range(&mut draw), ZONES[number % ZONES.len()]);
                let filter = filter(&mut draw);
                let mut query = UsageQuery { from, to, group_by: GroupBy::Hour, tz, filter };
                let wanted: Vec<&ApiLog> = logs
                    .iter()
                    .filter(|log| (from..to).contains(&log.created_at))
                    .filter(|log| is_left(&query.filter, log))
                    .collect();
                let expected = sum(wanted.iter().copied());
                for group_by in GROUPS {
                    query.group_by = group_by;
                    let mut groups: BTreeMap<String, Vec<&ApiLog>> = BTreeMap::new();
                    for log in &wanted {
                        groups.entry(group_name(log, group_by, tz)).or_default().push(log);
                    }
                    let groups: BTreeMap<String, UsageSums> =
                        groups.into_iter().map(|(name, logs)| (name, sum(logs))).collect();

                    let rows = store.reports().usage(&query).await.unwrap();

                    let found: BTreeMap<String, UsageSums> =
                        rows.iter().map(|row| (row_name(row), row.sums)).collect();
                    assert_eq!(found, groups, "seed {seed}, {query:?}");
                    assert_eq!(found.len(), rows.len(), "seed {seed}, {query:?}");
                }
                let filter = as_logs(&query);
                let export = exported(&store, &filter).await;
                assert_eq!(sum(&export), expected, "seed {seed}, {query:?}");
                let page = Page { number: 1, size: 1 };
                let listed = store.api_logs().list(&filter, page).await.unwrap();
                assert_eq!(listed.total, expected.requests, "seed {seed}, {query:?}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn the_dashboard_is_what_the_groupings_say_of_its_days() {
    each_database(async |store| {
        let mut draw = Draw(7);
        given_a_history(&store, &mut draw).await;
        let now = time("2026-10-27T09:20:00Z");
        for tz in ZONES {
            for days in [1, 3, 40] {
                let query = TrendQuery::last_days(days, tz, now);
                let board = store.reports().dashboard(&query).await.unwrap();

                let trend = store.reports().trend(&query).await.unwrap();
                assert_eq!(board.trend, trend);
                assert_eq!(trend.points.len(), days as usize);
                let today = now.with_timezone(&tz).date_naive();
                let (from, to) = (query.from, query.to);
                let usage = async |group_by| {
                    let filter = UsageFilter::default();
                    let query = UsageQuery { from, to, group_by, tz, filter };
                    store.reports().usage(&query).await.unwrap()
                };
                let by_day: BTreeMap<String, UsageSums> =
                    usage(GroupBy::Day).await.iter().map(|row| (row_name(row), row.sums)).collect();
                let of_trend: BTreeMap<String, UsageSums> = trend
                    .points
                    .iter()
                    .filter(|day| !day.sums.is_empty())
                    .map(|day| (day.label.clone(), day.sums))
                    .collect();
                let next = today.succ_opt().unwrap().to_string();
                let mut by_day = by_day;
                if let Some(early) = by_day.remove(&next) {
                    *by_day.entry(today.to_string()).or_default() += early;
                }
                assert_eq!(of_trend, by_day, "{days} days in {tz}");
                let models = usage(GroupBy::Model).await;
                let known = models.iter().filter(|row| row.group != Group::None);
                assert_eq!(board.top_models, known.cloned().collect::<Vec<_>>());
                assert_eq!(trend.summary, models.iter().map(|row| row.sums).sum());
                let errors = store.reports().errors(from, to, &query.filter).await.unwrap();
                assert_eq!(board.errors, errors);
                assert_eq!(errors.total_errors, trend.summary.errors);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn errors_are_the_same_from_the_tables_and_from_the_records() {
    each_database(async |store| {
        let mut draw = Draw(11);
        let logs = varied_logs(&mut draw);
        given(&store, &logs).await;
        let range = (time("2026-10-24T03:20:00Z"), time("2026-10-27T22:00:00Z"));
        let any = UsageFilter::default();
        let before = store.reports().errors(range.0, range.1, &any).await.unwrap();

        fold(&store, &logs, || draw.below(3) != 0).await;
        let half = store.reports().errors(range.0, range.1, &any).await.unwrap();
        fold(&store, &logs, || true).await;
        let whole = store.reports().errors(range.0, range.1, &any).await.unwrap();

        assert!(before.total_errors > 20 && before.by_key.len() == 4, "{before:?}");
        assert_eq!(half, before);
        assert_eq!(whole, before);
    })
    .await;
}

#[tokio::test]
async fn a_report_beside_a_fold_counts_nothing_twice_and_misses_nothing() {
    each_database(async |store| {
        let logs = varied_logs(&mut Draw(5));
        given(&store, &logs).await;
        let expected = sum(&logs);
        let folding = async {
            for _ in 0..3 {
                fold(&store, &logs, || true).await;
                let hours = logs.iter().map(|log| hour_of(log.created_at)).collect();
                store.stat_hours().mark(&hours, time(START)).await.unwrap();
            }
            fold(&store, &logs, || true).await;
        };
        let reading = async {
            for _ in 0..40 {
                for group_by in [GroupBy::Day, GroupBy::Provider] {
                    let query = whole_year(group_by, Tz::Europe__Berlin);
                    let rows = store.reports().usage(&query).await.unwrap();
                    let found: UsageSums = rows.iter().map(|row| row.sums).sum();
                    assert_eq!(found, expected);
                }
            }
        };

        tokio::join!(folding, reading);
    })
    .await;
}

#[tokio::test]
async fn pages_are_the_same_whatever_is_folded() {
    each_database(async |store| {
        let mut draw = Draw(13);
        let logs = given_a_history(&store, &mut draw).await;
        let any = LogFilter::default();
        let filters = [
            any.clone(),
            LogFilter { status: Some(CallStatus::Error), ..any.clone() },
            LogFilter { provider_id: Some(ProviderId::new(2)), ..any.clone() },
            LogFilter {
                app_id: Some(AppTokenId::new(2)),
                status: Some(CallStatus::Success),
                ..any.clone()
            },
            LogFilter { model: Some("model-1".to_owned()), from: Some(time(START)), ..any },
        ];
        let mut newest_first: Vec<&ApiLog> = logs.iter().filter(|log| log.is_final).collect();
        newest_first.sort_by_key(|log| std::cmp::Reverse(log.created_at));
        for filter in &filters {
            let expected: Vec<_> = newest_first
                .iter()
                .filter(|log| filter.status.is_none_or(|status| log.status == status))
                .filter(|log| filter.provider_id.is_none_or(|id| log.provider_id == Some(id)))
                .filter(|log| filter.app_id.is_none_or(|id| log.app_id == Some(id)))
                .filter(|log| filter.model.is_none() || log.model_code == filter.model)
                .map(|log| log.request_id)
                .collect();
            let mut found = Vec::new();
            for number in 1.. {
                let page = Page { number, size: 23 };
                let listed = store.api_logs().list(filter, page).await.unwrap();
                assert_eq!(listed.total, i64::try_from(expected.len()).unwrap(), "{filter:?}");
                if listed.rows.is_empty() {
                    break;
                }
                found.extend(listed.rows.into_iter().map(|call| call.log.request_id));
            }

            assert_eq!(found, expected, "{filter:?}");
        }
    })
    .await;
}
