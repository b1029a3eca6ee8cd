use chrono::TimeDelta;
use serde_json::json;
use tollgate_domain::Secret;
use tollgate_domain::alert::{
    AlertCondition, AlertEvent, AlertKind, AlertLevel, Condition, Delivery, DeliveryState,
};
use tollgate_domain::channel::{AlertChoice, AlertSettingsPatch, Webhook, WebhookKind};
use tollgate_domain::page::Page;
use tollgate_domain::setting::SettingsPatch;
use tollgate_store::alerts::deliveries::DueNotice;
use tollgate_store::alerts::{AlertFilter, Scope};
use tollgate_store::settings::{SettingSecret, SettingsReseal};
use tollgate_store::testing::{TestStore, each_database};
use tollgate_store::{Keyring, SealingKey, Store};

use crate::support::at;

const RATE: Scope<'_> = Scope::Kinds(&[AlertKind::ErrorRate]);

fn rate(level: AlertLevel) -> Condition {
    Condition {
        condition: AlertCondition::ErrorRate,
        kind: AlertKind::ErrorRate,
        level,
        subject: "all calls".to_owned(),
        message: "many fail".to_owned(),
        payload: json!({}),
    }
}

fn hook(store: &Store, name: &str, levels: &[AlertLevel]) -> Webhook {
    let url = Secret::new(format!("https://hooks.example/canary-{name}"));
    let hint = "https://hooks.example/****".to_owned();
    Webhook {
        name: name.to_owned(),
        kind: WebhookKind::Generic,
        url: store.settings().keep(SettingSecret::WebhookUrl, &url, hint).unwrap(),
        secret: None,
        is_active: true,
        choice: AlertChoice { levels: levels.to_vec(), kinds: Vec::new() },
    }
}

async fn channels(store: &Store, webhooks: Vec<Webhook>) {
    let alerts = AlertSettingsPatch { webhooks: Some(webhooks), ..Default::default() };
    let patch = SettingsPatch { alerts, ..SettingsPatch::default() };
    store.settings().update(&patch, at(0)).await.unwrap();
}

/// What is due on any channel, oldest first.
async fn all_due(store: &Store, seconds: i64) -> Vec<DueNotice> {
    let mut all = Vec::new();
    for channel in store.alerts().due_channels(at(seconds)).await.unwrap() {
        all.extend(store.alerts().due(&channel, at(seconds), 100).await.unwrap());
    }
    all.sort_by_key(|due| due.delivery.id);
    all
}

/// What is due, as `event channel`.
async fn due(store: &Store, seconds: i64) -> Vec<String> {
    let due = all_due(store, seconds).await;
    due.iter().map(|it| format!("{} {}", it.delivery.event, it.delivery.channel)).collect()
}

async fn first(store: &Store, seconds: i64) -> Delivery {
    all_due(store, seconds).await.remove(0).delivery
}

async fn settle(store: &Store, wrong: &[Condition], seconds: i64) {
    store.alerts().settle(RATE, wrong, at(seconds)).await.unwrap();
}

