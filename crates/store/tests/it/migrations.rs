use tollgate_store::testing::{each_database, each_empty_database};
use tollgate_store::{Migration, SchemaError, Store, StoreError};

fn schema_error(result: Result<impl std::fmt::Debug, StoreError>) -> SchemaError {
    match result {
        Err(StoreError::Schema(error)) => error,
        other => panic!("expected a schema error, got {other:?}"),
    }
}

#[tokio::test]
async fn a_fresh_database_gets_every_migration_once() {
    each_empty_database(async |database| {
        let store = database.open(None).await;

        let first = store.migrate().await.unwrap();
        let second = store.migrate().await.unwrap();

        assert_eq!(first.applied.len(), Store::migrations().len());
        assert_eq!(second.applied, Vec::<String>::new());
        assert_eq!(first.version, second.version);
    })
    .await;
}

#[tokio::test]
async fn two_instances_that_start_at_once_migrate_once() {
    each_empty_database(async |database| {
        let (one, two) = (database.open(None).await, database.open(None).await);

        let (one, two) = tokio::join!(one.migrate(), two.migrate());

        let applied = one.unwrap().applied.len() + two.unwrap().applied.len();
        assert_eq!(applied, Store::migrations().len());
    })
    .await;
}

#[tokio::test]
async fn a_schema_of_a_newer_binary_is_refused_with_what_to_do() {
    each_database(async |store| {
        let newer = "INSERT INTO t_schema_migrations (version, name, checksum, state)
                     VALUES (9999, '9999_future', 'x', 'applied')";
        store.execute_sql(newer).await.unwrap();

        let error = schema_error(store.migrate().await);

        assert!(matches!(error, SchemaError::Newer { found: 9999, .. }), "{error:?}");
        assert!(error.to_string().contains("run the newer binary"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_half_applied_migration_is_refused_with_what_to_do() {
    each_database(async |store| {
        let half = "UPDATE t_schema_migrations SET state = 'applying' WHERE version = 3";
        store.execute_sql(half).await.unwrap();

        let error = schema_error(store.migrate().await);

        assert!(matches!(error, SchemaError::HalfApplied { version: 3, .. }), "{error:?}");
        let message = error.to_string();
        assert!(
            message.contains("0003_api_keys.sql") && message.contains("DELETE FROM"),
            "{error}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    each_database(async |store| {
        let edited = "UPDATE t_schema_migrations SET checksum = 'other' WHERE version = 2";
        store.execute_sql(edited).await.unwrap();

        let error = schema_error(store.migrate().await);

        assert!(matches!(error, SchemaError::Changed { version: 2, .. }), "{error:?}");
    })
    .await;
}

const fn step(version: i64, name: &'static str, sql: &'static str) -> Migration {
    Migration { version, name, mysql: sql, sqlite: sql }
}

#[tokio::test]
async fn a_migration_that_fails_at_once_may_be_tried_again() {
    each_empty_database(async |database| {
        let store = database.open(None).await;
        let wrong = [step(1, "0001_a", "CREATE TABLE t_a (id NOT A TYPE,,);\n")];
        let right = [step(1, "0001_a", "CREATE TABLE t_a (id BIGINT);\n")];

        let error = schema_error(store.migrate_with(&wrong).await);

        assert!(matches!(error, SchemaError::Failed { version: 1, .. }), "{error:?}");
        assert_eq!(store.migrate_with(&right).await.unwrap().applied, ["0001_a"]);
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_halfway_is_undone_on_sqlite_and_refused_on_a_server() {
    each_empty_database(async |database| {
        let store = database.open(None).await;
        let wrong =
            [step(1, "0001_a", "CREATE TABLE t_a (id BIGINT);\nSELECT nothing FROM t_b;\n")];
        let right = [step(1, "0001_a", "CREATE TABLE t_a (id BIGINT);\n")];

        let error = schema_error(store.migrate_with(&wrong).await);
        assert!(matches!(error, SchemaError::Failed { .. }), "{error:?}");

        let again = store.migrate_with(&right).await;
        if database.is_server() {
            let error = schema_error(again);
            assert!(matches!(error, SchemaError::HalfApplied { version: 1, .. }), "{error:?}");
        } else {
            assert_eq!(again.unwrap().applied, ["0001_a"]);
        }
    })
    .await;
}
