//! Keys whose value comes from a key service or a token endpoint, through real HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::credential::{Credential, OAuth2, Remote, TokenRequest};
use tollgate_domain::{Clock, Secret, SystemClock};
use tollgate_gateway::{CallError, Engine, EngineOptions, ReplyBody};
use tollgate_providers::{HttpClient, HttpClientOptions};
use tollgate_simulator::{Behaviour, Fault, Gate, Place, Simulator, SimulatorConfig};
use tollgate_store::Store;
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::providers::NewProvider;
use tollgate_store::testing::each_database;

use crate::support::{call, journal, options, until};

const SCENE: &str = "scene";

/// The machine's clock, put forward by a test.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Ahead {
    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

/// An engine whose provider has one key with such a credential.
struct Scene {
    engine: Arc<Engine>,
    http: HttpClient,
    simulator: Simulator,
    store: Store,
    clock: Arc<Ahead>,
    key: tollgate_domain::ApiKeyId,
}

fn quick(clock: &Arc<Ahead>) -> EngineOptions {
    let mut options = options();
    options.http = HttpClientOptions::new(clock.clone());
    options.renewal.between_tries = Duration::from_millis(2);
    options.renewal.after_round = Duration::from_millis(20);
    options
}

impl Scene {
    async fn new(store: &Store, credential: impl FnOnce(&Simulator) -> Credential) -> Self {
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        let clock = Arc::new(Ahead::default());
        let provider = NewProvider::new("sim", "Simulated", simulator.base_url());
        let provider = store.providers().insert(&provider, clock.now()).await.unwrap().id;
        let new = NewApiKey::with_credential("changing", &credential(&simulator));
        let key = store.api_keys().insert(provider, &new, clock.now()).await.unwrap().id;
        let engine =
            Engine::start(store.clone(), journal(), clock.clone(), quick(&clock)).await.unwrap();
        let http = HttpClient::new(&HttpClientOptions::new(clock.clone()));
        Self { engine, http, simulator, store: store.clone(), clock, key }
    }

    async fn ask(&self) -> Result<(), CallError> {
        self.engine.call(&self.http, call("sim-chat", false)).await.map(|reply| {
            assert!(matches!(reply.body, ReplyBody::Whole { .. }));
        })
    }

    async fn all_ask(&self, callers: usize) {
        for asked in join_all((0..callers).map(|_| self.ask())).await {
            asked.unwrap();
        }
    }

    fn chats(&self, key: &str) -> usize {
        let calls = self.simulator.calls_of(key);
        calls.iter().filter(|call| call.path.ends_with("/chat/completions")).count()
    }

    fn asked(&self, service: &str) -> usize {
        self.simulator.calls_of_service(service).len()
    }

    async fn sealed(&self) -> String {
        self.store.api_keys().secret_of(self.key).await.unwrap().expose().clone()
    }

    async fn stop(self) {
        self.engine.shutdown(Duration::from_secs(5)).await;
        self.simulator.stop().await;
    }
}

fn remote(simulator: &Simulator) -> Credential {
    Credential::Remote(Remote {
        url: simulator.key_service_url(),
        scene_code: SCENE.to_owned(),
        backup: Some(Secret::from("sk-backup")),
        ..Remote::default()
    })
}

fn oauth2(simulator: &Simulator) -> Credential {
    let oauth2 = OAuth2 {
        client_id: Some("client".to_owned()),
        client_secret: Some(Secret::from("client-secret")),
        token_url: simulator.token_url(),
        refresh_token: Secret::from("rt-first"),
        ..OAuth2::default()
    };
    Credential::OAuth2(oauth2.with_origin())
}

const SERVICE: &str = Simulator::KEY_SERVICE;
const TOKENS: &str = Simulator::TOKEN_ENDPOINT;

