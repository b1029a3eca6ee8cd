//! What operators are told of: a file for each rule.
//!
//! Each is a function of `now` that fires and resolves the alerts it speaks for and says, for the
//! status of its job, what it found.

mod budgets;
mod error_rate;
mod keys;
mod shutdown;
mod stale;
mod unpriced;

use tollgate_domain::channel::AlertThresholds;

pub use budgets::check as budgets;
pub use error_rate::check as error_rate;
pub use keys::check as keys;
pub use shutdown::check as shutdown;
pub use stale::check as stale;
pub use unpriced::check as unpriced;

use crate::app::App;

/// The thresholds as the database has them, so that a rule does not wait for this instance to hear
/// of a change.
async fn thresholds(app: &App) -> anyhow::Result<AlertThresholds> {
    Ok(app.store.settings().load().await?.alerts.thresholds)
}
