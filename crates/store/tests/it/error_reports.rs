use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_store::reports::{CodeCount, KeyCount};
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

        let errors = store.reports().errors(now, now + TimeDelta::hours(1)).await.unwrap();

        assert_eq!(errors.total_errors, 3);
        let code = |code: Option<&str>, count| CodeCount { code: code.map(str::to_owned), count };
        assert_eq!(errors.by_code, [code(Some("overloaded"), 2), code(None, 1)]);
        let key = |id, name: &str, count| KeyCount {
            key_id: ApiKeyId::new(id),
            key_name: Some(name.to_owned()),
            count,
        };
        assert_eq!(errors.by_key, [key(11, "main", 3), key(21, "lost", 1)]);
        let before = store.reports().errors(now - TimeDelta::hours(1), now).await.unwrap();
        assert_eq!(before.total_errors, 0);
    })
    .await;
}
