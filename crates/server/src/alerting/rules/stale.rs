//! Alerts that nothing but time ends.

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::alert::AlertKind;

use crate::app::App;

/// Which alerts are over when nobody has told of them for how long: a call that cost too much is a
/// single event; an instance that is gone tells nothing of its journal any more, and what it left
/// is shipped when it comes back.
const LASTING: [(AlertKind, TimeDelta); 3] = [
    (AlertKind::CostAboveBound, TimeDelta::hours(1)),
    (AlertKind::JournalBacklog, TimeDelta::days(1)),
    (AlertKind::RecordsDropped, TimeDelta::days(1)),
];

/// Resolves them.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    let mut resolved = 0;
    for (kind, lasting) in LASTING {
        resolved += app.store.alerts().resolve_untold(kind, now - lasting, now).await?;
    }
    Ok(format!("{resolved} alerts are over"))
}
