use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::page::Page;
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, RequestId, UserId};
use tollgate_store::Store;
use tollgate_store::api_logs::LogFilter;
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::testing::each_database;

use crate::calls::{answered, complete, failed_before, given_providers_and_keys};
use crate::rollups::fold_all;
use crate::support::at;

fn midnight(text: &str) -> DateTime<Utc> {
    format!("{text}T00:00:00Z").parse().unwrap()
}

/// `requests/tokens/day` of a key.
async fn counters(store: &Store, key: i64) -> String {
    let sql = format!(
        "SELECT CONCAT(requests_count_today, '/', tokens_count_today, '/', counted_on)
         FROM t_ai_api_keys WHERE id = {key}"
    );
    let texts = store.query_texts(&sql).await.unwrap();
    texts[0].clone().unwrap_or_default()
}

async fn rows(store: &Store) -> i64 {
    let sql = "SELECT CAST(COUNT(*) AS CHAR(20)) FROM t_ai_api_logs";
    store.query_texts(sql).await.unwrap()[0].as_ref().unwrap().parse().unwrap()
}

async fn listed(store: &Store, filter: &LogFilter) -> Vec<RequestId> {
    let found = store.api_logs().list(filter, Page { number: 1, size: 200 }).await.unwrap();
    assert_eq!(found.total, i64::try_from(found.rows.len()).unwrap());
    found.rows.iter().map(|call| call.log.request_id).collect()
}

#[tokio::test]
async fn an_attempt_comes_back_as_written_with_the_names_of_its_parts() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        for sql in [
            "INSERT INTO t_users (id, username, password_hash, role) VALUES (1, 'ann', '', 'app')",
            "INSERT INTO t_app_tokens (id, name, token_hash, deleted_at)
             VALUES (5, 'shop', 'x', '2026-01-01 00:00:00')",
        ] {
            store.execute_sql(sql).await.unwrap();
        }
        let (full, plain) = (complete(at(1)), answered(at(2)));
        store.api_logs().ship(None, &[full.clone(), plain.clone()]).await.unwrap();

        let found = store.api_logs().list(&LogFilter::default(), Page::default()).await.unwrap();

        let logs: Vec<&ApiLog> = found.rows.iter().map(|call| &call.log).collect();
        assert_eq!(logs, [&plain, &full]);
        assert_eq!(found.rows[0].provider_code.as_deref(), Some("openai"));
        assert_eq!(found.rows[0].key_name.as_deref(), Some("main"));
        assert_eq!(found.rows[0].attempts, 1);
        let names =
            found.rows.iter().map(|row| (row.app_name.as_deref(), row.user_name.as_deref()));
        let expected = [(None, Some("ann")), (Some("shop"), Some("ann"))];
        assert_eq!(names.collect::<Vec<_>>(), expected);
        let attempts = store.api_logs().attempts_of(full.request_id).await.unwrap();
        assert_eq!(attempts, [found.rows[1].clone()]);
    })
    .await;
}

#[tokio::test]
async fn the_binary_before_the_one_hour_cache_writes_its_rows_as_ever() {
    each_database(async |store| {
        // Of one arrival, so that the database itself can write the moment as it keeps moments.
        let (old, new) = (answered(at(2)), complete(at(2)));
        let hex: String =
            old.request_id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        store.api_logs().ship(None, std::slice::from_ref(&new)).await.unwrap();
        let sql = format!(
            "INSERT INTO t_ai_api_logs (request_id, attempt, is_final, created_at, started_at,
                 endpoint, status, prompt_tokens, cache_write_tokens, total_tokens, usage_source)
             SELECT X'{hex}', 1, TRUE, created_at, created_at, '/v1/messages',
                 'success', 7, 3, 10, 'provider'
             FROM t_ai_api_logs"
        );
        store.execute_sql(&sql).await.unwrap();

        let usage = store.api_logs().attempts_of(old.request_id).await.unwrap()[0].log.usage;

        assert_eq!((usage.cache_write, usage.cache_write_1h, usage.total()), (3, 0, 10));
        let sql = "SELECT CONCAT(cache_write_tokens, '/', cache_write_1h_tokens, '/', total_tokens)
                   FROM t_ai_api_logs ORDER BY total_tokens DESC";
        let texts: Vec<_> = store.query_texts(sql).await.unwrap().into_iter().flatten().collect();
        assert_eq!(texts, ["3/6/21", "3/0/10"]);
    })
    .await;
}

