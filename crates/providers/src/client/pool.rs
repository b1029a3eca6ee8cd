//! The clients that requests to providers go out by: the connect timeout belongs to a client, so
//! there is one for each.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::address::Resolver;
use super::connect::Connector;
use super::exchange::Exchange;
use super::tls::Tls;

/// The most clients that are kept; providers seldom differ in their connect timeout.
const MAX_CLIENTS: usize = 8;

#[derive(Debug)]
pub(super) struct Pool {
    user_agent: String,
    tls: Tls,
    clients: Mutex<Vec<(Duration, Arc<Exchange>)>>,
}

impl Pool {
    pub(super) fn new(user_agent: String, tls: Tls) -> Self {
        Self { user_agent, tls, clients: Mutex::default() }
    }

    /// The client with that connect timeout; the oldest one goes when there are too many.
    pub(super) fn client(&self, connect_timeout: Duration) -> Arc<Exchange> {
        let mut clients = self.clients.lock();
        if let Some((_, client)) = clients.iter().find(|(timeout, _)| *timeout == connect_timeout) {
            return Arc::clone(client);
        }
        let connector = Connector::new(Resolver::anywhere(), self.tls.clone());
        let connector = connector.with_proxies().within(connect_timeout);
        let client = Arc::new(Exchange::new(&self.user_agent, connector));
        if clients.len() == MAX_CLIENTS {
            clients.remove(0);
        }
        clients.push((connect_timeout, Arc::clone(&client)));
        client
    }
}

/// A client for strangers' addresses, which `resolver` finds: it keeps no connections, and no proxy
/// looks the addresses up in its stead.
pub(super) fn fetching_client(user_agent: &str, resolver: Resolver, tls: Tls) -> Exchange {
    Exchange::keeping_none(user_agent, Connector::new(resolver, tls))
}
