//! Calls that may go to several targets.

use tollgate_domain::route::{FallbackOn, RouteTarget};
use tollgate_store::routes::NewRoute;

use super::*;

/// As [`given_with`], with two more providers, `b` and `c`, that have the keys `sk-b` and `sk-c`,
/// and the route `fast` to all three.
async fn given_route(
    keys: usize,
    plays: Vec<Play>,
    fallback_on: &[FallbackOn],
    change_provider: impl FnOnce(&mut NewProvider),
) -> Given {
    let given = given_with(keys, plays, change_provider, |_| {}).await;
    tokio::time::resume();
    let core = &given.engine.core;
    let now = core.clock.now();
    for code in ["b", "c"] {
        let mut new = NewProvider::new(code, code, "http://127.0.0.1:9/v1");
        new.lb_strategy = Strategy::Priority;
        let id = core.store.providers().insert(&new, now).await.unwrap().id;
        let key = NewApiKey::new(code, Secret::new(format!("sk-{code}")));
        core.store.api_keys().insert(id, &key, now).await.unwrap();
    }
    let target = |code: &str| RouteTarget {
        provider_code: code.to_owned(),
        model_code: "m".to_owned(),
        weight: 0,
    };
    let route = NewRoute {
        alias: "fast".to_owned(),
        description: None,
        targets: ["sim", "b", "c"].map(target).into(),
        fallback_on: fallback_on.to_vec(),
        is_active: true,
    };
    core.store.routes().insert(&route, now).await.unwrap();
    given.engine.refresh().await.unwrap();
    tokio::time::pause();
    given
}

impl Given {
    async fn fast(&self) -> Result<CallReply, CallError> {
        let mut call = self.call(false);
        call.facts.model = Some("fast".to_owned());
        self.engine.call_with(self.script.clone(), call).await
    }

    fn routing(&self, row: usize) -> serde_json::Value {
        self.rows.lock()[row].routing.clone().unwrap_or_default()
    }
}

const FAILURE: &[FallbackOn] = &[FallbackOn::Failure];

#[tokio::test]
async fn a_failed_target_gives_way_to_the_next_without_a_wait() {
    use FailureClass as Class;
    let cases: [(&[Class], &[&str]); 9] = [
        // Another key first.
        (&[Class::RateLimited; 2], &["sk-1", "sk-2", "sk-b"]),
        (&[Class::KeyDeniedForModel; 2], &["sk-1", "sk-2", "sk-b"]),
        (&[Class::QuotaSpent; 2], &["sk-1", "sk-2", "sk-b"]),
        (&[Class::Transient; 3], &["sk-1", "sk-2", "sk-b", "sk-c"]),
        (&[Class::Silent; 3], &["sk-1", "sk-2", "sk-b", "sk-c"]),
        (&[Class::ModelMissing; 2], &["sk-1", "sk-2", "sk-b"]),
        // All keys of an overloaded provider meet the same.
        (&[Class::Overloaded], &["sk-1", "sk-b"]),
        (&[Class::Overloaded; 2], &["sk-1", "sk-b", "sk-c"]),
        (&[Class::Transient, Class::Overloaded], &["sk-1", "sk-2", "sk-b"]),
    ];
    for (classes, keys) in cases {
        let plays = classes.iter().map(|class| fails(*class)).chain([answers()]).collect();
        let given = given_route(2, plays, FAILURE, |_| {}).await;

        let reply = given.fast().await.unwrap();

        let expected: Vec<_> = keys.iter().map(|key| at(key, 0)).collect();
        assert_eq!(given.sent(), expected, "{classes:?}");
        assert_eq!(reply.head.attempts as usize, keys.len());
        let last = keys.last().unwrap().trim_start_matches("sk-");
        assert_eq!(reply.head.provider_code, last, "{classes:?}");
    }
}

