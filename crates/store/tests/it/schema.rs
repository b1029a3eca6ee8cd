use tollgate_store::testing::{TestDatabase, servers};

#[tokio::test]
async fn both_schemas_have_the_same_columns_of_the_same_kind() {
    let embedded = TestDatabase::sqlite();
    let store = embedded.open(None).await;
    store.migrate().await.unwrap();
    let expected = store.columns().await.unwrap();
    assert!(expected.iter().any(|column| column.name == "t_ai_api_keys.key_fingerprint"));

    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let store = database.open(None).await;
        store.migrate().await.unwrap();

        let found = store.columns().await.unwrap();

        for (left, right) in expected.iter().zip(&found) {
            assert_eq!(left, right, "sqlite on the left, {server} on the right");
        }
        assert_eq!(expected.len(), found.len());
    }
}

#[tokio::test]
async fn only_the_owner_may_read_an_embedded_database() {
    use std::os::unix::fs::PermissionsExt;
    let database = TestDatabase::sqlite();
    let store = database.open(None).await;
    store.migrate().await.unwrap();

    let path = database.url().trim_start_matches("sqlite://");
    for ending in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{ending}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{ending}");
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable() {
    use tollgate_domain::Secret;
    use tollgate_store::{Store, StoreError, StoreOptions};
    let options = StoreOptions {
        url: Secret::from("mysql://nobody@127.0.0.1:1/nothing"),
        max_connections: 1,
        sealer: None,
    };

    let error = Store::open(&options).await.unwrap_err();

    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
