//! The program itself at the moment of a scrape: its version, its database.

use std::time::Duration;

use prometheus::Registry;
use tollgate_gateway::Engine;
use tollgate_store::Connections;

use super::gauges::Gauges;

/// Fills `registry` with how the program stands.
///
/// # Errors
/// Fails only when a family has no good name, that is, never.
pub(super) fn gather(
    engine: &Engine,
    connections: Connections,
    uptime: Duration,
    registry: &Registry,
) -> prometheus::Result<()> {
    let family =
        |name: &str, help: &str, labels: &[&str]| Gauges::new(registry, name, help, labels);
    family("aiproxy_build_info", "1, with the version that runs.", &["version"])?
        .flag(&[env!("CARGO_PKG_VERSION")], true);
    family("aiproxy_uptime_seconds", "Seconds since the program started.", &[])?
        .set(&[], uptime.as_secs_f64());
    family("aiproxy_ready", "1 where calls can be served, else 0.", &[])?
        .flag(&[], engine.is_ready());
    family(
        "aiproxy_database_up",
        "1 where the database answered when it was last asked, else 0.",
        &[],
    )?
    .flag(&[], engine.is_database_up());
    let by_state = family(
        "aiproxy_database_connections",
        "Connections to the database that are open.",
        &["state"],
    )?;
    by_state.count(&["in_use"], connections.in_use.into());
    by_state.count(&["idle"], connections.idle.into());
    family("aiproxy_database_connections_max", "The most connections to the database.", &[])?
        .count(&[], connections.max.into());
    Ok(())
}