#[tokio::test]
async fn the_names_of_deleted_providers_and_keys_are_still_told() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let old = ApiLog {
            provider_id: Some(ProviderId::new(2)),
            key_id: Some(ApiKeyId::new(21)),
            ..answered(at(1))
        };
        let refused = ApiLog {
            attempt: 0,
            provider_id: None,
            key_id: None,
            model_code: None,
            ..answered(at(2))
        };
        store.api_logs().ship(None, &[old, refused]).await.unwrap();

        let found = store.api_logs().list(&LogFilter::default(), Page::default()).await.unwrap();

        let [refused, old] = &found.rows[..] else { panic!("{found:?}") };
        assert_eq!(old.provider_code.as_deref(), Some("gone"));
        assert_eq!(old.key_name.as_deref(), Some("lost"));
        assert_eq!((refused.provider_code.as_ref(), refused.key_name.as_ref()), (None, None));
        assert_eq!(refused.attempts, 0);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_listed_once_by_its_final_attempt() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let last = ApiLog { attempt: 3, key_id: Some(ApiKeyId::new(12)), ..answered(at(1)) };
        let attempts = [failed_before(&last, 1, 11), failed_before(&last, 2, 21), last.clone()];
        store.api_logs().ship(None, &attempts).await.unwrap();

        let found = store.api_logs().list(&LogFilter::default(), Page::default()).await.unwrap();
        let all = store.api_logs().attempts_of(last.request_id).await.unwrap();

        assert_eq!((found.total, found.rows.len()), (1, 1));
        assert_eq!((&found.rows[0].log, found.rows[0].attempts), (&last, 3));
        assert_eq!(all.iter().map(|call| call.log.attempt).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(all.iter().all(|call| call.attempts == 3));
        let nobody = store.api_logs().attempts_of(RequestId::new(at(9))).await.unwrap();
        assert_eq!(nobody, []);
    })
    .await;
}

#[tokio::test]
async fn a_batch_written_twice_is_there_and_counted_once() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let logs = [answered(at(1)), answered(at(2))];
        store.api_logs().ship(None, &logs).await.unwrap();
        let more = [logs[0].clone(), answered(at(3)), logs[1].clone(), logs[1].clone()];

        store.api_logs().ship(None, &more).await.unwrap();
        store.api_logs().ship(None, &more).await.unwrap();
        store.api_logs().ship(None, &[]).await.unwrap();

        assert_eq!(rows(&store).await, 3);
        let day = at(0).date_naive();
        assert_eq!(counters(&store, 11).await, format!("3/45/{day}"));
    })
    .await;
}

#[tokio::test]
async fn each_attempt_counts_for_its_key_and_the_counters_begin_anew_with_the_day() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let logs = store.api_logs();
        let (sunday, monday) = (midnight("2026-11-22"), midnight("2026-11-23"));
        let late = monday - TimeDelta::milliseconds(1);

        let last = ApiLog { attempt: 2, key_id: Some(ApiKeyId::new(12)), ..answered(sunday) };
        logs.ship(None, &[failed_before(&last, 1, 11), last]).await.unwrap();
        assert_eq!(counters(&store, 11).await, "1/0/2026-11-22");
        assert_eq!(counters(&store, 12).await, "1/15/2026-11-22");

        logs.ship(None, &[answered(monday), answered(late), answered(late)]).await.unwrap();
        assert_eq!(counters(&store, 11).await, "1/15/2026-11-23");

        logs.ship(None, &[answered(late), answered(monday)]).await.unwrap();
        assert_eq!(counters(&store, 11).await, "2/30/2026-11-23");
        assert_eq!(counters(&store, 12).await, "1/15/2026-11-22");
    })
    .await;
}

#[tokio::test]
async fn keys_and_app_tokens_remember_when_they_were_last_used() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
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
        let app = store.app_tokens().insert(&new, at(0)).await.unwrap().id;
        let used = |seconds| ApiLog { app_id: Some(app), ..answered(at(seconds)) };

        store.api_logs().ship(None, &[used(5), used(9), used(7)]).await.unwrap();
        store.api_logs().ship(None, &[used(6)]).await.unwrap();

        assert_eq!(store.app_tokens().find(app).await.unwrap().last_used_at, Some(at(9)));
        let key = "SELECT CONCAT(last_used_at, '') FROM t_ai_api_keys WHERE id = 11";
        let key = store.query_texts(key).await.unwrap()[0].clone().unwrap();
        let expected = at(9).format("%H:%M:%S%.3f").to_string();
        assert!(key.contains(&expected), "{key} should have {expected}");
    })
    .await;
}

