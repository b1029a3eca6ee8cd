//! From a configuration to a running application.

pub mod declared;
pub mod descriptors;
pub mod first_call;
mod imported;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use anyhow::Context;
use tokio::time::{Instant, sleep};
use tollgate_domain::Clock;
use tollgate_gateway::{Engine, EngineOptions, Journal, Observer};
use tollgate_providers::{HttpClientOptions, Poster};
use tollgate_store::{Store, StoreError, StoreOptions};

use crate::access::address_limit::AddressLimit;
use crate::access::first_admin::{self, FirstAdmin};
use crate::access::jwt::Jwt;
use crate::access::password::Passwords;
use crate::access::throttle::Throttle;
use crate::app::App;
use crate::calls::error::status_of;
use crate::config::Config;
use crate::live::LiveCalls;
use crate::metrics::Metrics;
use crate::web::Site;

/// How long a start waits for an absent database.
const DATABASE_LIMIT: Duration = Duration::from_secs(60);
const DATABASE_RETRY: Duration = Duration::from_secs(1);

/// Opens the configured database, waiting for it where it is absent.
///
/// # Errors
/// Where it does not answer within a minute, or refuses.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let options = StoreOptions {
        url: config.database.url.clone(),
        max_connections: config.database.max_connections,
        sealer: config.secrets.keyring.clone(),
    };
    let until = Instant::now() + DATABASE_LIMIT;
    let shown = config.database.shown();
    loop {
        match Store::open(&options).await {
            Ok(store) => return Ok(store),
            Err(error @ StoreError::Unavailable(_)) if Instant::now() < until => {
                tracing::warn!("waiting for the database at {shown}: {error}");
                sleep(DATABASE_RETRY).await;
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("the database at {shown} does not open"));
            }
        }
    }
}

/// Brings the tables up to date and fills in what the configuration and the catalogue say.
///
/// # Errors
/// Those of the database; a provider that the configuration names and nobody knows; a first admin
/// without a password.
pub async fn prepare(
    store: &Store,
    config: &Config,
    clock: &dyn Clock,
) -> anyhow::Result<Option<FirstAdmin>> {
    let report = store.migrate().await?;
    for name in &report.applied {
        tracing::info!("applied the migration {name}");
    }
    store.seed(clock.now()).await?;
    declared::settings(store, config, clock.now()).await?;
    declared::providers(store, config, clock.now()).await?;
    declared::api_key(store, config, clock.now()).await?;
    imported::keys(store, config, clock.now()).await?;
    for (channel, reason) in store.settings().unopened().await? {
        tracing::error!("The channel `{channel}` of alerts cannot be used: {reason}");
    }
    first_admin::ensure(store, config, clock.now()).await
}

/// Starts the engine over a prepared store, and puts the application together.
///
/// # Errors
/// Those of the database, and of the disk that the journal is on.
pub async fn app(
    config: Config,
    store: Store,
    journal: Journal,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Data<App>> {
    let (metrics, live) = (Metrics::new()?, LiveCalls::default());
    let secret = config.secrets.jwt_secret.as_ref().context("JWT_SECRET was checked")?;
    let lifetime = config.secrets.jwt_expire_seconds;
    let options = EngineOptions {
        session_token_life: Duration::from_secs(u64::from(lifetime)),
        probe_interval: config.load_balancer.health_check_interval,
        status_of,
        observer: Some(both(metrics.observer(), live.observer())),
        ..EngineOptions::new(HttpClientOptions::new(Arc::clone(&clock)))
    };
    let engine = Engine::start(store.clone(), journal, Arc::clone(&clock), options).await?;
    metrics.name_providers_by(&engine);
    let site = match &config.server.web_dir {
        Some(folder) => Site::read(folder)
            .with_context(|| format!("WEB_DIR={} cannot be read", folder.display()))?,
        None => Site::embedded(),
    };
    let private_addresses = config.alerting.private_addresses;
    Ok(Data::new(App {
        poster: Poster::new("tollgate", private_addresses),
        jwt: Jwt::new(secret, lifetime),
        passwords: Passwords::new(),
        throttle: Throttle::default(),
        addresses: AddressLimit::default(),
        metrics,
        live,
        site,
        config,
        store,
        engine,
        clock,
        started: Instant::now(),
    }))
}

/// Both hear of every record.
fn both(one: Observer, other: Observer) -> Observer {
    Arc::new(move |log| {
        one(log);
        other(log);
    })
}
