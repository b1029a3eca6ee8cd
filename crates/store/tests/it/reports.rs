mod dashboard;
mod laws;
mod limits;
mod slices;
mod unpriced;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::page::Page;
use tollgate_domain::time::hour_of;
use tollgate_domain::usage::TokenUsage;
use tollgate_domain::user::Role;
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, ProviderId, UserId};
use tollgate_store::Store;
use tollgate_store::api_logs::LogFilter;
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::reports::{
    Group, GroupBy, Latency, TrendQuery, UsageFilter, UsageQuery, UsageRow, UsageSums,
    shifted_minutes,
};
use tollgate_store::testing::each_database;
use tollgate_store::users::NewUser;

use crate::calls::{answered, failed_before, given_providers_and_keys};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn whole_year(group_by: GroupBy, tz: Tz) -> UsageQuery {
    UsageQuery {
        from: time("2026-01-01T00:00:00Z"),
        to: time("2027-01-01T00:00:00Z"),
        group_by,
        tz,
        filter: UsageFilter::default(),
    }
}

async fn given(store: &Store, logs: &[ApiLog]) {
    store.api_logs().ship(None, logs).await.unwrap();
}

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from(self.0 >> 33).unwrap() % below
    }
}

/// When the first of [`varied_logs`] arrive at the earliest.
const START: &str = "2026-10-23T10:00:00Z";

