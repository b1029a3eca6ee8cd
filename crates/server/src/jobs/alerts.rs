//! Looking for what is wrong, and telling channels of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Job, JobContext, JobOutcome};
use crate::alerting::{outbox, rules};

/// After how long another instance takes over what a killed one had begun.
const LEASE: Duration = Duration::from_secs(60);

macro_rules! jobs {
    ($($(#[$doc:meta])* $constant:ident: $name:literal, $schedule:literal, $check:path;)+) => {$(
        $(#[$doc])*
        pub(super) const $constant: Job = Job {
            name: $name,
            schedule: $schedule,
            lease: LEASE,
            starts_at_once: true,
            run: |context, now| async move { $check(&context.app, now).await }.boxed(),
        };
    )+};
}

jobs! {
    /// The error rate of the last five minutes.
    ERROR_RATE: "alert-error-rate", "0 */5 * * * *", rules::error_rate;
    /// Keys that are not in `normal`.
    KEYS: "alert-keys", "0 */30 * * * *", rules::keys;
    /// Budgets of app tokens.
    BUDGETS: "alert-budgets", "15 * * * * *", rules::budgets;
    /// Models that answer without a price.
    UNPRICED: "alert-unpriced", "30 */5 * * * *", rules::unpriced;
    /// Models that are about to be shut down.
    SHUTDOWN: "alert-shutdown", "0 20 * * * *", rules::shutdown;
    /// Alerts that only time ends.
    STALE: "alert-stale", "45 */5 * * * *", rules::stale;
}

/// Sends what channels are to be told.
pub(super) const DELIVERIES: Job = Job {
    name: "alert-deliveries",
    schedule: "*/10 * * * * *",
    lease: LEASE,
    starts_at_once: true,
    run: deliver,
};

fn deliver(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let round = outbox::deliver(&context.app, now).await?;
        let outbox::Round { delivered, put_off, given_up } = round;
        Ok(format!("{delivered} delivered, {put_off} put off, {given_up} given up"))
    }
    .boxed()
}
