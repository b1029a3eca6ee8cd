//! Where Tollgate listens, and what it takes in.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::file::FileConfig;
use super::flags::Flags;
use super::source::{Source, Variable};

const HOST: Variable =
    Variable::plain("HOST", "127.0.0.1 in embedded mode, else 0.0.0.0", "address to listen on");
const PORT: Variable = Variable::plain("PORT", "3000", "port to listen on");
const TRUSTED_PROXIES: Variable = Variable::plain(
    "TRUSTED_PROXIES",
    "none",
    "addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For is believed, separated by commas",
);
const MAX_BODY_BYTES: Variable =
    Variable::plain("MAX_BODY_BYTES", "33554432", "the longest request body, in bytes");
const SHUTDOWN_TIMEOUT_SECONDS: Variable = Variable::plain(
    "SHUTDOWN_TIMEOUT_SECONDS",
    "15",
    "seconds that open streams have to end at shutdown",
);
const WEB_DIR: Variable = Variable::plain(
    "WEB_DIR",
    "the pages in the binary",
    "folder with a build of the pages (web/dist) to serve instead, for those who work on them",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] =
    &[HOST, PORT, TRUSTED_PROXIES, MAX_BODY_BYTES, SHUTDOWN_TIMEOUT_SECONDS, WEB_DIR];

/// Where Tollgate listens, and what it takes in.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// `HOST`: the address to listen on. Default 127.0.0.1 in embedded mode, else 0.0.0.0.
    pub host: String,
    /// `PORT`: the port to listen on; 0 is any free one. Default 3000.
    pub port: u16,
    /// `TRUSTED_PROXIES`: whose forwarded addresses are believed. Default none.
    pub trusted_proxies: Vec<IpNet>,
    /// `MAX_BODY_BYTES`: the longest request body. Default 32 MiB.
    pub max_body_bytes: usize,
    /// `SHUTDOWN_TIMEOUT_SECONDS`: the time for open streams to end. Default 15.
    pub shutdown_timeout: Duration,
    /// `WEB_DIR`: a build of the pages to serve instead of the one in the binary. Default none.
    pub web_dir: Option<PathBuf>,
    is_host_set: bool,
}

impl ServerConfig {
    pub(super) fn read(source: &mut Source, file: &FileConfig, flags: &Flags) -> Self {
        let host = source.text(&HOST).or_else(|| file.host.clone());
        let port = source.number(&PORT, 0, u16::MAX);
        Self {
            is_host_set: host.is_some(),
            host: host.unwrap_or_else(|| "0.0.0.0".to_owned()),
            port: flags.port.or(port).or(file.port).unwrap_or(3000),
            trusted_proxies: proxies(source),
            max_body_bytes: source
                .number(&MAX_BODY_BYTES, 1024, 1 << 30)
                .unwrap_or(32 * 1024 * 1024),
            shutdown_timeout: Duration::from_secs(
                source.number(&SHUTDOWN_TIMEOUT_SECONDS, 0, 3600).unwrap_or(15),
            ),
            web_dir: source.text(&WEB_DIR).map(PathBuf::from),
        }
    }

    /// Nothing insecure listens to the world by default.
    pub(super) fn for_mode(mut self, is_embedded: bool) -> Self {
        if is_embedded && !self.is_host_set {
            "127.0.0.1".clone_into(&mut self.host);
        }
        self
    }
}

fn proxies(source: &mut Source) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for text in source.list(&TRUSTED_PROXIES).unwrap_or_default() {
        let network =
            text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        match network {
            Some(network) => networks.push(network),
            None => {
                source.wrong(&TRUSTED_PROXIES, &text, "addresses or networks such as 10.0.0.0/8")
            }
        }
    }
    networks
}