/// Attempts of 300 calls over five days around a change of Berlin's clocks, of every kind.
fn varied_logs(draw: &mut Draw) -> Vec<ApiLog> {
    let mut draw = |below| draw.below(below);
    let start = time(START);
    let mut logs = Vec::new();
    for _ in 0..300 {
        let arrived = start + TimeDelta::milliseconds(draw(5 * 86_400_000));
        let mut last = answered(arrived);
        let provider = draw(2) + 1;
        last.provider_id = Some(ProviderId::new(provider));
        last.key_id = Some(ApiKeyId::new(provider * 10 + draw(2) + 1));
        last.model_code = Some(format!("model-{}", draw(3)));
        last.requested_model = Some(format!("model-{}", draw(4)));
        last.app_id = (draw(2) == 0).then(|| AppTokenId::new(draw(3) + 1));
        last.user_id = (draw(2) == 0).then(|| UserId::new(draw(3) + 1));
        last.end_user = (draw(3) == 0).then(|| format!("end-{}", draw(2)));
        last.latency_ms = draw(5_000);
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
        last.error_code = (last.status == CallStatus::Error).then(|| format!("code{}", draw(3)));
        match draw(4) {
            0 => {
                last.attempt = 2;
                logs.push(failed_before(&last, 1, 11 + draw(2)));
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

/// The sums, the plain way.
fn sum<'l>(logs: impl IntoIterator<Item = &'l ApiLog>) -> UsageSums {
    let mut sums = UsageSums::default();
    for log in logs {
        let is = |status| i64::from(log.status == status);
        let (is_final, is_sent) = (i64::from(log.is_final), i64::from(log.attempt > 0));
        sums.requests += is_final;
        sums.successes += is_final * is(CallStatus::Success);
        sums.errors += is_final * is(CallStatus::Error);
        sums.cancelled += is_final * is(CallStatus::Cancelled);
        sums.attempts += is_sent;
        sums.attempt_errors += is_sent * is(CallStatus::Error);
        sums.usage += log.usage;
        sums.cost += log.cost.unwrap_or_default();
        let is_usable = log.usage.total() > 0 || log.status == CallStatus::Success;
        sums.unpriced += i64::from(log.cost.is_none() && is_usable);
        sums.latency_sum_ms += is_final * is(CallStatus::Success) * log.latency_ms;
    }
    sums
}

/// What a row of the report on `log` is called.
fn group_name(log: &ApiLog, group_by: GroupBy, tz: Tz) -> String {
    let hour = hour_of(log.created_at);
    // Days begin at full hours of UTC.
    let shift = TimeDelta::minutes(shifted_minutes(hour, tz));
    let local = (hour + shift).with_timezone(&tz);
    let id = |id: Option<i64>| id.map_or("none".to_owned(), |id| id.to_string());
    match group_by {
        GroupBy::Hour => hour.with_timezone(&tz).format("%Y-%m-%dT%H:%M:00%:z").to_string(),
        GroupBy::Day => local.format("%Y-%m-%d").to_string(),
        GroupBy::Month => local.format("%Y-%m").to_string(),
        GroupBy::Provider => id(log.provider_id.map(ProviderId::get)),
        GroupBy::Model => log.model_code.clone().unwrap_or("none".to_owned()),
        GroupBy::Key => id(log.key_id.map(ApiKeyId::get)),
        GroupBy::App => id(log.app_id.map(AppTokenId::get)),
        GroupBy::User => id(log.user_id.map(UserId::get)),
    }
}

fn row_name(row: &UsageRow) -> String {
    match &row.group {
        Group::Time(text) | Group::Model(text) => text.replace('Z', "+00:00"),
        Group::Row { id, .. } => id.to_string(),
        Group::None => "none".to_owned(),
    }
}

const GROUPS: [GroupBy; 8] = [
    GroupBy::Hour,
    GroupBy::Day,
    GroupBy::Month,
    GroupBy::Provider,
    GroupBy::Model,
    GroupBy::Key,
    GroupBy::App,
    GroupBy::User,
];

#[tokio::test]
async fn every_report_says_what_the_records_add_up_to() {
    each_database(async |store| {
        let logs = varied_logs(&mut Draw(20_261_025));
        given(&store, &logs).await;
        for tz in [Tz::UTC, Tz::Europe__Berlin, Tz::Asia__Kolkata, Tz::America__Los_Angeles] {
            for group_by in GROUPS {
                let report = store.reports().usage(&whole_year(group_by, tz)).await.unwrap();

                let mut expected: BTreeMap<String, Vec<&ApiLog>> = BTreeMap::new();
                for log in &logs {
                    expected.entry(group_name(log, group_by, tz)).or_default().push(log);
                }
                let expected: BTreeMap<String, UsageSums> =
                    expected.into_iter().map(|(name, logs)| (name, sum(logs))).collect();
                let found: BTreeMap<String, UsageSums> =
                    report.iter().map(|row| (row_name(row), row.sums)).collect();
                assert_eq!(found, expected, "{group_by:?} in {tz}");
                assert_eq!(report.len(), expected.len());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_filter_of_usage_leaves_what_it_names() {
    each_database(async |store| {
        let logs = varied_logs(&mut Draw(20_261_025));
        given(&store, &logs).await;
        let any = UsageFilter::default();
        type Case = (UsageFilter, fn(&ApiLog) -> bool);
        let cases: [Case; 6] = [
            (UsageFilter { provider_id: Some(ProviderId::new(2)), ..any.clone() }, |log| {
                log.provider_id == Some(ProviderId::new(2))
            }),
            (UsageFilter { model: Some("model-1".to_owned()), ..any.clone() }, |log| {
                log.model_code.as_deref() == Some("model-1")
            }),
            (UsageFilter { key_id: Some(ApiKeyId::new(12)), ..any.clone() }, |log| {
                log.key_id == Some(ApiKeyId::new(12))
            }),
            (UsageFilter { app_id: Some(AppTokenId::new(1)), ..any.clone() }, |log| {
                log.app_id == Some(AppTokenId::new(1))
            }),
            (UsageFilter { user_id: Some(UserId::new(3)), ..any.clone() }, |log| {
                log.user_id == Some(UserId::new(3))
            }),
            (UsageFilter { end_user: Some("end-1".to_owned()), ..any }, |log| {
                log.end_user.as_deref() == Some("end-1")
            }),
        ];
        for (filter, is_wanted) in cases {
            for group_by in [GroupBy::Day, GroupBy::Model] {
                let query = UsageQuery { filter: filter.clone(), ..whole_year(group_by, Tz::UTC) };
                let report = store.reports().usage(&query).await.unwrap();

                let found: UsageSums = report.iter().map(|row| row.sums).sum();
                let expected = sum(logs.iter().filter(|log| is_wanted(log)));
                assert_eq!(found, expected, "{filter:?}");
                assert_ne!(found, UsageSums::default());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_id_zero_is_nobodys() {
    each_database(async |store| {
        let (early, late) = (time("2026-11-21T10:00:00Z"), time("2026-11-21T11:00:00Z"));
        let refused = ApiLog {
            attempt: 0,
            provider_id: None,
            key_id: None,
            user_id: None,
            ..answered(early)
        };
        given(&store, &[refused]).await;
        let any = UsageFilter::default();
        let filters = [
            UsageFilter { provider_id: Some(ProviderId::new(0)), ..any.clone() },
            UsageFilter { key_id: Some(ApiKeyId::new(0)), ..any.clone() },
            UsageFilter { app_id: Some(AppTokenId::new(0)), ..any.clone() },
            UsageFilter { user_id: Some(UserId::new(0)), model: Some("gpt-4o".into()), ..any },
        ];

        for is_folded in [false, true] {
            for filter in &filters {
                for group_by in [GroupBy::Day, GroupBy::App] {
                    let query =
                        UsageQuery { filter: filter.clone(), ..whole_year(group_by, Tz::UTC) };
                    let report = store.reports().usage(&query).await.unwrap();
                    assert_eq!(report, [], "{filter:?} {is_folded}");
                }
            }
            let calls = LogFilter { app_id: Some(AppTokenId::new(0)), ..LogFilter::default() };
            let listed = store.api_logs().list(&calls, Page::default()).await.unwrap();
            assert_eq!((listed.total, listed.rows.len()), (0, 0), "{is_folded}");
            store.usage_stats().fold(early, late).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_takes_its_first_moment_and_not_its_last() {
    each_database(async |store| {
        let (first, last) = (time("2026-11-21T10:00:00Z"), time("2026-11-21T11:00:00Z"));
        given(&store, &[answered(first), answered(last)]).await;

        for group_by in [GroupBy::Hour, GroupBy::Provider] {
            let query =
                UsageQuery { from: first, to: last, ..whole_year(group_by, Tz::Asia__Kolkata) };
            let report = store.reports().usage(&query).await.unwrap();

            assert_eq!(report.iter().map(|row| row.sums.requests).sum::<i64>(), 1);
        }
        let nothing = UsageQuery { to: first, ..whole_year(GroupBy::Day, Tz::UTC) };
        assert_eq!(store.reports().usage(&nothing).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_model_with_spaces_behind_is_the_model() {
    each_database(async |store| {
        let (early, late) = (time("2026-11-21T10:00:00Z"), time("2026-11-21T11:00:00Z"));
        let named = |at, model: &str| ApiLog { model_code: Some(model.into()), ..answered(at) };
        let logs =
            [(early, "m"), (early, "m "), (late, "m  "), (late, "m")].map(|it| named(it.0, it.1));
        given(&store, &logs).await;

        for is_folded in [false, true] {
            let by_model = whole_year(GroupBy::Model, Tz::UTC);
            let report = store.reports().usage(&by_model).await.unwrap();
            let [row] = &report[..] else { panic!("{report:?}") };
            assert_eq!((row_name(row), row.sums.requests), ("m".to_owned(), 4), "{is_folded}");
            store.usage_stats().fold(early, late).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn groups_carry_names_also_of_deleted_things_and_the_most_called_come_first() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let user = NewUser {
            username: "Anna".to_owned(),
            password_hash: String::new(),
            role: Role::App,
            is_active: true,
            must_change_password: false,
        };
        let now = time("2026-11-21T10:00:00Z");
        let user = store.users().insert(&user, now).await.unwrap().id;
        store.users().delete(user, now).await.unwrap();
        let gone = ApiLog {
            provider_id: Some(ProviderId::new(2)),
            key_id: Some(ApiKeyId::new(21)),
            user_id: Some(user),
            ..answered(now)
        };
        let unknown = ApiLog { key_id: Some(ApiKeyId::new(99)), ..answered(now) };
        let again = ApiLog { request_id: answered(now).request_id, ..gone.clone() };
        given(&store, &[gone, again, unknown]).await;
        let groups = async |group_by| {
            let report = store.reports().usage(&whole_year(group_by, Tz::UTC)).await.unwrap();
            report.into_iter().map(|row| row.group).collect::<Vec<_>>()
        };
        let row = |id, name: Option<&str>| Group::Row { id, name: name.map(str::to_owned) };

        let providers = groups(GroupBy::Provider).await;
        assert_eq!(providers, [row(2, Some("Gone AI")), row(1, Some("OpenAI"))]);
        let keys = groups(GroupBy::Key).await;
        assert_eq!(keys, [row(21, Some("lost")), row(99, None)]);
        assert_eq!(groups(GroupBy::User).await, [row(user.get(), Some("Anna"))]);
        assert_eq!(groups(GroupBy::App).await, [Group::None]);
        assert_eq!(groups(GroupBy::Model).await, [Group::Model("gpt-4o".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn an_app_is_named_after_its_deletion() {
    each_database(async |store| {
        let now = time("2026-11-21T10:00:00Z");
        let new = NewAppToken {
            name: "shop".to_owned(),
            token_hash: [1; 32],
            hint: String::new(),
            owner_id: None,
            scopes: Vec::new(),
            allowed_models: Vec::new(),
            allowed_providers: Vec::new(),
            limits: AppLimits::default(),
            budget: Budget::default(),
            expires_at: None,
            is_active: true,
        };
        let app = store.app_tokens().insert(&new, now).await.unwrap().id;
        given(&store, &[ApiLog { app_id: Some(app), ..answered(now) }, answered(now)]).await;
        store.app_tokens().delete(app, now).await.unwrap();

        let dashboard =
            store.reports().dashboard(&TrendQuery::last_days(1, Tz::UTC, now)).await.unwrap();

        let [top] = &dashboard.top_apps[..] else { panic!("{:?}", dashboard.top_apps) };
        let name = Some("shop".to_owned());
        assert_eq!(top.group, Group::Row { id: app.get(), name });
        assert_eq!(top.sums.requests, 1);
    })
    .await;
}

#[tokio::test]
async fn a_range_may_end_with_the_last_year_there_is() {
    each_database(async |store| {
        let now = time("2026-11-21T10:00:00Z");
        given(&store, &[answered(now)]).await;
        let ages =
            (time("0001-01-01T00:00:00Z"), time("9999-12-31T00:00:00Z") + TimeDelta::days(1));

        for group_by in GROUPS {
            let query = UsageQuery { from: ages.0, to: ages.1, ..whole_year(group_by, Tz::UTC) };
            let report = store.reports().usage(&query).await.unwrap();

            let sums: Vec<i64> = report.iter().map(|row| row.sums.requests).collect();
            assert_eq!(sums, [1], "{group_by:?}");
        }
        let errors = store.reports().errors(ages.0, ages.1, &UsageFilter::default()).await.unwrap();
        assert_eq!(errors.total_errors, 0);
    })
    .await;
}

#[tokio::test]
async fn costs_beyond_measure_do_not_break_a_report() {
    each_database(async |store| {
        let now = time("2026-11-21T10:00:00Z");
        let dear = || ApiLog { cost: Some(NanoUsd::new(i64::MAX)), ..answered(now) };
        given(&store, &[dear(), dear(), dear()]).await;

        let dashboard =
            store.reports().dashboard(&TrendQuery::last_days(1, Tz::UTC, now)).await.unwrap();

        assert_eq!(dashboard.trend.summary.requests, 3);
        assert_eq!(dashboard.trend.summary.cost, NanoUsd::new(i64::MAX));
    })
    .await;
}
