//! How this instance tells the others that it is there.

use std::sync::LazyLock;

use chrono::TimeDelta;
use tollgate_store::StoreResult;
use tollgate_store::instances::Instance;

use crate::app::App;

/// The machine's name; in a container, the container's.
static MACHINE: LazyLock<String> = LazyLock::new(|| {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
});

/// After how long a silent instance is believed to be gone: it speaks four times in between.
pub(crate) const SILENT_FOR: TimeDelta = TimeDelta::seconds(60);

/// This instance as it is now.
pub(crate) fn this(app: &App) -> Instance {
    let now = app.clock.now();
    let up = TimeDelta::from_std(app.started.elapsed()).unwrap_or_default();
    Instance {
        instance: app.engine.instance().to_owned(),
        address: format!("{}:{}", *MACHINE, app.config.server.port),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: now - up,
        seen_at: now,
        backlog_records: i64::try_from(app.engine.journal().backlog_records).unwrap_or(i64::MAX),
    }
}

/// Tells the others that this instance is there.
///
/// # Errors
/// Those of the database.
pub async fn tell(app: &App) -> StoreResult<()> {
    app.store.instances().note(&this(app)).await
}

/// Tells the others that this instance stops. Where the database is away, they find it silent.
pub async fn leave(app: &App) {
    if let Err(error) = app.store.instances().remove(app.engine.instance()).await {
        tracing::warn!("The other instances are not told that this one stops: {error}");
    }
}
