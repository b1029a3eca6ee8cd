//! The HTTP clients: the connect timeout belongs to a client, so there is one for each.

use std::time::Duration;

use parking_lot::Mutex;
use reqwest::Client;
use reqwest::dns::Resolve;
use reqwest::redirect::Policy;
use tollgate_domain::failure::Failure;

use crate::error::transient;

/// The most clients that are kept; providers seldom differ in their connect timeout.
const MAX_CLIENTS: usize = 8;

#[derive(Debug)]
pub(super) struct Pool {
    user_agent: String,
    clients: Mutex<Vec<(Duration, Client)>>,
}

impl Pool {
    pub(super) fn new(user_agent: String) -> Self {
        Self { user_agent, clients: Mutex::default() }
    }

    /// The client with that connect timeout; the oldest one goes when there are too many.
    pub(super) fn client(&self, connect_timeout: Duration) -> Result<Client, Failure> {
        let mut clients = self.clients.lock();
        if let Some((_, client)) = clients.iter().find(|(timeout, _)| *timeout == connect_timeout) {
            return Ok(client.clone());
        }
        let client = build(&self.user_agent, connect_timeout)
            .map_err(|_| transient("the HTTP client cannot be built"))?;
        if clients.len() == MAX_CLIENTS {
            clients.remove(0);
        }
        clients.push((connect_timeout, client.clone()));
        Ok(client)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that builds HTTP clients")]
fn build(user_agent: &str, connect_timeout: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .user_agent(user_agent)
        .connect_timeout(connect_timeout)
        // Without it one stream event in a hundred waits 40 ms for an acknowledgement.
        .tcp_nodelay(true)
        // A redirect would carry the key to another host.
        .redirect(Policy::none())
        .referer(false)
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_keepalive(Duration::from_secs(30))
        .build()
}

/// A client for files at strangers' addresses, which `resolver` finds: it keeps no connections,
/// and no proxy looks the addresses up in its stead.
#[expect(clippy::disallowed_methods, reason = "this is the one place that builds HTTP clients")]
pub(super) fn fetching_client(
    user_agent: &str,
    resolver: impl Resolve + 'static,
) -> reqwest::Result<Client> {
    Client::builder()
        .user_agent(user_agent)
        .dns_resolver(resolver)
        .no_proxy()
        // Each step of a redirect is looked at like the first.
        .redirect(Policy::none())
        .referer(false)
        .pool_max_idle_per_host(0)
        .build()
}