#[tokio::test]
async fn a_remote_key_is_refreshed_before_its_end_with_one_request_for_a_hundred_callers() {
    each_database(async |store| {
        let scene = Scene::new(&store, remote).await;

        scene.all_ask(100).await;
        assert_eq!((scene.asked(SERVICE), scene.chats("sk-remote-scene-1")), (1, 100));

        // Nobody waits for the next one while this one lives.
        let gate = Gate::new();
        scene.simulator.set_behaviour(SERVICE, Behaviour::default().hold(Place::Head, &gate));
        scene.clock.advance(479);
        scene.all_ask(1).await;
        assert_eq!(scene.asked(SERVICE), 1);
        scene.clock.advance(2);
        scene.all_ask(100).await;
        gate.wait_for_waiting(1).await;
        scene.all_ask(100).await;
        assert_eq!((scene.asked(SERVICE), scene.chats("sk-remote-scene-1")), (2, 301));

        gate.open();
        until("the next key", async || {
            scene.ask().await.unwrap();
            scene.chats("sk-remote-scene-2") > 0
        })
        .await;
        scene.all_ask(100).await;
        assert_eq!(scene.asked(SERVICE), 2);
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_remote_key_is_refreshed_by_its_timer_though_nobody_calls() {
    each_database(async |store| {
        let scene = Scene::new(&store, remote).await;
        scene.all_ask(1).await;

        scene.clock.advance(480);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(480)).await;
        tokio::time::resume();

        until("the timer", async || scene.asked(SERVICE) == 2).await;
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn while_the_key_service_is_down_calls_use_the_old_key_and_then_the_backup() {
    each_database(async |store| {
        let scene = Scene::new(&store, remote).await;
        scene.all_ask(1).await;
        let gate = Gate::new();
        scene
            .simulator
            .set_behaviour("sk-remote-scene-1", Behaviour::default().hold(Place::Head, &gate));
        let mut in_flight = Box::pin(scene.ask());
        tokio::select! {
            _ = &mut in_flight => panic!("it is held"),
            () = gate.wait_for_waiting(1) => {}
        }
        scene.simulator.clear_behaviour("sk-remote-scene-1");

        scene.simulator.set_behaviour(SERVICE, Behaviour::failing(Fault::error("503")));
        scene.clock.advance(481);
        scene.all_ask(20).await;
        until("three tries", async || scene.asked(SERVICE) >= 4).await;
        scene.all_ask(20).await;
        assert_eq!(scene.chats("sk-backup"), 0);

        scene.clock.advance(120);
        scene.all_ask(20).await;
        assert_eq!(scene.chats("sk-backup"), 20);
        assert_eq!(scene.engine.live(scene.key).state.status, KeyStatus::Normal);

        scene.simulator.clear_behaviour(SERVICE);
        until("the service again", async || {
            scene.ask().await.unwrap();
            scene.chats("sk-remote-scene-2") > 0
        })
        .await;
        gate.open();
        in_flight.await.unwrap();
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_start_and_its_first_calls_do_with_the_backup_where_the_service_is_down() {
    each_database(async |store| {
        let nowhere = |_: &Simulator| {
            Credential::Remote(Remote {
                url: "http://127.0.0.1:9/getApikey".to_owned(),
                scene_code: SCENE.to_owned(),
                backup: Some(Secret::from("sk-backup")),
                ..Remote::default()
            })
        };
        let scene = Scene::new(&store, nowhere).await;

        scene.all_ask(10).await;

        assert_eq!(scene.chats("sk-backup"), 10);
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_its_provider_refuses_gives_way_to_the_backup_while_the_service_is_down() {
    each_database(async |store| {
        let scene = Scene::new(&store, remote).await;
        scene.all_ask(1).await;
        scene.simulator.set_behaviour(SERVICE, Behaviour::failing(Fault::error("503")));
        let refused = Behaviour::failing(Fault::error("401"));
        scene.simulator.set_behaviour("sk-remote-scene-1", refused);

        scene.all_ask(20).await;

        assert_eq!(scene.chats("sk-backup"), 20);
        assert_eq!(scene.engine.live(scene.key).state.status, KeyStatus::Normal);
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_access_token_is_refreshed_before_its_end_and_the_rotated_token_is_sealed() {
    each_database(async |store| {
        let scene = Scene::new(&store, oauth2).await;

        scene.all_ask(100).await;
        assert_eq!((scene.asked(TOKENS), scene.chats("at-client-1")), (1, 100));
        assert!(scene.sealed().await.contains("rt-client-1"));

        let gate = Gate::new();
        scene.simulator.set_behaviour(TOKENS, Behaviour::default().hold(Place::Head, &gate));
        scene.clock.advance(3_541);
        scene.all_ask(100).await;
        gate.wait_for_waiting(1).await;
        scene.all_ask(100).await;
        assert_eq!((scene.asked(TOKENS), scene.chats("at-client-1")), (2, 300));

        gate.open();
        until("the next token", async || {
            scene.ask().await.unwrap();
            scene.chats("at-client-2") > 0
        })
        .await;
        assert!(scene.sealed().await.contains("rt-client-2"));
        let asked = scene.simulator.calls_of_service(TOKENS);
        let second = String::from_utf8(asked[1].body.to_vec()).unwrap();
        assert!(second.contains("refresh_token=rt-client-1"), "{second}");
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn while_the_token_endpoint_is_down_the_token_is_used_to_its_end() {
    each_database(async |store| {
        let scene = Scene::new(&store, oauth2).await;
        scene.all_ask(1).await;

        scene.simulator.set_behaviour(TOKENS, Behaviour::failing(Fault::error("503")));
        scene.clock.advance(3_550);
        scene.all_ask(20).await;
        until("three tries", async || scene.asked(TOKENS) >= 4).await;
        scene.all_ask(20).await;
        assert_eq!(scene.chats("at-client-1"), 41);

        scene.simulator.clear_behaviour(TOKENS);
        scene.clock.advance(60);
        until("the endpoint again", async || {
            // Calls in vain let the key cool for half a minute.
            scene.clock.advance(1);
            scene.ask().await.is_ok()
        })
        .await;
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_the_provider_refuses_is_refreshed_once_and_callers_notice_nothing() {
    for (format, callers) in [(TokenRequest::Form, 1), (TokenRequest::JsonCamel, 50)] {
        each_database(async |store| {
            let credential = |simulator: &Simulator| match oauth2(simulator) {
                Credential::OAuth2(oauth2) => {
                    Credential::OAuth2(OAuth2 { request_format: format, ..oauth2 })
                }
                other => other,
            };
            let scene = Scene::new(&store, credential).await;
            scene.all_ask(1).await;
            let refused = Behaviour::failing(Fault::error("401"));
            scene.simulator.set_behaviour("at-client-1", refused);

            scene.all_ask(callers).await;

            assert_eq!(scene.asked(TOKENS), 2);
            assert_eq!(scene.chats("at-client-2"), callers);
            assert_eq!(scene.engine.live(scene.key).state.status, KeyStatus::Normal);
            scene.stop().await;
        })
        .await;
    }
}

#[tokio::test]
async fn an_account_that_is_signed_out_makes_the_key_invalid() {
    each_database(async |store| {
        let scene = Scene::new(&store, oauth2).await;
        scene.all_ask(1).await;
        let dead = Fault::Body {
            status: 400,
            content_type: "application/json".to_owned(),
            body: r#"{"error":"invalid_grant"}"#.into(),
        };
        scene.simulator.set_behaviour(TOKENS, Behaviour::failing(dead));
        scene.simulator.set_behaviour("at-client-1", Behaviour::failing(Fault::error("401")));

        let error = scene.ask().await.unwrap_err();

        assert!(matches!(error, CallError::NoAvailableKey { .. }), "{error:?}");
        until("the key to be invalid", async || {
            scene.engine.live(scene.key).state.status == KeyStatus::Invalid
        })
        .await;
        let state = scene.engine.live(scene.key).state;
        let reason = state.reason.unwrap_or_default();
        assert!(reason.contains("signed in again"), "{reason}");
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn two_instances_never_use_one_refresh_token_twice() {
    each_database(async |store| {
        let scene = Scene::new(&store, oauth2).await;
        let other =
            Engine::start(store.clone(), journal(), scene.clock.clone(), quick(&scene.clock))
                .await
                .unwrap();

        for round in 1..=3 {
            let ask = async || {
                let asked = other.call(&scene.http, call("sim-chat", false)).await;
                asked.map(|_| ()).unwrap();
            };
            let (_, _) = tokio::join!(scene.all_ask(10), join_all((0..10).map(|_| ask())));
            until("the token of this round", async || scene.asked(TOKENS) == round).await;
            scene.clock.advance(3_601);
        }

        let asked = scene.simulator.calls_of_service(TOKENS);
        assert!(asked.iter().all(|call| call.status == Some(200)), "{asked:?}");
        other.shutdown(Duration::from_secs(5)).await;
        scene.stop().await;
    })
    .await;
}

#[tokio::test]
async fn tokens_outlive_a_restart_and_nothing_shows_them() {
    each_database(async |store| {
        let scene = Scene::new(&store, oauth2).await;
        scene.all_ask(1).await;
        scene.engine.shutdown(Duration::from_secs(5)).await;

        let again =
            Engine::start(store.clone(), journal(), scene.clock.clone(), quick(&scene.clock))
                .await
                .unwrap();
        again.call(&scene.http, call("sim-chat", false)).await.map(|_| ()).unwrap();

        assert_eq!((scene.asked(TOKENS), scene.chats("at-client-1")), (1, 2));
        let shown = format!("{:?}", again.snapshot());
        for secret in ["rt-client", "at-client", "rt-first", "client-secret"] {
            assert!(!shown.contains(secret), "{secret}");
        }
        again.shutdown(Duration::from_secs(5)).await;
        // Whatever seals anew afterwards knows it as the same.
        let report = store.api_keys().reseal(scene.clock.now()).await.unwrap();
        assert_eq!((report.resealed, report.current), (0, 1));
        scene.simulator.stop().await;
    })
    .await;
}
