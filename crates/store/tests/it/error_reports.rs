use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_store::reports::{CodeCount, KeyCount, UsageFilter};
use tollgate_store::testing::each_database;

use crate::calls::{answered, failed_before, given_providers_and_keys};

#[tokio::test]
async fn calls_are_counted_by_their_outcome_and_keys_by_every_failed_attempt() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let now = "2026-11-21T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let rescued = ApiLog { attempt: 3, key_id: Some(ApiKeyId::new(12)), ..answered(now) };
        let lost = ApiLog {
            status: CallStatus::Error,
            error_code: Some("overloaded".to_owned()),
            ..answered(now)
        };
        let refused = ApiLog {
            attempt: 0,
            provider_id: None,
            key_id: None,
            status: CallStatus::Error,
            error_code: None,
            ..answered(now)
        };
        let logs = [
            failed_before(&rescued, 1, 11),
            failed_before(&rescued, 2, 21),
            rescued,
            lost.clone(),
            ApiLog { request_id: answered(now).request_id, ..lost },
            refused,
        ];
        store.api_logs().ship(None, &logs).await.unwrap();

        let any = UsageFilter::default();
        let hour = TimeDelta::hours(1);
        let errors = store.reports().errors(now, now + hour, &any).await.unwrap();

        assert_eq!(errors.total_errors, 3);
        let code = |code: Option<&str>, (count, attempts, keys)| CodeCount {
            code: code.map(str::to_owned),
            count,
            attempts,
            keys,
        };
        assert_eq!(errors.by_code, [code(Some("overloaded"), (2, 2, 1)), code(None, (1, 0, 0))]);
        let key = |id, name: &str, provider: (i64, &str), (count, sent), codes: &[(&str, i64)]| {
            KeyCount {
                key_id: ApiKeyId::new(id),
                key_name: Some(name.to_owned()),
                provider_id: Some(ProviderId::new(provider.0)),
                provider_code: Some(provider.1.to_owned()),
                count,
                sent,
                codes: codes.iter().map(|(code, count)| (Some((*code).into()), *count)).collect(),
            }
        };
        assert_eq!(
            errors.by_key,
            [
                key(11, "main", (1, "openai"), (3, 3), &[("overloaded", 2), ("transient", 1)]),
                key(21, "lost", (1, "openai"), (1, 1), &[("transient", 1)]),
            ]
        );
        let before = store.reports().errors(now - hour, now, &any).await.unwrap();
        assert_eq!(before.total_errors, 0);
    })
    .await;
}