#[tokio::test]
async fn what_the_call_itself_is_at_fault_for_goes_on_only_where_the_route_says_so() {
    use FailureClass as Class;
    let long = &[FallbackOn::ContextTooLong][..];
    let refused = &[FallbackOn::ContentRefused][..];
    let cases = [
        (Class::ContextTooLong, FAILURE, 1),
        (Class::ContextTooLong, long, 2),
        (Class::ContextTooLong, refused, 1),
        (Class::ContentRefused, FAILURE, 1),
        (Class::ContentRefused, refused, 2),
        (Class::ClientFault, &[FallbackOn::Failure, FallbackOn::ContextTooLong][..], 1),
        (Class::Deadline, FAILURE, 1),
        (Class::QuotaSpent, long, 1),
    ];
    for (class, fallback_on, sent) in cases {
        let given = given_route(1, vec![fails(class), answers()], fallback_on, |_| {}).await;

        let outcome = given.fast().await;

        assert_eq!(given.sent().len(), sent, "{class} {fallback_on:?}");
        assert_eq!(outcome.is_ok(), sent == 2, "{class} {fallback_on:?}");
    }
}

#[tokio::test]
async fn a_key_is_tried_again_only_when_no_target_is_left() {
    use FailureClass as Class;
    let plays = [Class::Overloaded, Class::RateLimited, Class::ModelMissing].map(fails);
    let plays = plays.into_iter().chain([answers()]).collect();
    let given = given_route(2, plays, FAILURE, |_| {}).await;

    given.fast().await.unwrap();

    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-b", 0), at("sk-c", 0), at("sk-1", 1)]);
    let last = given.routing(3);
    assert_eq!((&last["by"], &last["waitedMs"]), (&"same_key".into(), &1_000.into()));
}

#[tokio::test]
async fn each_target_is_tried_whatever_the_number_of_retries() {
    let plays = (0..9).map(|_| fails(FailureClass::Transient)).collect();
    let given = given_route(2, plays, FAILURE, |new| new.max_retries = 0).await;

    let error = given.fast().await.unwrap_err();

    // `b` and `c` allow three retries: after four attempts none is left.
    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-b", 0), at("sk-c", 0), at("sk-b", 1)]);
    assert_eq!(error.code(), "provider_error");
}

#[tokio::test]
async fn a_target_without_a_free_key_is_passed_over() {
    let mut limited = failure(FailureClass::RateLimited);
    limited.retry_after = Some(Duration::from_secs(60));
    let plays = vec![Play::Fail(limited), answers(), answers()];
    let given = given_route(1, plays, FAILURE, |_| {}).await;
    given.fast().await.unwrap();

    let reply = given.fast().await.unwrap();

    assert_eq!((reply.head.attempts, reply.head.provider_code.as_str()), (1, "b"));
    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-b", 0), at("sk-b", 0)]);
    let told = given.routing(2);
    assert_eq!(told["alias"], "fast");
    assert_eq!(told["passedOver"][0]["providerCode"], "sim");
    assert_eq!(told["passedOver"][0]["skipped"][0]["reason"], "rate_limited");
}

#[tokio::test]
async fn without_any_free_key_all_of_them_are_told() {
    let mut limited = failure(FailureClass::RateLimited);
    limited.retry_after = Some(Duration::from_secs(60));
    let plays = (0..3).map(|_| Play::Fail(limited.clone())).collect();
    let given = given_route(1, plays, FAILURE, |_| {}).await;
    given.fast().await.unwrap_err();

    let error = given.fast().await.unwrap_err();

    let CallError::NoAvailableKey { providers, retry_after, keys } = error else { panic!() };
    assert_eq!(providers, ["sim", "b", "c"]);
    assert_eq!((keys.len(), retry_after.unwrap().as_secs_f64().round()), (3, 60.0));
}

#[tokio::test]
async fn each_attempt_tells_where_it_went_and_why() {
    use FailureClass as Class;
    let plays = vec![fails(Class::RateLimited), fails(Class::Overloaded), answers()];
    let given = given_route(1, plays, FAILURE, |_| {}).await;

    given.fast().await.unwrap();

    let first = given.routing(0);
    assert_eq!(first["targets"].as_array().unwrap().len(), 3);
    assert_eq!(first["after"], serde_json::Value::Null);
    let steps: Vec<_> = (1..3)
        .map(|row| (given.routing(row)["after"].clone(), given.routing(row)["by"].clone()))
        .collect();
    assert_eq!(
        steps,
        [
            ("rate_limited".into(), "next_target".into()),
            ("overloaded".into(), "next_target".into())
        ]
    );
    let rows = given.rows.lock();
    let requested: Vec<_> = rows.iter().map(|row| row.requested_model.as_deref()).collect();
    assert_eq!(requested, [Some("fast"); 3]);
    assert_eq!(rows.iter().filter(|row| row.is_final).count(), 1);
}
