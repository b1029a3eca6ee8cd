//! Batches of records, with the position of the journal that they come from.

use tollgate_domain::ApiKeyId;
use tollgate_domain::api_log::ApiLog;
use tollgate_store::Store;
use tollgate_store::journal::JournalPosition;
use tollgate_store::testing::each_database;

use crate::calls::{answered, given_providers_and_keys};
use crate::support::at;

const JOURNAL: &str = "00112233445566778899aabbccddeeff";

fn position(segment: i64, byte_offset: i64) -> JournalPosition {
    JournalPosition { journal_id: JOURNAL.to_owned(), segment, byte_offset }
}

/// Each hour that is marked: how often it changed, and whether it is to be folded.
async fn hours(store: &Store) -> Vec<String> {
    let sql = "SELECT CONCAT(changes, '/', CASE WHEN is_dirty THEN 'dirty' ELSE 'clean' END)
        FROM t_stat_hours ORDER BY hour";
    store.query_texts(sql).await.unwrap().into_iter().flatten().collect()
}

async fn counted(store: &Store) -> i64 {
    store.api_keys().find(ApiKeyId::new(11)).await.unwrap().requests_count_today
}

#[tokio::test]
async fn a_batch_moves_its_journals_position_and_marks_its_hours() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let logs = [answered(at(1)), answered(at(2)), answered(at(3_700))];
        assert_eq!(store.journals().position(JOURNAL).await.unwrap(), None);

        store.api_logs().ship(Some(position(3, 700)), &logs).await.unwrap();

        assert_eq!(store.journals().position(JOURNAL).await.unwrap(), Some(position(3, 700)));
        assert_eq!(store.journals().position("another").await.unwrap(), None);
        assert_eq!(hours(&store).await, ["1/dirty", "1/dirty"]);
        assert_eq!(counted(&store).await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_is_there_already_moves_only_the_position() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        let logs = [answered(at(1)), answered(at(2))];
        store.api_logs().ship(Some(position(1, 50)), &logs).await.unwrap();

        store.api_logs().ship(Some(position(1, 90)), &logs).await.unwrap();
        store.api_logs().ship(Some(position(2, 10)), &[]).await.unwrap();

        assert_eq!(store.journals().position(JOURNAL).await.unwrap(), Some(position(2, 10)));
        assert_eq!(hours(&store).await, ["1/dirty"]);
        assert_eq!(counted(&store).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_is_refused_leaves_nothing_of_it_behind() {
    each_database(async |store| {
        given_providers_and_keys(&store).await;
        store.api_logs().ship(Some(position(1, 50)), &[answered(at(1))]).await.unwrap();
        store.execute_sql("ALTER TABLE t_ai_api_logs RENAME TO t_elsewhere").await.unwrap();
        let error = store.api_logs().ship(Some(position(1, 90)), &[answered(at(2))]).await;
        store.execute_sql("ALTER TABLE t_elsewhere RENAME TO t_ai_api_logs").await.unwrap();

        assert!(!error.unwrap_err().is_about_values(), "another row would fare no better");
        assert_eq!(store.journals().position(JOURNAL).await.unwrap(), Some(position(1, 50)));
        assert_eq!((counted(&store).await, hours(&store).await), (1, vec!["1/dirty".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn a_row_whose_values_are_refused_is_told_from_a_database_that_takes_none() {
    each_database(async |store| {
        let sql = if store.database.is_server() {
            "ALTER TABLE t_ai_api_logs ADD CONSTRAINT ck_latency CHECK (latency_ms < 1000000)"
        } else {
            "CREATE TRIGGER tr_latency BEFORE INSERT ON t_ai_api_logs WHEN NEW.latency_ms >= 1000000
             BEGIN SELECT RAISE(ABORT, 'too late'); END"
        };
        store.execute_sql(sql).await.unwrap();
        let late = ApiLog { latency_ms: 1_000_000, ..answered(at(1)) };

        let error = store.api_logs().ship(None, &[answered(at(2)), late]).await.unwrap_err();

        assert!(error.is_about_values(), "{error}");
    })
    .await;
}
