use tollgate_domain::route::{FallbackOn, Route, RouteTarget};
use tollgate_store::routes::{NewRoute, RoutePatch};
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError};

use crate::support::at;

fn target(provider: &str, weight: u32) -> RouteTarget {
    RouteTarget { provider_code: provider.to_owned(), model_code: "模型".to_owned(), weight }
}

fn new_route(alias: &str) -> NewRoute {
    NewRoute {
        alias: alias.to_owned(),
        description: Some("for chats".to_owned()),
        targets: vec![target("openai", 3), target("anthropic", 0)],
        fallback_on: vec![FallbackOn::Failure, FallbackOn::ContextTooLong],
        is_active: true,
    }
}

async fn given_route(store: &Store, alias: &str) -> Route {
    store.routes().insert(&new_route(alias), at(0)).await.unwrap()
}

#[tokio::test]
async fn a_route_comes_back_as_made() {
    each_database(async |store| {
        let route = given_route(&store, "fast").await;

        let expected = Route {
            id: route.id,
            alias: "fast".to_owned(),
            description: Some("for chats".to_owned()),
            targets: vec![target("openai", 3), target("anthropic", 0)],
            fallback_on: vec![FallbackOn::Failure, FallbackOn::ContextTooLong],
            is_active: true,
            created_at: at(0),
            updated_at: at(0),
        };
        assert_eq!(route, expected);
        assert_eq!(store.routes().find(route.id).await.unwrap(), expected);
        assert_eq!(store.routes().list(Some("CHAT")).await.unwrap(), [expected]);
        assert!(store.routes().list(Some("slow")).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_alias_is_there_once() {
    each_database(async |store| {
        let fast = given_route(&store, "fast").await;
        given_route(&store, "slow").await;

        let again = store.routes().insert(&new_route("fast"), at(1)).await;
        let alias = Some("slow".to_owned());
        let renamed = RoutePatch { alias, ..RoutePatch::default() };
        let renamed = store.routes().update(fast.id, &renamed, at(1)).await;

        assert!(matches!(again, Err(StoreError::Conflict { field: "alias" })));
        assert!(matches!(renamed, Err(StoreError::Conflict { field: "alias" })));
    })
    .await;
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_the_configuration_has_a_new_version() {
    each_database(async |store| {
        let route = given_route(&store, "fast").await;
        let before = store.settings().config_version().await.unwrap();
        let patch = RoutePatch {
            description: Some(None),
            targets: Some(vec![target("gemini", 0)]),
            is_active: Some(false),
            ..RoutePatch::default()
        };

        let changed = store.routes().update(route.id, &patch, at(5)).await.unwrap();

        let expected = Route {
            description: None,
            targets: vec![target("gemini", 0)],
            is_active: false,
            updated_at: at(5),
            ..route
        };
        assert_eq!(changed, expected);
        assert!(store.settings().config_version().await.unwrap() > before);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_route_is_gone_and_its_alias_free() {
    each_database(async |store| {
        let route = given_route(&store, "fast").await;

        store.routes().delete(route.id, at(1)).await.unwrap();

        assert!(store.routes().list(None).await.unwrap().is_empty());
        assert!(matches!(store.routes().find(route.id).await, Err(StoreError::NotFound)));
        assert!(matches!(store.routes().delete(route.id, at(2)).await, Err(StoreError::NotFound)));
        let again = given_route(&store, "fast").await;
        assert_eq!((again.id, again.is_active), (route.id, true));
    })
    .await;
}