#[tokio::test]
async fn each_channel_that_wants_it_is_told_once_of_an_alert_and_of_its_end() {
    each_database(async |store: TestStore| {
        let one = hook(&store, "one", &[]);
        let critical = hook(&store, "critical", &[AlertLevel::Critical]);
        channels(&store, vec![one, critical]).await;

        for _ in 0..3 {
            settle(&store, &[rate(AlertLevel::Warning)], 10).await;
        }
        assert_eq!(due(&store, 10).await, ["fired one"]);

        // A channel that left the level out hears of it when it is worse.
        settle(&store, &[rate(AlertLevel::Critical)], 20).await;
        assert_eq!(due(&store, 20).await, ["fired one", "fired critical"]);

        settle(&store, &[], 30).await;
        assert_eq!(due(&store, 30).await, ["fired one", "fired critical"], "the end comes after");
        for _ in 0..2 {
            let next = first(&store, 30).await;
            assert!(store.alerts().claim(&next, at(90), at(30)).await.unwrap());
            store.alerts().delivered(&next, at(31)).await.unwrap();
        }
        assert_eq!(due(&store, 31).await, ["resolved one", "resolved critical"]);

        settle(&store, &[rate(AlertLevel::Warning)], 40).await;
        assert_eq!(due(&store, 40).await, ["resolved one", "resolved critical", "fired one"]);
        let alerts =
            store.alerts().list(&AlertFilter::default(), Page::default()).await.unwrap().rows;
        assert_eq!(alerts.iter().map(|alert| alert.notified).collect::<Vec<_>>(), [false, true]);
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_claimed_by_one_sender_and_free_again_when_the_claim_ends() {
    each_database(async |store: TestStore| {
        let one = hook(&store, "one", &[]);
        channels(&store, vec![one]).await;
        settle(&store, &[rate(AlertLevel::Warning)], 10).await;
        let notice = first(&store, 10).await;

        let alerts = store.alerts();
        let claim = || alerts.claim(&notice, at(70), at(10));
        let (a, b, c) = tokio::join!(claim(), claim(), claim());
        let claims = [a.unwrap(), b.unwrap(), c.unwrap()];

        assert_eq!(claims.iter().filter(|claim| **claim).count(), 1);
        assert!(due(&store, 69).await.is_empty());
        // As if the sender had been killed.
        assert_eq!(due(&store, 70).await, ["fired one"]);
        assert_eq!(first(&store, 70).await.attempts, 1);
    })
    .await;
}

#[tokio::test]
async fn a_refused_notice_waits_for_its_time_and_a_last_refusal_ends_it() {
    each_database(async |store: TestStore| {
        let one = hook(&store, "one", &[]);
        channels(&store, vec![one]).await;
        settle(&store, &[rate(AlertLevel::Warning)], 10).await;
        let notice = first(&store, 10).await;
        let again = at(10) + TimeDelta::seconds(30);

        store.alerts().refused(&notice, "answered 500", Some(again), at(10)).await.unwrap();
        assert!(due(&store, 39).await.is_empty());
        let waiting = first(&store, 40).await;
        assert_eq!(waiting.last_error.as_deref(), Some("answered 500"));
        store.alerts().refused(&notice, "answered 500", None, at(40)).await.unwrap();

        assert!(due(&store, 9_999_999).await.is_empty());
        let all = store.alerts().deliveries_of(&[notice.alert_id]).await.unwrap();
        assert_eq!(all.iter().map(|it| it.state).collect::<Vec<_>>(), [DeliveryState::Failed]);
        // Who never heard of it is not told that it is over.
        settle(&store, &[], 50).await;
        let all = store.alerts().deliveries_of(&[notice.alert_id]).await.unwrap();
        assert_eq!(all.iter().map(|it| it.event).collect::<Vec<_>>(), [AlertEvent::Fired]);
    })
    .await;
}

#[tokio::test]
async fn several_instances_that_see_the_same_write_one_notice() {
    each_database(async |store: TestStore| {
        let one = hook(&store, "one", &[]);
        channels(&store, vec![one]).await;

        let wrong = [rate(AlertLevel::Warning)];
        let fire = || async { store.alerts().settle(RATE, &wrong, at(10)).await };
        let (a, b, c) = tokio::join!(fire(), fire(), fire());
        for outcome in [a, b, c] {
            outcome.unwrap();
        }
        let end = || async { store.alerts().settle(RATE, &[], at(20)).await };
        let (a, b, c) = tokio::join!(end(), end(), end());
        for outcome in [a, b, c] {
            outcome.unwrap();
        }

        let [alert] =
            &store.alerts().list(&AlertFilter::default(), Page::default()).await.unwrap().rows[..]
        else {
            panic!("one alert")
        };
        let notices = store.alerts().deliveries_of(&[alert.id]).await.unwrap();
        let events: Vec<_> = notices.iter().map(|it| it.event).collect();
        assert_eq!(events, [AlertEvent::Fired, AlertEvent::Resolved]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_ends_no_alert_but_those_it_speaks_for() {
    each_database(async |store: TestStore| {
        settle(&store, &[rate(AlertLevel::Warning)], 10).await;
        let journal = |name: &str| AlertCondition::Journal(name.to_owned());
        let backlog = |name: &str| Condition {
            condition: journal(name),
            kind: AlertKind::JournalBacklog,
            ..rate(AlertLevel::Warning)
        };
        for name in ["a", "b"] {
            let (scope, wrong) = (journal(name), [backlog(name)]);
            store.alerts().settle(Scope::Only(&scope), &wrong, at(20)).await.unwrap();
        }

        store.alerts().settle(Scope::Only(&journal("a")), &[], at(30)).await.unwrap();
        let open = store.alerts().open(AlertKind::JournalBacklog).await.unwrap();
        assert_eq!(open.iter().map(|it| it.condition.as_str()).collect::<Vec<_>>(), ["journal:b"]);
        let kind = AlertKind::JournalBacklog;
        assert_eq!(store.alerts().resolve_untold(kind, at(20), at(40)).await.unwrap(), 0);
        assert_eq!(store.alerts().resolve_untold(kind, at(21), at(40)).await.unwrap(), 1);
        assert_eq!(store.alerts().open(AlertKind::ErrorRate).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn secrets_of_settings_are_sealed_and_sealed_anew_with_a_new_key() {
    each_database(async |store: TestStore| {
        let one = hook(&store, "one", &[]);
        channels(&store, vec![one]).await;
        let rows = store.query_texts("SELECT value FROM t_settings").await.unwrap();
        assert!(!rows.iter().flatten().any(|row| row.contains("canary")), "{rows:?}");
        let former = SealingKey::parse("KEY", tollgate_store::testing::TEST_SEALING_KEY).unwrap();
        let lost = store.database.open(Some(Keyring::new(SealingKey::generate(), vec![]))).await;
        let newer = Keyring::new(SealingKey::generate(), vec![former]);
        let newer = store.database.open(Some(newer)).await;

        assert_eq!(lost.settings().unopened().await.unwrap()[0].0, "one");
        assert_eq!(lost.settings().reseal(at(5)).await.unwrap().failed.len(), 1);
        let version = newer.settings().config_version().await.unwrap();
        let report = newer.settings().reseal(at(6)).await.unwrap();

        assert_eq!(report, SettingsReseal { resealed: 1, ..SettingsReseal::default() });
        assert!(newer.settings().config_version().await.unwrap() > version);
        let kept = &newer.settings().load().await.unwrap().alerts.webhooks[0].url;
        let opened = newer.settings().open(SettingSecret::WebhookUrl, kept).unwrap();
        assert_eq!(opened.expose(), "https://hooks.example/canary-one");
        assert!(newer.settings().open(SettingSecret::WebhookSecret, kept).is_err(), "elsewhere");
        assert_eq!(newer.settings().reseal(at(7)).await.unwrap().current, 1);
        lost.close().await;
        newer.close().await;
    })
    .await;
}
