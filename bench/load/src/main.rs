//! The load and the pretend provider of `make bench`, as light as they can be made: they share the
//! machine's processors with what they measure. So both write prepared bytes to sockets and read no
//! more of HTTP/1.1 than the answers of nginx and Tollgate need.
//!
//! Each load prints one line of JSON. `hold` prints one more while all of its streams are open, so
//! that somebody may look at memory then.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Parser};

use crate::report::Report;
use crate::target::Target;

mod closed;
mod exchange;
mod hold;
mod open;
mod reply;
mod report;
mod target;
mod upstream;
mod watch;

/// Loads an endpoint that speaks OpenAI's format, and plays the provider behind it.
#[derive(Debug, Parser)]
enum Command {
    /// Callers that ask again as soon as they are answered.
    Closed {
        #[command(flatten)]
        target: TargetFlags,
        /// How many callers, each on a connection of its own.
        #[arg(long)]
        connections: usize,
        /// Seconds after which no further request is sent.
        #[arg(long)]
        seconds: f64,
    },
    /// Requests at a fixed rate, whatever becomes of the ones before; latency counts from when each was due.
    Open {
        #[command(flatten)]
        target: TargetFlags,
        /// Requests a second.
        #[arg(long)]
        rate: f64,
        /// Seconds during which requests are due.
        #[arg(long)]
        seconds: f64,
    },
    /// Streams that are open at the same time, each asked for once.
    Hold {
        #[command(flatten)]
        target: TargetFlags,
        /// How many streams.
        #[arg(long)]
        streams: usize,
        /// Seconds over which they are opened.
        #[arg(long)]
        over_seconds: f64,
    },
    /// A provider that takes its time.
    Upstream(upstream::Flags),
}

#[derive(Debug, Args)]
struct TargetFlags {
    /// http://ADDRESS:PORT/PATH; the address is a number.
    #[arg(long)]
    url: String,
    /// The file with the body of each request.
    #[arg(long)]
    body: PathBuf,
    /// Sent as bearer.
    #[arg(long)]
    token: Option<String>,
    /// The answers are streams: they are to end with `[DONE]`.
    #[arg(long)]
    stream: bool,
}

impl TargetFlags {
    fn read(&self) -> anyhow::Result<Target> {
        let body = std::fs::read(&self.body)
            .with_context(|| format!("--body {} cannot be read", self.body.display()))?;
        Target::new(&self.url, &body, self.token.as_deref(), self.stream)
    }
}

fn main() -> anyhow::Result<()> {
    let report = match Command::parse() {
        Command::Upstream(flags) => return on_one_thread()?.block_on(upstream::serve(flags)),
        Command::Closed { target, connections, seconds } => {
            let seconds = Duration::try_from_secs_f64(seconds)?;
            on_one_thread()?.block_on(closed::run(target.read()?, connections, seconds))
        }
        Command::Hold { target, streams, over_seconds } => {
            let over = Duration::try_from_secs_f64(over_seconds)?;
            on_one_thread()?.block_on(hold::run(target.read()?, streams, over))
        }
        Command::Open { target, rate, seconds } => open::run(&target.read()?, rate, seconds),
    };
    print(&report)
}

/// One thread makes more requests than two processors can answer, and leaves the other to them.
fn on_one_thread() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn print(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, report)?;
    Ok(writeln!(out)?)
}
