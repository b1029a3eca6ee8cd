use serde_json::json;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::page::Page;
use tollgate_domain::{AppTokenId, UserId};
use tollgate_store::Store;
use tollgate_store::audit_logs::AuditFilter;
use tollgate_store::testing::each_database;

use crate::support::at;

fn entry(user: i64, action: Action, resource: &'static str, id: i64, seconds: i64) -> AuditEntry {
    AuditEntry {
        actor: Actor {
            user_id: Some(UserId::new(user)),
            app_id: None,
            name: format!("user{user}"),
            ip: Some("::1".to_owned()),
        },
        action,
        resource,
        resource_id: Some(id),
        before: None,
        after: Some(json!({"name": "密钥", "weight": 2})),
        at: at(seconds),
    }
}

async fn given_log(store: &Store) {
    let entries = [
        entry(1, Action::Create, "provider", 4, 10),
        entry(1, Action::Create, "key", 7, 20),
        entry(2, Action::Update, "key", 7, 30),
        entry(2, Action::Update, "key", 8, 30),
        entry(1, Action::Delete, "key", 7, 40),
    ];
    for entry in &entries {
        store.audit_logs().insert(entry).await.unwrap();
    }
}

#[tokio::test]
async fn an_entry_comes_back_as_written() {
    each_database(async |store| {
        let mut written = entry(1, Action::Update, "key", 7, 10);
        written.before = Some(json!({"name": "old"}));
        written.actor.app_id = Some(AppTokenId::new(5));
        store.audit_logs().insert(&written).await.unwrap();

        let found =
            store.audit_logs().list(&AuditFilter::default(), Page::default()).await.unwrap();

        let [read] = &found.rows[..] else { panic!("{found:?}") };
        assert_eq!(read.actor, written.actor);
        assert_eq!((read.action, read.resource.as_str()), (Action::Update, "key"));
        assert_eq!((read.resource_id, read.at), (Some(7), at(10)));
        assert_eq!((&read.before, &read.after), (&written.before, &written.after));
        assert_eq!((found.total, found.total_is_capped), (1, false));
    })
    .await;
}

#[tokio::test]
async fn each_filter_leaves_what_it_names_newest_first() {
    each_database(async |store| {
        given_log(&store).await;
        let any = AuditFilter::default();
        let cases = [
            (any.clone(), vec![(40, 7), (30, 8), (30, 7), (20, 7), (10, 4)]),
            (AuditFilter { action: Some(Action::Create), ..any.clone() }, vec![(20, 7), (10, 4)]),
            (AuditFilter { resource: Some("provider".to_owned()), ..any.clone() }, vec![(10, 4)]),
            (AuditFilter { resource_id: Some(8), ..any.clone() }, vec![(30, 8)]),
            (AuditFilter { user_id: Some(UserId::new(2)), ..any.clone() }, vec![(30, 8), (30, 7)]),
            (AuditFilter { from: Some(at(30)), ..any.clone() }, vec![(40, 7), (30, 8), (30, 7)]),
            (AuditFilter { to: Some(at(30)), ..any }, vec![(20, 7), (10, 4)]),
        ];
        for (filter, expected) in cases {
            let found = store.audit_logs().list(&filter, Page::default()).await.unwrap();

            let rows: Vec<_> =
                found.rows.iter().map(|log| (log.at, log.resource_id.unwrap())).collect();
            let expected: Vec<_> = expected.into_iter().map(|(s, id)| (at(s), id)).collect();
            assert_eq!(rows, expected, "{filter:?}");
            assert_eq!(found.total, i64::try_from(expected.len()).unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    each_database(async |store| {
        given_log(&store).await;

        let mut ids = Vec::new();
        for number in 1..=4 {
            let page = Page { number, size: 2 };
            let found = store.audit_logs().list(&AuditFilter::default(), page).await.unwrap();
            assert_eq!(found.total, 5);
            ids.extend(found.rows.iter().map(|log| log.id.get()));
        }

        assert_eq!(ids, [5, 4, 3, 2, 1]);
    })
    .await;
}
