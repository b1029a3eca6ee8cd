//! The `tollgate-simulator` program.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;
use tollgate_domain::{Clock, SystemClock};

use tollgate_simulator::history::{self, HistoryOptions};
use tollgate_simulator::{Behaviour, Simulator, SimulatorConfig, help};

/// A pretend AI provider: speaks OpenAI's, Anthropic's and Gemini's protocols over HTTP, any key will do, costs
/// nothing.
#[derive(Debug, Parser)]
#[command(after_help = help(), args_conflicts_with_subcommands = true)]
struct Flags {
    #[command(subcommand)]
    command: Option<Command>,
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

#[derive(Debug, Subcommand)]
enum Command {
    /// Fill a database of Tollgate's with a made-up past: months of calls with their errors and costs.
    History(HistoryFlags),
}

#[derive(Debug, Args)]
struct HistoryFlags {
    /// The database, which `tollgate migrate` has prepared: mysql://user:password@host:3306/name or
    /// sqlite://path.
    #[arg(long)]
    database_url: String,
    /// Rows of calls to write, one for each attempt.
    #[arg(long)]
    rows: u64,
    /// Days to spread them over.
    #[arg(long, required_unless_present = "hours", value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: Option<u32>,
    /// Hours to spread them over, instead of days.
    #[arg(long, conflicts_with = "days", value_parser = clap::value_parser!(u32).range(1..=87600))]
    hours: Option<u32>,
    /// What chance begins with: the same seed and end make the same calls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The end of the history, in RFC 3339; now, unless it is given.
    #[arg(long)]
    until: Option<DateTime<Utc>>,
    /// Add to the calls on record instead of refusing a database that has some.
    #[arg(long)]
    append: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    match flags.command {
        Some(Command::History(flags)) => make_history(flags).await,
        None => serve(flags).await,
    }
}

async fn make_history(flags: HistoryFlags) -> anyhow::Result<()> {
    let hours = flags.hours.or(flags.days.map(|days| days * 24)).unwrap_or(1);
    let options = HistoryOptions {
        database_url: flags.database_url,
        rows: flags.rows,
        span: TimeDelta::hours(hours.into()),
        until: flags.until.unwrap_or_else(|| SystemClock.now()),
        seed: flags.seed,
        append: flags.append,
    };
    let started = Instant::now();
    let progress = |rows: u64| {
        if rows.is_multiple_of(100_000) {
            let _ = writeln!(std::io::stderr(), "{rows} of {} rows", options.rows);
        }
    };
    let report = history::fill(&options, progress).await?;
    let seconds = started.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{} rows of {} calls from {} to {} in {seconds:.0} s, the slowest transaction in {} ms",
        report.rows,
        report.calls,
        (options.until - options.span).format("%F %H:%M"),
        options.until.format("%F %H:%M"),
        report.slowest.as_millis(),
    )?;
    Ok(())
}

async fn serve(flags: Flags) -> anyhow::Result<()> {
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
