//! What a simulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::behaviour::Behaviour;

/// How a simulator is started; the default suits a test.
#[derive(Debug, Clone)]
pub struct SimulatorConfig {
    /// Where it listens; port 0 takes a free port.
    pub address: SocketAddr,
    /// What a call gets when neither its key nor its model asks for something else.
    pub behaviour: Behaviour,
    /// What `GET /models` lists.
    pub models: Vec<String>,
    /// Whether models outside [`models`](Self::models) are refused with 404; otherwise any name is taken.
    pub only_listed_models: bool,
    /// Which fields a request may have.
    pub fields: Fields,
    /// How many calls are remembered; the oldest are forgotten first.
    pub kept_calls: usize,
    /// How long the `wait_for_…` functions wait before they panic. In a test with a paused clock this
    /// is virtual time, so give more than the longest timer of the code under test.
    pub patience: Duration,
    /// The `created` of every answer, in Unix seconds: a constant, so that answers repeat.
    pub created: i64,
}

/// Which top-level fields of a request are accepted; any other is answered with 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// Those of OpenAI alone.
    OpenAi,
    /// Those of OpenAI and the usual extras of OpenAI-compatible providers.
    Compatible,
    /// All of them.
    Any,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        const MODELS: [&str; 6] =
            ["sim-chat", "sim-fast", "sim-slow", "sim-reason", "sim-vision", "sim-embed"];
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            behaviour: Behaviour::default(),
            models: MODELS.map(String::from).to_vec(),
            only_listed_models: false,
            fields: Fields::Compatible,
            kept_calls: 10_000,
            patience: Duration::from_secs(10),
            created: 1_767_225_600,
        }
    }
}
