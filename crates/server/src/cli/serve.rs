//! `tollgate serve`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::web::Data;
use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::task::TaskTracker;
use tollgate_domain::{Clock, Secret, SystemClock};
use tollgate_gateway::Journal;

use super::print;
use crate::access::first_admin::FirstAdmin;
use crate::app::App;
use crate::config::Config;
use crate::jobs::Scheduler;
use crate::service::{self, Service};
use crate::start::first_call::{self, MODEL};
use crate::{metrics, start};

/// Loads, opens, builds, serves, and stops.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    // Listened for from the very start: a signal sent just then must not be lost.
    let mut stop = StopSignals::listen()?;
    let started = tokio::select! {
        started = Started::new(config) => started?,
        () = stop.sent() => {
            tracing::info!("stopped before it served");
            return Ok(());
        }
    };
    started.serve_until(stop).await
}

/// Everything that runs once Tollgate serves.
struct Started {
    app: Data<App>,
    service: Service,
    metrics: Option<Server>,
    jobs: Scheduler,
}

impl Started {
    async fn new(config: Config) -> anyhow::Result<Self> {
        config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
        start::descriptors::raise_limit();
        // First of all: another server on the same folder has to be left alone.
        let journal = Journal::open(config.journal.of_server(&config.data_dir))?;
        let store = start::open_store(&config).await?;
        let admin = start::prepare(&store, &config, &SystemClock).await?;
        let token = offer_simulator(&store, &config).await?;
        let app = start::app(config, store, journal, Arc::new(SystemClock)).await?;
        let service = service::listen(&app)?;
        let metrics = metrics::listen(&app)?;
        let jobs = Scheduler::start(&app).await?;
        greet(&app, service.address, admin.as_ref(), token.as_ref());
        Ok(Self { app, service, metrics, jobs })
    }

    async fn serve_until(self, mut stop: StopSignals) -> anyhow::Result<()> {
        let Self { app, service, metrics, jobs } = self;
        let tasks = TaskTracker::new();
        let metrics = metrics.map(|server| (server.handle(), tasks.spawn(server)));
        let handle = service.server.handle();
        let mut server = std::pin::pin!(service.server);
        tokio::select! {
            ended = &mut server => ended.context("the server ended by itself")?,
            () = stop.sent() => {}
        }
        tracing::info!("stopping: open streams may end, nothing new is taken");
        app.live.end();
        let limit = app.config.server.shutdown_timeout.max(LEAST_FLUSH);
        let (stopped, (), ()) = tokio::join!(server, handle.stop(true), jobs.stop(limit));
        stopped?;
        if let Some((handle, task)) = metrics {
            handle.stop(false).await;
            let _ = task.await;
        }
        app.engine.shutdown(limit).await;
        app.store.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// What an operator stops Tollgate with.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn sent(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Records are written at the end even where streams get no time.
const LEAST_FLUSH: std::time::Duration = std::time::Duration::from_secs(5);

async fn offer_simulator(
    store: &tollgate_store::Store,
    config: &Config,
) -> anyhow::Result<Option<Secret<String>>> {
    let (Some(url), Some(secret)) = (&config.providers.simulator_url, &config.secrets.jwt_secret)
    else {
        return Ok(None);
    };
    first_call::offer(store, url, secret, SystemClock.now()).await
}

/// Tells an operator where it is and how to get in.
fn greet(
    app: &App,
    address: SocketAddr,
    admin: Option<&FirstAdmin>,
    token: Option<&Secret<String>>,
) {
    tracing::info!("listening on {address}");
    let host = match address.ip() {
        ip if ip.is_unspecified() => "localhost".to_owned(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        ip => ip.to_string(),
    };
    let url = format!("http://{host}:{}", address.port());
    print::line(format_args!("\nTollgate listens on {url}   (API: {url}/api/docs)"));
    match admin {
        Some(FirstAdmin { username, made_password: Some(password) }) => print::line(format_args!(
            "Sign in as {username} with the password {}   (made now, shown once)",
            password.expose()
        )),
        Some(FirstAdmin { username, .. }) => {
            print::line(format_args!("Sign in as {username} with the password in ADMIN_PASSWORD"));
        }
        None if app.config.is_embedded => print::line(format_args!(
            "Lost the admin's password? tollgate user password {}",
            app.config.secrets.admin_username
        )),
        None => {}
    }
    if let Some(token) = token {
        print::line(format_args!(
            "A first call, answered by the simulator:\n\n  \
             curl {url}/v1/chat/completions \\\n    -H 'Authorization: Bearer {}' \\\n    \
             -H 'Content-Type: application/json' \\\n    \
             -d '{{\"model\": \"{MODEL}\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello?\"}}]}}'\n",
            token.expose()
        ));
    }
}