#[tokio::test]
async fn overlong_texts_are_cut_to_their_columns() {
    each_database(async |store| {
        let long = Some("é".repeat(2_000));
        let log = ApiLog {
            end_user: long.clone(),
            error_code: long.clone(),
            error_message: long.clone(),
            model_code: long.clone(),
            requested_model: long.clone(),
            user_agent: long,
            provider_id: None,
            key_id: None,
            ..answered(at(1))
        };

        store.api_logs().ship(None, std::slice::from_ref(&log)).await.unwrap();

        let read = store.api_logs().attempts_of(log.request_id).await.unwrap().remove(0).log;
        assert_eq!(read.end_user, Some("é".repeat(128)));
        assert_eq!(read.error_message, Some("é".repeat(500)));
        assert_eq!(read.model_code, Some("é".repeat(200)));
    })
    .await;
}

#[tokio::test]
async fn a_batch_larger_than_one_statement_is_written_whole() {
    each_database(async |store| {
        let logs: Vec<ApiLog> = (0..1_800).map(|second| answered(at(second))).collect();

        store.api_logs().ship(None, &logs).await.unwrap();

        assert_eq!(rows(&store).await, 1_800);
    })
    .await;
}

#[tokio::test]
async fn writers_at_once_lose_nothing() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let batch = |from: i64| -> Vec<ApiLog> {
            let log = |second| {
                let key = if second % 2 == 0 { 11 } else { 12 };
                ApiLog { key_id: Some(ApiKeyId::new(key)), ..answered(at(from + second)) }
            };
            (0..50).map(log).collect()
        };
        let (one, two, three) = (batch(0), batch(100), batch(200));

        let logs = store.api_logs();
        let (one, two, three) =
            tokio::join!(logs.ship(None, &one), logs.ship(None, &two), logs.ship(None, &three),);

        one.and(two).and(three).unwrap();
        assert_eq!(rows(&store).await, 150);
        let day = at(0).date_naive();
        assert_eq!(counters(&store, 11).await, format!("75/1125/{day}"));
        assert_eq!(counters(&store, 12).await, format!("75/1125/{day}"));
    })
    .await;
}

