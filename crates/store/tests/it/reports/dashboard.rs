//! Trends and the dashboard.

use super::*;

#[tokio::test]
async fn a_trend_has_every_day_of_the_zone_today_included() {
    each_database(async |store| {
        // 01:30 on the 22nd in Shanghai, still the 21st in UTC.
        let now = time("2026-11-21T17:30:00Z");
        let yesterday = time("2026-11-21T15:59:59.999Z");
        let too_old = time("2026-11-19T15:59:59.999Z");
        given(&store, &[answered(now), answered(yesterday), answered(too_old)]).await;

        let query = TrendQuery::last_days(3, Tz::Asia__Shanghai, now);
        let trend = store.reports().trend(&query).await.unwrap();

        let days = &trend.points;
        let told: Vec<_> = days.iter().map(|day| (day.label.as_str(), day.sums.requests)).collect();
        assert_eq!(told, [("2026-11-20", 0), ("2026-11-21", 1), ("2026-11-22", 1)]);
        assert_eq!((days[0].sums, days[0].latency), (UsageSums::default(), Latency::default()));
        assert!((days[0].sums.success_rate(), days[1].sums.success_rate()) == (0.0, 1.0));
        assert_eq!(days[1].from, time("2026-11-20T16:00:00Z"));
        assert_eq!((days[1].to, days[1].latency.p50_ms), (days[2].from, Some(120)));
    })
    .await;
}

#[tokio::test]
async fn a_dashboard_agrees_with_the_records() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let logs = varied_logs(&mut Draw(20_261_025));
        given(&store, &logs).await;
        let now = time("2026-10-28T12:00:00Z");

        let dashboard = store
            .reports()
            .dashboard(&TrendQuery::last_days(7, Tz::Europe__Berlin, now))
            .await
            .unwrap();

        assert_eq!(dashboard.trend.summary, sum(&logs));
        assert_eq!(dashboard.trend.points.len(), 7);
        let mut latencies: Vec<i64> = logs
            .iter()
            .filter(|log| log.is_final && log.status == CallStatus::Success)
            .map(|log| log.latency_ms)
            .collect();
        latencies.sort_unstable();
        let at = |percent: usize| latencies[(latencies.len() * percent).div_ceil(100) - 1];
        let found = dashboard.trend.latency;
        // Within the bounds that latencies are counted by.
        for (found, truth, width) in [
            (found.p50_ms, at(50), 1_000),
            (found.p95_ms, at(95), 1_000),
            (found.p99_ms, at(99), 1_000),
        ] {
            assert!((found.unwrap() - truth).abs() <= width, "{found:?} for {truth}");
        }
        assert_eq!(dashboard.errors.total_errors, dashboard.trend.summary.errors);
        let models: Vec<&Group> = dashboard.top_models.iter().map(|row| &row.group).collect();
        assert_eq!(models.len(), 3);
        assert_eq!(dashboard.top_apps.len(), 3);
        assert!(!models.contains(&&Group::None));
    })
    .await;
}

#[tokio::test]
async fn a_dashboard_ranks_ten_models() {
    each_database(async |store| {
        let now = time("2026-11-21T10:00:00Z");
        let call =
            |number: i64| ApiLog { model_code: Some(format!("m{}", number % 12)), ..answered(now) };
        // m0 and m1 are called once more than the others.
        given(&store, &(0..26).map(call).collect::<Vec<_>>()).await;

        let dashboard =
            store.reports().dashboard(&TrendQuery::last_days(1, Tz::UTC, now)).await.unwrap();

        let codes: Vec<String> = dashboard.top_models.iter().map(row_name).collect();
        assert_eq!(codes, ["m0", "m1", "m10", "m11", "m2", "m3", "m4", "m5", "m6", "m7"]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_database_has_an_empty_dashboard() {
    each_database(async |store| {
        let now = time("2026-11-21T10:00:00Z");

        let dashboard =
            store.reports().dashboard(&TrendQuery::last_days(7, Tz::UTC, now)).await.unwrap();

        assert_eq!(dashboard.trend.summary, UsageSums::default());
        assert_eq!(dashboard.trend.latency, Latency::default());
        assert_eq!(dashboard.trend.points.len(), 7);
        assert_eq!(dashboard.errors.total_errors, 0);
        assert!(dashboard.top_models.is_empty() && dashboard.top_apps.is_empty());
    })
    .await;
}
