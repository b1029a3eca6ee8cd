//! A running simulator.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::behaviour::Behaviour;
use crate::calls::{Call, CallLog, Counts};
use crate::config::SimulatorConfig;
use crate::credentials::{self, Given};
use crate::registry::Registry;
use crate::server::{World, serve};

/// How long [`Simulator::stop`] waits for its connections to close.
const STOP_TIME: Duration = Duration::from_secs(5);

/// A provider to talk to, until it is stopped or dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    world: Arc<World>,
    patience: Duration,
    server: JoinSet<io::Result<()>>,
    stopping: DropGuard,
}

impl Simulator {
    /// The name of its key service, for behaviours and recorded calls.
    pub const KEY_SERVICE: &str = credentials::KEY_SERVICE;
    /// The name of its token endpoint, for behaviours and recorded calls.
    pub const TOKEN_ENDPOINT: &str = credentials::TOKEN_ENDPOINT;

    /// Starts one inside the current runtime; it accepts connections when this returns.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn start(config: SimulatorConfig) -> io::Result<Self> {
        let listener = TcpListener::bind(config.address).await?;
        let address = listener.local_addr()?;
        let stopping = CancellationToken::new();
        let patience = config.patience;
        let world = Arc::new(World {
            registry: Registry::new(config.behaviour.clone()),
            calls: Arc::new(CallLog::new(config.kept_calls)),
            given: Given::default(),
            stopping: stopping.clone(),
            config,
        });
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::clone(&world)));
        Ok(Self { address, world, patience, server, stopping: stopping.drop_guard() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of its OpenAI protocol, ending in `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Where its key service is: `GET …/getApikey?sceneCode=…` answers another key each time,
    /// `sk-remote-{scene}-{n}`.
    pub fn key_service_url(&self) -> String {
        format!("http://{}/{}", self.address, credentials::KEY_SERVICE)
    }

    /// Where its token endpoint is: the refresh-token grant, as a form or in AWS's JSON, gives
    /// `at-{client}-{n}`. A client's first refresh token is taken whatever it is, and then only the last
    /// one that was given out.
    pub fn token_url(&self) -> String {
        format!("http://{}/{}", self.address, credentials::TOKEN_ENDPOINT)
    }

    /// Whether its token endpoint gives another refresh token each time, as it does by default.
    pub fn rotate_refresh_tokens(&self, rotates: bool) {
        self.world.given.rotate(rotates);
    }

    /// How many seconds the access tokens that it gives from now on hold; 3,600 by default.
    pub fn expire_tokens_in(&self, seconds: u32) {
        self.world.given.expire_in(seconds);
    }

    /// The recorded calls of its key service or its token endpoint, the oldest first.
    pub fn calls_of_service(&self, service: &str) -> Vec<Call> {
        let path = format!("/{service}");
        self.calls().into_iter().filter(|call| call.path == path).collect()
    }

    /// Gives all later calls with this key, or else for this model, a behaviour.
    pub fn set_behaviour(&self, key_or_model: &str, behaviour: Behaviour) {
        self.world.registry.set(key_or_model, behaviour);
    }

    /// Takes it back: the name alone says again what happens.
    pub fn clear_behaviour(&self, key_or_model: &str) {
        self.world.registry.clear(key_or_model);
    }

    /// Sets what calls get for which nothing else was said.
    pub fn set_default_behaviour(&self, behaviour: Behaviour) {
        self.world.registry.set_default(behaviour);
    }

    /// The recorded calls, the oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.world.calls.all()
    }

    /// The recorded calls with this key, the oldest first.
    pub fn calls_of(&self, key: &str) -> Vec<Call> {
        self.world.calls.of(key)
    }

    /// Forgets the recorded calls. The `wait_for_…` functions go on counting them.
    pub fn forget_calls(&self) {
        self.world.calls.forget();
    }

    /// Returns the recorded calls once `count` have arrived since the start.
    ///
    /// # Panics
    /// After [`SimulatorConfig::patience`].
    pub async fn wait_for_calls(&self, count: usize) -> Vec<Call> {
        self.wait(&format!("{count} calls"), |counts| counts.arrived >= count).await
    }

    /// Returns the recorded calls once `count` clients have gone away before their answer ended.
    ///
    /// # Panics
    /// After [`SimulatorConfig::patience`].
    pub async fn wait_for_cancelled(&self, count: usize) -> Vec<Call> {
        self.wait(&format!("{count} clients to leave"), |it| it.client_left >= count).await
    }

    /// Returns the recorded calls once none is running.
    ///
    /// # Panics
    /// After [`SimulatorConfig::patience`].
    pub async fn wait_for_idle(&self) -> Vec<Call> {
        self.wait("all calls to end", |counts| counts.running() == 0).await
    }

    /// Stops: no new connections, running waits end with a broken connection, and returns when all
    /// connections are closed, at most some seconds later.
    pub async fn stop(self) {
        let Self { mut server, stopping, .. } = self;
        drop(stopping);
        // Whatever hangs after that is aborted with the set.
        let _ = tokio::time::timeout(STOP_TIME, server.join_next()).await;
    }

    /// Serves until `signal` completes, then stops.
    ///
    /// # Errors
    /// When the server itself fails.
    pub async fn run_until(mut self, signal: impl Future<Output = ()>) -> io::Result<()> {
        tokio::select! {
            () = signal => {
                self.stop().await;
                Ok(())
            }
            ended = self.server.join_next() => match ended {
                Some(Ok(ended)) => ended,
                Some(Err(panicked)) => Err(io::Error::other(panicked)),
                None => Ok(()),
            },
        }
    }

    async fn wait(&self, what: &str, is_met: impl Fn(&Counts) -> bool) -> Vec<Call> {
        let mut counts = self.world.calls.counts();
        let met = tokio::time::timeout(self.patience, counts.wait_for(is_met)).await.is_ok();
        if !met {
            let counts = *self.world.calls.counts().borrow();
            panic!("waited {:?} for {what}, there are {counts:?}", self.patience);
        }
        self.calls()
    }
}
