//! Models without a price.

use tollgate_store::reports::UnpricedModel;

use super::*;

#[tokio::test]
async fn models_without_a_price_are_named_with_what_they_used_and_since_when() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let unpriced = |at: &str, model: &str| ApiLog {
            model_code: Some(model.to_owned()),
            price_id: None,
            cost: None,
            ..answered(time(at))
        };
        let elsewhere = ApiLog {
            provider_id: Some(ProviderId::new(2)),
            ..unpriced("2026-11-21T08:00:00Z", "new")
        };
        let last = unpriced("2026-11-21T07:30:00Z", "new");
        let logs = [
            unpriced("2026-11-20T23:59:59Z", "new"),
            last.clone(),
            failed_before(&last, 0, 11),
            unpriced("2026-11-21T09:10:00Z", "odd"),
            unpriced("2026-11-21T09:20:00Z", "odd"),
            unpriced("2026-11-21T11:20:00Z", "odd"),
            elsewhere,
            answered(time("2026-11-21T07:00:00Z")),
        ];
        given(&store, &logs).await;
        let model = |id, code: &str, model: &str, calls, first: &str, last: &str| UnpricedModel {
            provider_id: Some(ProviderId::new(id)),
            provider_code: Some(code.to_owned()),
            model: Some(model.to_owned()),
            attempts: calls,
            calls,
            tokens: 15 * calls,
            first_at: time(first),
            last_at: time(last),
        };
        let expected = [
            model(1, "openai", "odd", 3, "2026-11-21T09:10:00Z", "2026-11-21T11:20:00Z"),
            model(1, "openai", "new", 2, "2026-11-20T23:59:59Z", "2026-11-21T07:30:00Z"),
            model(2, "gone", "new", 1, "2026-11-21T08:00:00Z", "2026-11-21T08:00:00Z"),
        ];
        let found = async || {
            let range = (time("2026-11-20T00:00:00Z"), time("2026-11-22T00:00:00Z"));
            store.reports().unpriced(range.0, range.1).await.unwrap()
        };

        assert_eq!(found().await, expected);
        for log in &logs[1..4] {
            let hour = hour_of(log.created_at);
            store.usage_stats().fold(hour, hour).await.unwrap();
        }
        assert_eq!(found().await, expected);
        for log in &logs {
            let hour = hour_of(log.created_at);
            store.usage_stats().fold(hour, hour).await.unwrap();
        }
        assert_eq!(found().await, expected);
    })
    .await;
}
