use tollgate_store::instances::Instance;
use tollgate_store::testing::each_database;

use crate::support::at;

fn seen(name: &str, started: i64, seen: i64) -> Instance {
    Instance {
        instance: name.to_owned(),
        address: format!("{name}:3000"),
        version: "1.2.3".to_owned(),
        started_at: at(started),
        seen_at: at(seen),
        backlog_records: seen,
    }
}

#[tokio::test]
async fn an_instance_is_listed_as_it_last_was_until_it_stops_or_is_silent_for_a_day() {
    each_database(async |store| {
        let instances = store.instances();
        for instance in [seen("two", 5, 5), seen("one", 1, 6), seen("two", 5, 9)] {
            instances.note(&instance).await.unwrap();
        }
        assert_eq!(instances.list().await.unwrap(), [seen("one", 1, 6), seen("two", 5, 9)]);

        let tomorrow = 86_400 + 7;
        instances.note(&seen("three", tomorrow, tomorrow)).await.unwrap();
        let left = instances.list().await.unwrap();
        assert_eq!(left, [seen("two", 5, 9), seen("three", tomorrow, tomorrow)]);

        instances.remove("two").await.unwrap();
        assert_eq!(instances.list().await.unwrap(), [seen("three", tomorrow, tomorrow)]);
    })
    .await;
}
