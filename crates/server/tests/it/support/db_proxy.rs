//! A TCP proxy in front of a database server, which can cut every connection and refuse new ones.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// A way to a database server that can be taken away.
pub(crate) struct DbProxy {
    server: String,
    address: SocketAddr,
    relay: Option<Relay>,
}

/// What listens and relays, while the way is open.
struct Relay {
    _tasks: JoinSet<()>,
    stop: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
}

impl DbProxy {
    /// A proxy before the server that `url` names, open.
    pub(crate) async fn before(url: &str) -> Self {
        let (_, rest) = url.split_once("://").unwrap();
        let authority = rest.split('/').next().unwrap();
        let server = authority.rsplit('@').next().unwrap();
        let server =
            if server.contains(':') { server.to_owned() } else { format!("{server}:3306") };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let relay = Some(Relay::start(listener, server.clone()));
        Self { server, address, relay }
    }

    /// `url`, by way of this proxy.
    pub(crate) fn url(&self, url: &str) -> String {
        let authority = url.split_once("://").unwrap().1.split('/').next().unwrap();
        let host = authority.rsplit('@').next().unwrap();
        url.replacen(host, &self.address.to_string(), 1)
    }

    /// Breaks every connection and refuses new ones, as a server that is killed.
    pub(crate) async fn cut(&mut self) {
        let Some(relay) = self.relay.take() else { return };
        relay.stop.send(()).ok();
        relay.stopped.await.ok();
    }

    /// Lets connections through again.
    pub(crate) async fn restore(&mut self) {
        if self.relay.is_none() {
            let listener = TcpListener::bind(self.address).await.unwrap();
            self.relay = Some(Relay::start(listener, self.server.clone()));
        }
    }
}

impl Relay {
    fn start(listener: TcpListener, server: String) -> Self {
        let (stop, is_stopped) = oneshot::channel();
        let (done, stopped) = oneshot::channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            tokio::select! {
                () = accept(listener, server) => {}
                _ = is_stopped => {}
            }
            // The listener and every connection are gone by now.
            done.send(()).ok();
        });
        Self { _tasks: tasks, stop, stopped }
    }
}

async fn accept(listener: TcpListener, server: String) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (mut near, _) = accepted.unwrap();
                let server = server.clone();
                connections.spawn(async move {
                    let Ok(mut far) = TcpStream::connect(server).await else { return };
                    copy_bidirectional(&mut near, &mut far).await.ok();
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
