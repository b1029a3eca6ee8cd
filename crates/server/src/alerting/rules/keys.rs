//! Keys that are not in `normal`.

use chrono::{DateTime, Utc};

use crate::app::App;

/// Has the engine hold the alerts of keys against the database. It does so by itself, when a key's
/// state changes and every few seconds; this run is the sure one, and its result is in the status.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    Ok(match app.engine.check_keys(now).await? {
        0 => "every active key is normal".to_owned(),
        1 => "1 active key is not normal".to_owned(),
        count => format!("{count} active keys are not normal"),
    })
}
