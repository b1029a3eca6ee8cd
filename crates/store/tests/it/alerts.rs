use serde_json::json;
use tollgate_domain::alert::{Alert, AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::page::Page;
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_store::Store;
use tollgate_store::alerts::{AlertFilter, Scope};
use tollgate_store::providers::ProviderPatch;
use tollgate_store::testing::each_database;

use crate::calls::answered;
use crate::support::{at, given_key, given_provider};

/// What the rules of keys speak for.
const KEYS: Scope<'_> = Scope::Kinds(&[AlertKind::KeyUnavailable, AlertKind::ProviderWithoutKey]);

fn key_out(id: i64, message: &str) -> Condition {
    Condition {
        condition: AlertCondition::Key(ApiKeyId::new(id)),
        kind: AlertKind::KeyUnavailable,
        level: AlertLevel::Warning,
        subject: format!("openai / 密钥 {id}"),
        message: message.to_owned(),
        payload: json!({"keyId": id, "reason": message}),
    }
}

fn no_key(id: i64) -> Condition {
    Condition {
        condition: AlertCondition::Provider(ProviderId::new(id)),
        kind: AlertKind::ProviderWithoutKey,
        level: AlertLevel::Critical,
        subject: "openai".to_owned(),
        message: "no key".to_owned(),
        payload: json!({}),
    }
}

async fn all(store: &Store) -> Vec<Alert> {
    let page = Page { number: 1, size: 100 };
    store.alerts().list(&AlertFilter::default(), page).await.unwrap().rows
}

#[tokio::test]
async fn an_alert_fires_once_until_it_is_over_and_then_anew() {
    each_database(async |store| {
        let wrong = [key_out(7, "refused")];
        store.alerts().settle(KEYS, &wrong, at(10)).await.unwrap();
        store.alerts().settle(KEYS, &wrong, at(20)).await.unwrap();
        let [open] = &all(&store).await[..] else { panic!("one alert") };
        assert_eq!((open.fired_at, open.resolved_at), (at(10), None));
        assert_eq!((open.kind, open.level), (AlertKind::KeyUnavailable, AlertLevel::Warning));
        assert_eq!(open.subject, "openai / 密钥 7");
        assert_eq!(open.payload, Some(json!({"keyId": 7, "reason": "refused"})));
        assert!(!open.notified);

        store.alerts().settle(KEYS, &[], at(30)).await.unwrap();
        store.alerts().settle(KEYS, &[], at(40)).await.unwrap();
        let [over] = &all(&store).await[..] else { panic!("one alert") };
        assert_eq!((over.fired_at, over.resolved_at), (at(10), Some(at(30))));

        store.alerts().settle(KEYS, &wrong, at(50)).await.unwrap();
        let times: Vec<_> = all(&store).await.iter().map(|a| (a.fired_at, a.resolved_at)).collect();
        assert_eq!(times, [(at(50), None), (at(10), Some(at(30)))]);
    })
    .await;
}

#[tokio::test]
async fn an_open_alert_tells_what_is_wrong_last() {
    each_database(async |store| {
        store
            .alerts()
            .settle(KEYS, &[key_out(7, "limited"), key_out(8, "limited")], at(10))
            .await
            .unwrap();
        let worse = Condition { level: AlertLevel::Critical, ..key_out(7, "refused") };

        store.alerts().settle(KEYS, &[worse, key_out(8, "limited")], at(20)).await.unwrap();

        let mut alerts = all(&store).await;
        alerts.sort_by_key(|alert| alert.id.get());
        let told: Vec<_> =
            alerts.iter().map(|a| (a.level, a.message.as_str(), a.fired_at)).collect();
        assert_eq!(
            told,
            [(AlertLevel::Critical, "refused", at(10)), (AlertLevel::Warning, "limited", at(10))]
        );
        assert_eq!(alerts[0].payload, Some(json!({"keyId": 7, "reason": "refused"})));
    })
    .await;
}

#[tokio::test]
async fn several_instances_that_see_the_same_write_one_alert() {
    each_database(async |store| {
        let wrong = [key_out(1, "refused"), key_out(2, "refused"), no_key(1)];

        let settle = || async { store.alerts().settle(KEYS, &wrong, at(10)).await };
        let (a, b, c, d) = tokio::join!(settle(), settle(), settle(), settle());

        for outcome in [a, b, c, d] {
            outcome.unwrap();
        }
        assert_eq!(all(&store).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_very_long_message_is_cut_and_still_told_once() {
    each_database(async |store| {
        let long = Condition { payload: json!({}), ..key_out(7, &"長".repeat(3000)) };
        store.alerts().settle(KEYS, std::slice::from_ref(&long), at(10)).await.unwrap();

        store.alerts().settle(KEYS, &[long], at(20)).await.unwrap();

        let [alert] = &all(&store).await[..] else { panic!("one alert") };
        assert_eq!(alert.message.chars().count(), 1000);
    })
    .await;
}

#[tokio::test]
async fn each_filter_leaves_what_it_names_newest_first() {
    each_database(async |store| {
        let info = Condition { level: AlertLevel::Info, ..key_out(1, "limited") };
        store.alerts().settle(KEYS, std::slice::from_ref(&info), at(10)).await.unwrap();
        store.alerts().settle(KEYS, &[info.clone(), key_out(2, "refused")], at(20)).await.unwrap();
        store.alerts().settle(KEYS, &[info, no_key(1)], at(30)).await.unwrap();
        let any = AlertFilter::default();
        let cases = [
            (any.clone(), vec![30, 20, 10]),
            (AlertFilter { kind: Some(AlertKind::KeyUnavailable), ..any.clone() }, vec![20, 10]),
            (AlertFilter { level: Some(AlertLevel::Critical), ..any.clone() }, vec![30]),
            (AlertFilter { is_open: Some(true), ..any.clone() }, vec![30, 10]),
            (AlertFilter { is_open: Some(false), ..any.clone() }, vec![20]),
            (AlertFilter { from: Some(at(20)), ..any.clone() }, vec![30, 20]),
            (AlertFilter { to: Some(at(20)), ..any }, vec![10]),
        ];
        for (filter, expected) in cases {
            let found = store.alerts().list(&filter, Page::default()).await.unwrap();

            let fired: Vec<_> = found.rows.iter().map(|alert| alert.fired_at).collect();
            let expected: Vec<_> = expected.into_iter().map(at).collect();
            assert_eq!(fired, expected, "{filter:?}");
            assert_eq!(found.total, i64::try_from(expected.len()).unwrap());
        }
        let second = Page { number: 2, size: 2 };
        let found = store.alerts().list(&AlertFilter::default(), second).await.unwrap();
        assert_eq!((found.rows.len(), found.total), (1, 3));
    })
    .await;
}

#[tokio::test]
async fn only_active_keys_of_active_providers_stand_for_anything() {
    each_database(async |store| {
        let (one, other) =
            (given_provider(&store, "one").await, given_provider(&store, "other").await);
        let (a, b) = (given_key(&store, one, "sk-a").await, given_key(&store, one, "sk-b").await);
        let gone = given_key(&store, one, "sk-c").await;
        given_key(&store, other, "sk-d").await;
        let off = ProviderPatch { is_active: Some(false), ..ProviderPatch::default() };
        store.providers().update(other, &off, at(1)).await.unwrap();
        store.api_keys().delete(gone, at(1)).await.unwrap();
        let state = KeyState {
            status: KeyStatus::Cooling,
            reason: Some("5 failures in a row".to_owned()),
            cooling_until: Some(at(30)),
            ..KeyState::default()
        };
        store.api_keys().set_state(b, &state, at(2)).await.unwrap();

        let standings = store.alerts().standings().await.unwrap();

        let [first, second] = &standings[..] else { panic!("{standings:?}") };
        assert_eq!((first.key_id, first.status, &first.reason), (a, KeyStatus::Normal, &None));
        assert_eq!((second.key_id, second.status), (b, KeyStatus::Cooling));
        assert_eq!((&second.reason, second.cooling_until), (&state.reason, Some(at(30))));
        assert_eq!((second.key_name.as_str(), second.provider_code.as_str()), ("main", "one"));
        assert_eq!(second.provider_id, one);
    })
    .await;
}

#[tokio::test]
async fn a_call_counts_when_it_is_over_however_long_ago_it_arrived() {
    each_database(async |store| {
        let from = at(3_600);
        let call = |arrived: i64, latency_ms, status| ApiLog {
            started_at: at(arrived + 1),
            latency_ms,
            status,
            ..answered(at(arrived))
        };
        let logs = [
            // A provider hangs: these arrived before, and gave up after.
            call(3_600 - 480, 479_000, CallStatus::Error),
            call(3_600 - 1_200, 1_300_000, CallStatus::Error),
            call(3_601, 10, CallStatus::Success),
            // Over a millisecond too early, and long before.
            call(3_600 - 480, 478_999, CallStatus::Error),
            call(10, 100, CallStatus::Error),
        ];
        let another = ApiLog { is_final: false, ..call(3_602, 10, CallStatus::Error) };
        store.api_logs().ship(None, &logs).await.unwrap();
        store.api_logs().ship(None, &[another]).await.unwrap();

        let counts = store.alerts().call_counts(from).await.unwrap();

        assert_eq!((counts.calls, counts.errors), (3, 2));
    })
    .await;
}
