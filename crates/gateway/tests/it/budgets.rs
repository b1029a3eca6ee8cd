//! Budgets of app tokens: what is kept, given back and lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use tollgate_domain::app_token::Scope;
use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};
use tollgate_domain::price::Rates;
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_gateway::{BudgetReason, CallError, CallReply, Engine};
use tollgate_providers::{HttpClient, HttpClientOptions};
use tollgate_simulator::{Behaviour, Gate, Place};
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::budgets::{BudgetKey, BudgetStanding};
use tollgate_store::models::NewModel;
use tollgate_store::prices::NewTier;

use crate::support::{Given, call, clock, events, given, journal, options, until};

/// What a call of the tests can cost at most: a prompt of 125 tokens or fewer and 10 of an answer,
/// at 1 and 100.
const AT_MOST: i64 = 1_125;

/// Adds the model `priced`, and a token that may spend so much of it.
async fn given_budget(given: &Given, cap: i64) -> AppTokenId {
    let now = clock().now();
    let mut model = NewModel::new(given.provider, "priced");
    model.max_output_tokens = Some(10);
    let model = given.store.models().insert(&model, now).await.unwrap().id;
    let rates = Rates {
        prompt: NanoUsd::new(1_000),
        completion: NanoUsd::new(100_000),
        ..Rates::default()
    };
    let tier = NewTier { tier_min_prompt_tokens: 0, rates: Some(rates) };
    given.store.prices().insert(model, now, &[tier], "manual", now).await.unwrap();
    let token = NewAppToken {
        name: "shop".to_owned(),
        token_hash: [1; 32],
        hint: String::new(),
        owner_id: None,
        scopes: vec![Scope::Chat],
        allowed_models: Vec::new(),
        allowed_providers: Vec::new(),
        limits: AppLimits::default(),
        budget: Budget { cap: Some(NanoUsd::new(cap)), period: BudgetPeriod::Total },
        expires_at: None,
        is_active: true,
    };
    let token = given.store.app_tokens().insert(&token, now).await.unwrap().id;
    given.engine.refresh().await.unwrap();
    token
}

async fn ask(
    engine: &Engine,
    http: &HttpClient,
    token: AppTokenId,
    is_stream: bool,
) -> Result<CallReply, CallError> {
    let mut call = call("priced", is_stream);
    call.app_id = Some(token);
    engine.call(http, call).await
}

async fn standing(given: &Given, token: AppTokenId) -> BudgetStanding {
    let key = BudgetKey { token, period_start: BudgetPeriod::Total.start(clock().now()) };
    given.store.budgets().standing(key, "nobody", clock().now()).await.unwrap()
}

fn is_spent(result: &Result<CallReply, CallError>) -> bool {
    matches!(result, Err(CallError::BudgetExceeded { reason: BudgetReason::Spent(_) }))
}

#[tokio::test]
async fn nothing_stays_reserved_when_idle_and_nothing_is_held_after_a_shutdown() {
    let given = given(&["sk-one"]).await;
    let token = given_budget(&given, 100_000).await;

    for _ in 0..3 {
        ask(&given.engine, &given.http, token, false).await.unwrap();
    }
    until("the slice to be given back", async || {
        let standing = standing(&given, token).await;
        standing.leased == standing.spent && standing.spent > NanoUsd::ZERO
    })
    .await;
    ask(&given.engine, &given.http, token, false).await.unwrap();
    given.engine.shutdown(std::time::Duration::from_secs(5)).await;

    let standing = standing(&given, token).await;
    assert_eq!((standing.leased, standing.others_unspent), (standing.spent, NanoUsd::ZERO));
}

#[tokio::test]
async fn an_instance_that_crashes_leaves_its_slice_counted_whole() {
    let given = given(&["sk-one"]).await;
    let token = given_budget(&given, AT_MOST + 1_000).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("priced", Behaviour::fast().hold(Place::Head, &gate));
    let doomed = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = given.database.open(Some(tollgate_store::testing::test_keyring())).await;
    doomed.spawn(async move {
        let engine = Engine::start(store, journal(), clock(), options()).await.unwrap();
        let http = HttpClient::new(&HttpClientOptions::new(clock()));
        ask(&engine, &http, token, false).await
    });
    gate.wait_for_waiting(1).await;

    doomed.shutdown_background();
    gate.open();

    let lost = standing(&given, token).await;
    assert!(lost.leased > NanoUsd::ZERO && lost.spent == NanoUsd::ZERO, "{lost:?}");
    let mut answers = 0;
    loop {
        let result = ask(&given.engine, &given.http, token, false).await;
        if result.is_err() {
            assert!(is_spent(&result), "{result:?}");
            break;
        }
        answers += 1;
    }
    assert!(answers > 0, "the rest is still spent");
    given.engine.tell_spent().await.unwrap();
    let after = standing(&given, token).await;
    assert!(after.spent + lost.leased <= NanoUsd::new(AT_MOST + 1_000), "{after:?}");
}

#[tokio::test]
async fn with_the_database_away_a_slice_is_used_up_and_then_calls_are_refused() {
    let given = given(&["sk-one"]).await;
    let token = given_budget(&given, 1_000_000).await;
    ask(&given.engine, &given.http, token, false).await.unwrap();

    given.store.close().await;

    let mut refused = None;
    for _ in 0..200 {
        if let Err(error) = ask(&given.engine, &given.http, token, false).await {
            refused = Some(error);
            break;
        }
    }
    assert_eq!(refused, Some(CallError::Unavailable));
}

#[tokio::test]
async fn a_caller_who_leaves_gives_back_what_was_kept() {
    let given = given(&["sk-one"]).await;
    let token = given_budget(&given, AT_MOST).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("priced", Behaviour::fast().hold(Place::Middle, &gate));
    let stream = events(ask(&given.engine, &given.http, token, true).await.unwrap());
    let waiting = ask(&given.engine, &given.http, token, false);
    tokio::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());

    drop(stream);
    gate.open();

    // It is answered with the rest, well within the second that a call waits.
    waiting.await.unwrap();
}
