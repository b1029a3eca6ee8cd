//! Usage by time and member, by two members, and failures by time and code.

use std::collections::BTreeSet;

use tollgate_store::reports::{Dimension, Rank, Unit};

use super::laws::{fold, given_a_history};
use super::*;

/// The five days of [`varied_logs`], as reports in a zone that is not UTC see them.
fn days() -> TrendQuery {
    TrendQuery {
        from: time("2026-10-22T22:00:00Z"),
        to: time("2026-10-28T23:00:00Z"),
        unit: Unit::Day,
        tz: Tz::Europe__Berlin,
        filter: UsageFilter::default(),
    }
}

#[tokio::test]
async fn the_lines_of_members_are_what_each_filter_leaves() {
    each_database(async |store| {
        given_a_history(&store, &mut Draw(21)).await;
        let only_model = UsageFilter { model: Some("model-1".to_owned()), ..Default::default() };
        for filter in [UsageFilter::default(), only_model] {
            for unit in [Unit::Hour, Unit::Day, Unit::Month] {
                let query = TrendQuery { unit, filter: filter.clone(), ..days() };
                let series = store
                    .reports()
                    .series(&query, Dimension::Key, Rank::Requests, 9)
                    .await
                    .unwrap();

                let trend = store.reports().trend(&query).await.unwrap();
                let expected: Vec<_> =
                    trend.points.iter().map(|at| (&at.label, at.from, at.to, at.sums)).collect();
                let points = series.points.iter();
                let found: Vec<_> = points.map(|at| (&at.label, at.from, at.to, at.sums)).collect();
                assert_eq!(found, expected);
                assert_eq!(series.lines.len(), 4, "{unit:?} {filter:?}");
                for line in series.lines {
                    let Group::Row { id, .. } = line.group else { panic!("{:?}", line.group) };
                    let filter = UsageFilter { key_id: Some(ApiKeyId::new(id)), ..filter.clone() };
                    let query = TrendQuery { filter, ..query.clone() };
                    let own = store.reports().trend(&query).await.unwrap();
                    assert_eq!(line.sums, Vec::from_iter(own.points.iter().map(|at| at.sums)));
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_members_that_matter_most_come_first() {
    each_database(async |store| {
        given_a_history(&store, &mut Draw(22)).await;
        type Worth = fn(&UsageSums) -> i64;
        let ranks: [(Rank, Worth); 4] = [
            (Rank::Requests, |sums| sums.requests),
            (Rank::Errors, |sums| sums.errors),
            (Rank::Tokens, |sums| sums.usage.total()),
            (Rank::Cost, |sums| sums.cost.get()),
        ];
        for (rank, worth) in ranks {
            let query = UsageQuery { tz: Tz::UTC, ..whole_year(GroupBy::App, Tz::UTC) };
            let mut apps: Vec<(i64, Group)> = store
                .reports()
                .usage(&query)
                .await
                .unwrap()
                .into_iter()
                .filter(|row| row.group != Group::None)
                .map(|row| (worth(&row.sums), row.group))
                .collect();
            apps.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));

            let series = store.reports().series(&days(), Dimension::App, rank, 2).await.unwrap();

            let found: Vec<i64> =
                series.lines.iter().map(|line| line.sums.iter().map(worth).sum()).collect();
            let expected: Vec<i64> = apps.iter().take(2).map(|(worth, _)| *worth).collect();
            assert_eq!(found, expected, "{rank:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_members_together_add_up_to_each_of_them() {
    each_database(async |store| {
        given_a_history(&store, &mut Draw(23)).await;
        let range = (days().from, days().to);
        let by = (Dimension::App, Some(Dimension::Model));
        for provider in [None, Some(ProviderId::new(2))] {
            let filter = UsageFilter { provider_id: provider, ..UsageFilter::default() };
            let pairs = store.reports().pairs(range, &filter, by).await.unwrap();

            let distinct: BTreeSet<String> =
                pairs.iter().map(|row| format!("{:?}", row.groups)).collect();
            assert_eq!(distinct.len(), pairs.len());
            let costs: Vec<NanoUsd> = pairs.iter().map(|row| row.sums.cost).collect();
            assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
            for (group_by, is_first) in [(GroupBy::App, true), (GroupBy::Model, false)] {
                let query = UsageQuery {
                    from: range.0,
                    to: range.1,
                    group_by,
                    tz: Tz::UTC,
                    filter: filter.clone(),
                };
                for row in store.reports().usage(&query).await.unwrap() {
                    let of_row = pairs.iter().filter(|pair| {
                        let groups = &pair.groups;
                        if is_first {
                            row.group == groups.0
                        } else {
                            Some(&row.group) == groups.1.as_ref()
                        }
                    });
                    assert_eq!(of_row.map(|pair| pair.sums).sum::<UsageSums>(), row.sums);
                    let dimension = if is_first { Dimension::App } else { Dimension::Model };
                    let alone =
                        store.reports().pairs(range, &filter, (dimension, None)).await.unwrap();
                    let alone: Vec<_> =
                        alone.iter().filter(|pair| pair.groups.0 == row.group).collect();
                    assert_eq!((alone.len(), alone[0].sums), (1, row.sums));
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn failures_develop_as_the_report_on_them_adds_up() {
    each_database(async |store| {
        let mut draw = Draw(24);
        let logs = given_a_history(&store, &mut draw).await;
        let any = UsageFilter::default();
        let filters = [
            any.clone(),
            UsageFilter { provider_id: Some(ProviderId::new(1)), ..any.clone() },
            UsageFilter { key_id: Some(ApiKeyId::new(12)), ..any.clone() },
            UsageFilter { model: Some("model-2".to_owned()), ..any.clone() },
            UsageFilter { user_id: Some(UserId::new(1)), ..any },
        ];
        for is_folded in [false, true] {
            for filter in &filters {
                for unit in [Unit::Hour, Unit::Day] {
                    let query = TrendQuery { unit, filter: filter.clone(), ..days() };
                    let report =
                        store.reports().errors(query.from, query.to, filter).await.unwrap();
                    let trend = store.reports().error_trend(&query, 50).await.unwrap();

                    let expected: Vec<_> =
                        report.by_code.iter().map(|code| (&code.code, code.count)).collect();
                    let found: Vec<_> = trend
                        .lines
                        .iter()
                        .map(|line| (&line.code, line.counts.iter().sum()))
                        .collect();
                    assert_eq!(found, expected, "{filter:?} {unit:?} {is_folded}");
                    assert!(!found.is_empty());
                    for (place, point) in trend.points.iter().enumerate() {
                        let failed: i64 = trend.lines.iter().map(|line| line.counts[place]).sum();
                        assert_eq!(failed, point.sums.errors, "{filter:?} {}", point.label);
                    }
                }
            }
            fold(&store, &logs, || true).await;
        }
    })
    .await;
}
