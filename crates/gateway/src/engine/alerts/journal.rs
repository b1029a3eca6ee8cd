//! This instance's journal: records that wait too long for the database, and records that are lost.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_domain::channel::AlertThresholds;
use tollgate_store::alerts::Scope;
use tollgate_store::{StoreError, StoreResult};

use crate::engine::{Core, Engine};
use crate::journal::JournalStats;

/// How long records were not lost for the alert to be over.
const NO_LOSS: TimeDelta = TimeDelta::minutes(15);
/// How full the journal is, in percent, when it is about to refuse calls.
const NEARLY_FULL: u64 = 90;

/// How often it is looked at.
const INTERVAL: Duration = Duration::from_secs(10);

/// What was lost when this was looked at before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Losses {
    /// Records lost since the start.
    known: u64,
    /// When there was last one more.
    grew_at: Option<DateTime<Utc>>,
}

impl Losses {
    /// Whether records were lost lately, where so many are lost now.
    fn are_recent(&mut self, lost: u64, now: DateTime<Utc>) -> bool {
        if lost > self.known {
            *self = Self { known: lost, grew_at: Some(now) };
        }
        self.grew_at.is_some_and(|at| now - at < NO_LOSS)
    }
}

/// The journal of this instance, and what was lost of it, for as long as the instance runs.
#[derive(Debug)]
pub(in crate::engine) struct JournalWatch {
    /// The journal's id.
    name: String,
    /// Held while alerts are settled, so that of two looks the later one has the last word.
    losses: Mutex<Losses>,
}

impl JournalWatch {
    /// A watch over the journal with the id `name`.
    pub(in crate::engine) fn new(name: String) -> Self {
        Self { name, losses: Mutex::default() }
    }

    /// Fires and resolves the alerts of the journal as it stands.
    async fn tend(&self, core: &Core) -> StoreResult<()> {
        let mut losses = self.losses.lock().await;
        let (now, stats) = (core.clock.now(), core.records.stats());
        let thresholds = core.keeper.current().settings.alerts.thresholds;
        let journal = AlertCondition::Journal(self.name.clone());
        let dropped = AlertCondition::Dropped(self.name.clone());
        let behind: Vec<_> = backlog(&journal, &stats, &thresholds, now).into_iter().collect();
        let is_losing = losses.are_recent(stats.dropped + stats.rejected, now);
        let lost: Vec<_> = is_losing.then(|| loss(&dropped, &stats, now)).into_iter().collect();
        core.store.alerts().settle(Scope::Only(&journal), &behind, now).await?;
        core.store.alerts().settle(Scope::Only(&dropped), &lost, now).await
    }
}

impl Engine {
    /// Fires and resolves the alerts of this instance's journal as it stands now, as the engine
    /// itself does every ten seconds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check_journal(&self) -> Result<(), StoreError> {
        self.journal_watch.tend(&self.core).await
    }
}

/// Tells of this instance's journal for as long as it runs. While the database is away nothing can
/// be told; the metrics tell of the journal then.
pub(in crate::engine) async fn keep(core: Arc<Core>, watch: Arc<JournalWatch>) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = watch.tend(&core).await {
            tracing::debug!("Alerts of the journal stay as they are: {error}");
        }
    }
}

/// What is wrong with a journal that stands like this.
fn backlog(
    condition: &AlertCondition,
    stats: &JournalStats,
    thresholds: &AlertThresholds,
    now: DateTime<Utc>,
) -> Option<Condition> {
    let percent = stats.backlog_bytes.saturating_mul(100) / stats.max_bytes.max(1);
    let age = stats.oldest_at.map_or(0, |oldest| (now - oldest).num_seconds().max(0));
    let is_long = percent >= u64::from(thresholds.journal_percent);
    let is_old = age >= i64::from(thresholds.journal_age_seconds);
    let is_full = stats.is_full || percent >= NEARLY_FULL || !stats.is_writable;
    if !(is_long || is_old || is_full) {
        return None;
    }
    Some(Condition {
        condition: condition.clone(),
        kind: AlertKind::JournalBacklog,
        level: if is_full { AlertLevel::Critical } else { AlertLevel::Warning },
        subject: format!("journal of {}", name_of(condition)),
        message: format!(
            "{} records of calls are not in the database yet: they fill {percent} % of the \
             journal, and the oldest waits since {age} s{}",
            stats.backlog_records,
            why(stats)
        ),
        payload: told(condition, now, figures(stats)),
    })
}

