use std::os::unix::fs::PermissionsExt;

use tollgate_domain::Secret;
use tollgate_store::testing::{TestDatabase, each_database, servers};
use tollgate_store::{Store, StoreError, StoreOptions};

use crate::support::at;

fn options(url: &str) -> StoreOptions {
    StoreOptions { url: Secret::from(url), max_connections: 1, sealer: None }
}

#[tokio::test]
async fn an_open_database_gives_a_sign_of_life_and_a_closed_one_is_unavailable() {
    each_database(async |store| {
        store.ping().await.unwrap();

        store.close().await;

        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable() {
    let error = Store::open(&options("mysql://nobody@127.0.0.1:1/nothing")).await.unwrap_err();

    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_goes_away_in_the_middle_of_a_change_is_unavailable() {
    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let other = database.open(None).await;
        other.migrate().await.unwrap();
        let store = Store::open(&options(database.url())).await.unwrap();
        let ids = store.query_texts("SELECT CAST(CONNECTION_ID() AS CHAR)").await.unwrap();
        let kill = format!("KILL {}", ids[0].as_deref().unwrap());
        let lock = "BEGIN; UPDATE t_settings SET version = version; SELECT SLEEP(1); ROLLBACK";

        let killed = async {
            seen(&other, "UPDATE t_settings%version + 1%").await;
            other.execute_sql(&kill).await.unwrap();
        };
        let settings = store.settings();
        let change = async {
            seen(&other, "SELECT SLEEP%").await;
            tokio::join!(settings.bump_config_version(at(1)), killed).0
        };
        let (locked, changed) = tokio::join!(other.execute_sql(lock), change);

        locked.unwrap();
        assert!(matches!(changed, Err(StoreError::Unavailable(_))), "{changed:?}");
        store.settings().bump_config_version(at(2)).await.unwrap();
    }
}

/// Waits until a connection to the database runs a statement like `pattern`.
async fn seen(store: &Store, pattern: &str) {
    let sql = format!(
        "SELECT info FROM information_schema.processlist
         WHERE db = DATABASE() AND TRIM(REPLACE(info, '\n', '')) LIKE '{pattern}'"
    );
    let seen = async {
        while store.query_texts(&sql).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), seen).await.unwrap();
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_with_what_is_expected() {
    let error = Store::open(&options("postgres://u:canary@127.0.0.1/x")).await.unwrap_err();

    let message = error.to_string();
    assert!(message.contains("begins with mysql:// or sqlite://"), "{message}");
    assert!(!message.contains("canary"), "{message}");
}

#[tokio::test]
async fn a_database_in_memory_is_one_and_lasts() {
    let store = Store::open(&options("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();

    store.seed(at(0)).await.unwrap();

    assert_eq!(store.models().all().await.unwrap().len(), 102);
}

#[tokio::test]
async fn only_the_owner_may_read_an_embedded_database() {
    let database = TestDatabase::sqlite();
    let store = database.open(None).await;
    store.migrate().await.unwrap();

    let path = database.url().trim_start_matches("sqlite://");
    for ending in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{ending}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{ending}");
    }
}
