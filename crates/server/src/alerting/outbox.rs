//! Emptying the outbox: every notice is sent until its channel takes it, or for a working day.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tollgate_domain::alert::Delivery;
use tollgate_store::StoreResult;
use tollgate_store::alerts::deliveries::DueNotice;

use super::channel::Channel;
use super::notice::Notice;
use crate::app::App;

/// The most notices that one channel is sent in one round, so that a round ends.
const MAX_OF_CHANNEL: u32 = 20;
/// After how long another instance may send what this one claimed: longer than any sending takes.
const CLAIM: TimeDelta = TimeDelta::minutes(2);
/// How long after each failure a notice is sent again; after the last one it is given up.
const PAUSES: [Duration; 8] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(2 * 3_600),
    Duration::from_secs(4 * 3_600),
];
/// The longest that a receiver may put a notice off.
const LONGEST_PUT_OFF: Duration = Duration::from_secs(3_600);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Notices that were taken.
    pub delivered: usize,
    /// Notices that were not, and are sent again.
    pub put_off: usize,
    /// Notices that are given up.
    pub given_up: usize,
}

impl Round {
    fn add(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.put_off += other.put_off;
        self.given_up += other.given_up;
    }
}

/// Sends what is due at `now`, each channel's in its order and all channels at once.
///
/// # Errors
/// Those of the database; what a channel does not take is in its row.
pub async fn deliver(app: &App, now: DateTime<Utc>) -> StoreResult<Round> {
    let channels = app.store.alerts().due_channels(now).await?;
    let mut round = Round::default();
    for outcome in join_all(channels.iter().map(|name| deliver_to(app, name, now))).await {
        round.add(outcome?);
    }
    Ok(round)
}

/// Sends a channel its notices until one is not taken: the rest would fare no better now.
async fn deliver_to(app: &App, name: &str, now: DateTime<Utc>) -> StoreResult<Round> {
    let settings = app.store.settings().load().await?.alerts;
    let channel = Channel::find(&app.store, &settings, name);
    let mut round = Round::default();
    for due in app.store.alerts().due(name, now, MAX_OF_CHANNEL).await? {
        let delivery = due.delivery.clone();
        if !app.store.alerts().claim(&delivery, now + CLAIM, now).await? {
            continue;
        }
        match attempt(app, &channel, due, now).await {
            Ok(()) => {
                app.store.alerts().delivered(&delivery, now).await?;
                round.delivered += 1;
            }
            Err(Refused { why, again }) => {
                tell_failure(&delivery, &why, again);
                app.store.alerts().refused(&delivery, &why, again, now).await?;
                match again {
                    None => round.given_up += 1,
                    Some(_) => {
                        round.put_off += 1;
                        break;
                    }
                }
            }
        }
    }
    Ok(round)
}

/// Why a notice was not taken, and when it is sent again.
struct Refused {
    why: String,
    again: Option<DateTime<Utc>>,
}

async fn attempt(
    app: &App,
    channel: &StoreResult<Option<Channel>>,
    due: DueNotice,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let delivery = due.delivery.clone();
    let (why, retry_after) = match channel {
        Ok(Some(channel)) => match channel.send(&app.poster, &Notice::of(due), now).await {
            Ok(_) => return Ok(()),
            Err(error) => (error.message, error.retry_after),
        },
        Ok(None) => {
            let why = "there is no such channel any more, or it is switched off".to_owned();
            return Err(Refused { why, again: None });
        }
        Err(error) => (error.to_string(), None),
    };
    Err(Refused { why, again: again_at(&delivery, retry_after, now) })
}

/// When a notice that was not taken this time is sent again, if it is.
fn again_at(
    delivery: &Delivery,
    retry_after: Option<Duration>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let pause = *PAUSES.get(usize::try_from(delivery.attempts).ok()?)?;
    let pause = pause.max(retry_after.unwrap_or_default().min(LONGEST_PUT_OFF));
    TimeDelta::from_std(pause).ok().map(|pause| now + pause)
}

fn tell_failure(delivery: &Delivery, why: &str, again: Option<DateTime<Utc>>) {
    let (channel, alert) = (&delivery.channel, delivery.alert_id);
    match again {
        Some(_) if delivery.attempts == 0 => {
            tracing::warn!("The channel `{channel}` did not take a notice of alert {alert}: {why}");
        }
        Some(_) => {}
        None => {
            tracing::error!("The channel `{channel}` was never told of alert {alert}: {why}");
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::AlertId;
    use tollgate_domain::alert::{AlertEvent, DeliveryState};

    use super::*;

    #[test]
    fn pauses_grow_and_end_and_a_receiver_may_ask_for_longer_ones() {
        let now = DateTime::UNIX_EPOCH;
        let pause = |attempts, retry_after| {
            let delivery = Delivery {
                id: 1,
                alert_id: AlertId::new(1),
                event: AlertEvent::Fired,
                channel: "ops".to_owned(),
                state: DeliveryState::Pending,
                attempts,
                next_attempt_at: now,
                last_error: None,
                delivered_at: None,
            };
            again_at(&delivery, retry_after, now).map(|at| (at - now).num_seconds())
        };

        let pauses: Vec<_> = (0..9).map(|attempts| pause(attempts, None)).collect();
        let seconds = [10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400].map(Some);
        assert_eq!(pauses[..8], seconds);
        assert_eq!(pauses[8], None);
        assert_eq!(pause(0, Some(Duration::from_secs(90))), Some(90));
        assert_eq!(pause(0, Some(Duration::from_secs(9_999_999))), Some(3_600));
        assert_eq!(pause(2, Some(Duration::from_secs(1))), Some(120));
    }
}
