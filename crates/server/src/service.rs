//! The HTTP server around the routes.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig};
use tollgate_providers::{HttpClient, HttpClientOptions};

use crate::app::App;
use crate::edge::{Edge, cors, edge};
use crate::metrics::count_requests;
use crate::routes;

/// How long a connection may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: longer than most proxies in front keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A server that has its port.
pub struct Service {
    /// To be awaited; ends after a shutdown.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Binds the configured address and serves `app` there, with one HTTP client for each worker.
///
/// # Errors
/// Where the address cannot be bound.
pub fn listen(app: &Data<App>) -> io::Result<Service> {
    let config = &app.config.server;
    let (host, port) = (config.host.as_str(), config.port);
    let listener = TcpListener::bind((host, port)).map_err(|error| {
        let told = format!("cannot listen on {host}:{port}, as HOST and PORT say: {error}");
        io::Error::new(error.kind(), told)
    })?;
    let address = listener.local_addr()?;
    let surroundings = Data::new(Edge {
        clock: Arc::clone(&app.clock),
        trusted_proxies: config.trusted_proxies.clone(),
    });
    let body_limit = PayloadConfig::new(config.max_body_bytes);
    let shared = app.clone();
    let options = HttpClientOptions {
        fetch_private_addresses: app.config.fetching.private_addresses,
        ..HttpClientOptions::new(Arc::clone(&app.clock))
    };
    let server = HttpServer::new(move || {
        let client = HttpClient::new(&options);
        actix_web::App::new()
            .app_data(shared.clone())
            .app_data(surroundings.clone())
            .app_data(body_limit.clone())
            .app_data(Data::new(client))
            .wrap(cors::cors(&shared.engine))
            .wrap(from_fn(edge))
            .wrap(from_fn(count_requests))
            .configure(routes::configure)
    })
    .tcp_nodelay(true)
    // A caller who leaves is noticed at once, so that their call is cancelled upstream.
    .h1_allow_half_closed(false)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(config.shutdown_timeout.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Service { server, address })
}