#[tokio::test]
async fn each_filter_leaves_the_calls_it_names() {
    each_database(async |store| {
        let logs = [
            answered(at(1)),
            complete(at(2)),
            ApiLog { status: CallStatus::Cancelled, ..answered(at(3)) },
            ApiLog {
                provider_id: Some(ProviderId::new(2)),
                key_id: Some(ApiKeyId::new(21)),
                user_id: Some(UserId::new(8)),
                model_code: Some("fast".to_owned()),
                requested_model: None,
                price_id: None,
                cost: None,
                attempt: 2,
                ..answered(at(4))
            },
        ];
        store.api_logs().ship(None, &logs).await.unwrap();
        store.api_logs().ship(None, &[failed_before(&logs[3], 1, 12)]).await.unwrap();
        let any = LogFilter::default();
        let named = |model: &str| LogFilter { model: Some(model.to_owned()), ..any.clone() };
        let asked =
            |model: &str| LogFilter { requested_model: Some(model.to_owned()), ..any.clone() };
        let user = |name: &str| LogFilter { end_user: Some(name.to_owned()), ..any.clone() };
        let cases: Vec<(LogFilter, &[usize])> = vec![
            (any.clone(), &[3, 2, 1, 0]),
            (LogFilter { status: Some(CallStatus::Success), ..any.clone() }, &[3, 0]),
            (LogFilter { status: Some(CallStatus::Error), ..any.clone() }, &[1]),
            (LogFilter { provider_id: Some(ProviderId::new(2)), ..any.clone() }, &[3]),
            (LogFilter { key_id: Some(ApiKeyId::new(11)), ..any.clone() }, &[2, 1, 0]),
            (named("gpt-4o"), &[2, 1, 0]),
            (named("fast"), &[3]),
            (asked("fast"), &[1]),
            (asked("gpt-4o"), &[2, 0]),
            (LogFilter { is_unpriced: true, ..any.clone() }, &[3]),
            (LogFilter { error_code: Some("overloaded".to_owned()), ..any.clone() }, &[1]),
            (LogFilter { error_code: Some("odd".to_owned()), ..any.clone() }, &[]),
            (LogFilter { failed_key_id: Some(ApiKeyId::new(12)), ..any.clone() }, &[3]),
            (LogFilter { failed_key_id: Some(ApiKeyId::new(11)), ..any.clone() }, &[1]),
            (
                LogFilter {
                    failed_key_id: Some(ApiKeyId::new(12)),
                    to: Some(at(4)),
                    ..any.clone()
                },
                &[],
            ),
            (named("FAST"), &[]),
            (LogFilter { app_id: Some(AppTokenId::new(5)), ..any.clone() }, &[1]),
            (LogFilter { user_id: Some(UserId::new(8)), ..any.clone() }, &[3]),
            (user("小明"), &[1]),
            (user("小"), &[]),
            (LogFilter { request_id: Some(logs[2].request_id), ..any.clone() }, &[2]),
            (LogFilter { from: Some(at(2)), to: Some(at(4)), ..any.clone() }, &[2, 1]),
            (
                LogFilter { from: Some(at(2)), status: Some(CallStatus::Success), ..named("fast") },
                &[3],
            ),
        ];
        for (filter, expected) in cases {
            let left = |is_left: &dyn Fn(usize) -> bool| -> Vec<_> {
                let left = expected.iter().filter(|index| is_left(**index));
                left.map(|index| logs[*index].request_id).collect()
            };
            assert_eq!(listed(&store, &filter).await, left(&|_| true), "{filter:?}");
            // With another one, a database is led to another index.
            for status in [CallStatus::Success, CallStatus::Error, CallStatus::Cancelled] {
                if filter.status.is_none() {
                    let both = LogFilter { status: Some(status), ..filter.clone() };
                    let expected = left(&|index| logs[index].status == status);
                    assert_eq!(listed(&store, &both).await, expected, "{both:?}");
                }
            }
            if filter.error_code.is_none() {
                let code = Some("overloaded".to_owned());
                let both = LogFilter { error_code: code, ..filter.clone() };
                assert_eq!(listed(&store, &both).await, left(&|index| index == 1), "{both:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition_also_within_one_millisecond() {
    each_database(async |store| {
        let logs: Vec<ApiLog> = (0..25).map(|number| answered(at(number / 10))).collect();
        store.api_logs().ship(None, &logs).await.unwrap();

        let mut seen = Vec::new();
        for number in 1..=5 {
            let page = Page { number, size: 6 };
            let found = store.api_logs().list(&LogFilter::default(), page).await.unwrap();
            assert_eq!((found.total, found.total_is_capped), (25, false));
            seen.extend(found.rows.into_iter().map(|call| call.log.request_id));
        }

        let expected: Vec<_> = logs.iter().rev().map(|log| log.request_id).collect();
        assert_eq!(seen, expected);
    })
    .await;
}

#[tokio::test]
async fn a_total_stops_at_ten_thousand() {
    each_database(async |store| {
        let logs: Vec<ApiLog> = (0..10_002).map(|second| answered(at(second))).collect();
        for batch in logs.chunks(800) {
            store.api_logs().ship(None, batch).await.unwrap();
        }

        let late = Page { number: 2_000, size: 5 };
        let found = store.api_logs().list(&LogFilter::default(), late).await.unwrap();

        assert_eq!((found.total, found.total_is_capped), (10_000, true));
        assert_eq!(found.rows[4].log.request_id, logs[2].request_id);
    })
    .await;
}

#[tokio::test]
async fn a_page_beyond_the_last_is_empty() {
    each_database(async |store| {
        let logs: Vec<ApiLog> = (0..30).map(|second| answered(at(second))).collect();
        store.api_logs().ship(None, &logs).await.unwrap();

        for is_folded in [false, true] {
            if is_folded {
                fold_all(&store, at(100_000)).await;
            }
            for (number, rows) in [(1, 20), (2, 10), (3, 0), (4, 0), (9, 0)] {
                let page = Page { number, size: 20 };
                let found = store.api_logs().list(&LogFilter::default(), page).await.unwrap();
                assert_eq!((found.rows.len(), found.total), (rows, 30), "{number} {is_folded}");
            }
        }
    })
    .await;
}
