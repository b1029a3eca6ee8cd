//! Logs, on stderr.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogConfig;
use crate::config::log::LogFormat;

/// Our own crates, which the level is for; everything else stays at warn.
const OWN_CRATES: [&str; 5] =
    ["tollgate", "tollgate_server", "tollgate_gateway", "tollgate_providers", "tollgate_store"];

/// Sends the process's logs to stderr, and panics into them.
///
/// # Errors
/// Where logs go somewhere already.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    let subscriber = subscriber(config, std::io::stderr);
    tracing::subscriber::set_global_default(subscriber)?;
    crate::edge::panics::log_without_contents();
    Ok(())
}

/// What writes logs to `writer` as `config` says.
pub fn subscriber<W>(config: &LogConfig, writer: W) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter(config.level)).with_writer(writer);
    match config.format {
        LogFormat::Text => Box::new(builder.with_ansi(false).finish()),
        LogFormat::Json => Box::new(builder.json().flatten_event(true).finish()),
    }
}

fn filter(level: tracing::Level) -> EnvFilter {
    let own = OWN_CRATES.iter().map(|name| format!("{name}={level}"));
    let directives: Vec<String> = std::iter::once("warn".to_owned()).chain(own).collect();
    EnvFilter::new(directives.join(","))
}
