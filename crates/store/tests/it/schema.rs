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