const fn why(stats: &JournalStats) -> &'static str {
    match (stats.is_writable, stats.is_shipping) {
        (false, _) => "; the disk takes nothing more",
        (true, false) => "; the database takes none of them",
        (true, true) => "",
    }
}

fn figures(stats: &JournalStats) -> Value {
    json!({
        "backlogBytes": stats.backlog_bytes,
        "maxBytes": stats.max_bytes,
        "backlogRecords": stats.backlog_records,
        "oldestAt": stats.oldest_at.map(stamp),
        "isFull": stats.is_full,
        "isWritable": stats.is_writable,
        "isShipping": stats.is_shipping,
    })
}

fn loss(condition: &AlertCondition, stats: &JournalStats, now: DateTime<Utc>) -> Condition {
    let JournalStats { dropped, rejected, .. } = stats;
    Condition {
        condition: condition.clone(),
        kind: AlertKind::RecordsDropped,
        level: AlertLevel::Critical,
        subject: format!("journal of {}", name_of(condition)),
        message: format!(
            "records of calls are missing in the database: since the start {dropped} found no room \
             in the journal, and {rejected} were refused by the database"
        ),
        payload: told(condition, now, json!({"dropped": dropped, "rejected": rejected})),
    }
}

/// The figures, with whose they are and when they were last known, so that those of an instance
/// that is gone are seen to be old.
fn told(condition: &AlertCondition, now: DateTime<Utc>, mut figures: Value) -> Value {
    let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    figures["journal"] = json!(name_of(condition));
    figures["asOf"] = json!(stamp(minute));
    figures
}

fn name_of(condition: &AlertCondition) -> &str {
    match condition {
        AlertCondition::Journal(name) | AlertCondition::Dropped(name) => name,
        _ => "",
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn stats() -> JournalStats {
        JournalStats {
            backlog_bytes: 0,
            backlog_records: 0,
            oldest_at: None,
            used_bytes: 0,
            max_bytes: 1_000,
            dropped: 0,
            rejected: 0,
            is_full: false,
            is_writable: true,
            is_shipping: true,
        }
    }

    fn level(stats: &JournalStats) -> Option<AlertLevel> {
        let condition = AlertCondition::Journal("ab12".to_owned());
        backlog(&condition, stats, &AlertThresholds::default(), NOW).map(|it| it.level)
    }

    #[test]
    fn a_backlog_is_told_by_its_share_of_the_journal_and_by_its_age() {
        let ago = |seconds| Some(NOW - TimeDelta::seconds(seconds));
        let (warning, critical) = (Some(AlertLevel::Warning), Some(AlertLevel::Critical));
        let cases = [
            (stats(), None),
            (JournalStats { backlog_bytes: 499, oldest_at: ago(299), ..stats() }, None),
            (JournalStats { backlog_bytes: 500, ..stats() }, warning),
            (JournalStats { backlog_bytes: 1, oldest_at: ago(300), ..stats() }, warning),
            (JournalStats { backlog_bytes: 900, ..stats() }, critical),
            (JournalStats { is_full: true, ..stats() }, critical),
            (JournalStats { is_writable: false, ..stats() }, critical),
        ];
        for (stats, expected) in cases {
            assert_eq!(level(&stats), expected, "{stats:?}");
        }
    }

    #[test]
    fn a_backlog_says_how_much_waits_and_why() {
        let waiting = JournalStats {
            backlog_bytes: 620,
            backlog_records: 31,
            oldest_at: Some(NOW - TimeDelta::seconds(400)),
            is_shipping: false,
            ..stats()
        };
        let condition = AlertCondition::Journal("ab12".to_owned());

        let told = backlog(&condition, &waiting, &AlertThresholds::default(), NOW).unwrap();

        assert_eq!(
            told.message,
            "31 records of calls are not in the database yet: they fill 62 % of the journal, and \
             the oldest waits since 400 s; the database takes none of them"
        );
        assert_eq!(
            (told.subject.as_str(), &told.payload["journal"]),
            ("journal of ab12", &json!("ab12"))
        );
    }

    #[test]
    fn a_loss_is_told_until_none_has_come_for_a_while() {
        let mut losses = Losses::default();
        let at = |minutes| NOW + TimeDelta::minutes(minutes);

        assert!(!losses.are_recent(0, at(0)));
        assert!(losses.are_recent(2, at(1)));
        assert!(losses.are_recent(2, at(15)));
        assert!(losses.are_recent(3, at(15)), "it goes on");
        assert!(losses.are_recent(3, at(29)));
        assert!(!losses.are_recent(3, at(30)));
        assert!(losses.are_recent(4, at(31)), "and begins anew");
    }
}
