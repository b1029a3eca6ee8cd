//! The `tollgate-simulator` program.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use tollgate_simulator::{Behaviour, Simulator, SimulatorConfig, help};

/// A pretend AI provider: speaks OpenAI's, Anthropic's and Gemini's protocols over HTTP, any key will do, costs
/// nothing.
#[derive(Debug, Parser)]
#[command(after_help = help())]
struct Flags {
    /// The address to listen at.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The port to listen at; 0 takes a free one.
    #[arg(long, default_value_t = 3999)]
    port: u16,
    /// Milliseconds before an answer begins, unless the key or the model says otherwise.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Speed of an answer, unless the key or the model says otherwise. Without it, all at once.
    #[arg(long)]
    tokens_per_second: Option<f64>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    let address = SocketAddr::from((flags.host, flags.port));
    let behaviour = Behaviour {
        latency: Some(Duration::from_millis(flags.latency_ms)),
        tokens_per_second: flags.tokens_per_second,
        ..Behaviour::default()
    };
    // Nobody can ask this process what arrived, so nothing is kept.
    let config =
        SimulatorConfig { address, behaviour, kept_calls: 0, ..SimulatorConfig::default() };
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let simulator =
        Simulator::start(config).await.with_context(|| format!("cannot listen at {address}"))?;
    writeln!(std::io::stdout(), "Simulator listening at {}", simulator.base_url())?;
    let stop = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    simulator.run_until(stop).await.context("the simulator failed")
}
