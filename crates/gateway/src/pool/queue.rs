//! Calls that wait, in turn, for a key whose limits have room again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};
use tollgate_domain::ApiKeyId;
use tollgate_domain::provider::Strategy;

use crate::error::KeyRefusal;
use crate::pool::{Ask, Moment, Picked, Pool, SkipReason};
use crate::snapshot::KeyEntry;

/// Calls that may wait for one provider; further ones are refused at once.
const MAX_WAITING: usize = 1_000;

/// The calls that wait for a provider, first come, first served.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Held by the first of them; tokio's mutex is fair.
    turn: tokio::sync::Mutex<()>,
    waiting: Mutex<VecDeque<Waiting>>,
    /// Rings when a call has ended, which may have made room.
    ended: Notify,
}

/// What a waiting call wants.
#[derive(Debug)]
struct Waiting {
    number: u64,
    model: String,
    tokens: i64,
}

/// A place in the queue, left when it is dropped.
struct Place<'q> {
    queue: &'q Queue,
    number: u64,
}

impl Queue {
    /// A call has ended.
    pub(super) fn ended(&self) {
        self.ended.notify_waiters();
    }

    fn join(&self, ask: &Ask<'_>) -> Option<Place<'_>> {
        let mut waiting = self.waiting.lock();
        if waiting.len() >= MAX_WAITING {
            return None;
        }
        let number = waiting.back().map_or(0, |last| last.number + 1);
        waiting.push_back(Waiting { number, model: ask.model.to_owned(), tokens: ask.tokens });
        Some(Place { queue: self, number })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.waiting.lock().retain(|waiting| waiting.number != self.number);
    }
}

impl Pool {
    /// Picks as [`Pool::pick`] does. A call that only limits keep from every key that could carry it
    /// waits for the earliest that will have room, when that is within `patience`; those that came
    /// before it go first. `now` tells the time after a wait. Dropping the future leaves the queue.
    pub async fn pick_in_turn(
        self: &Arc<Self>,
        keys: &[Arc<KeyEntry>],
        strategy: Strategy,
        ask: &Ask<'_>,
        patience: Duration,
        now: impl Fn() -> Moment,
    ) -> Picked {
        let pick = |now| self.pick(keys, strategy, &Ask { now, ..*ask }, |_: ApiKeyId| true);
        if patience.is_zero() {
            return pick(ask.now);
        }
        let until = ask.now.instant + patience;
        let limit = ask.now.utc_of(until);
        if !self.is_others_turn(keys, ask) {
            let picked = pick(ask.now);
            if picked.taken.is_some() || room(&picked.skipped, limit).is_none() {
                return picked;
            }
        }
        let Some(_place) = self.queue.join(ask) else { return pick(ask.now) };
        let Ok(_turn) = timeout_at(until, self.queue.turn.lock()).await else {
            return self.refused(keys, &Ask { now: now(), ..*ask });
        };
        loop {
            let ended = self.queue.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            let here = now();
            let picked = pick(here);
            if picked.taken.is_some() || here.instant >= until {
                return picked;
            }
            let Some(room) = room(&picked.skipped, limit) else { return picked };
            let next = room.at.map_or(until, |at| instant_of(at, here).min(until));
            tokio::select! {
                () = sleep_until(next) => {}
                () = ended => {}
            }
        }
    }

    /// Whether the first of the queue is about to be served, before whom nobody else may go.
    fn is_others_turn(&self, keys: &[Arc<KeyEntry>], ask: &Ask<'_>) -> bool {
        let waiting = self.queue.waiting.lock();
        let Some(first) = waiting.front() else { return false };
        let first = Ask { model: &first.model, tokens: first.tokens, ..*ask };
        self.could_carry(keys, &first)
    }

    fn refused(&self, keys: &[Arc<KeyEntry>], ask: &Ask<'_>) -> Picked {
        Picked { skipped: self.refusals(keys, ask, |_| true), ..Picked::default() }
    }
}

/// That a key will have room in time.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// When at the latest; `None` where only the end of another call can tell.
    at: Option<DateTime<Utc>>,
}

/// The earliest room within `limit` of a key that nothing but limits keeps from the call.
fn room(skipped: &[KeyRefusal], limit: DateTime<Utc>) -> Option<Room> {
    use SkipReason::{Concurrent, Rpd, Rpm, Tpm};
    let limited = skipped.iter().filter(|key| matches!(key.reason, Rpm | Tpm | Rpd | Concurrent));
    let (mut earliest, mut is_any) = (None, false);
    for key in limited {
        match key.available_at {
            Some(at) if at <= limit => earliest = Some(earliest.map_or(at, |least| at.min(least))),
            Some(_) => continue,
            None if key.reason == Concurrent => {}
            None => continue,
        }
        is_any = true;
    }
    is_any.then_some(Room { at: earliest })
}

fn instant_of(at: DateTime<Utc>, now: Moment) -> Instant {
    now.instant + (at - now.utc).to_std().unwrap_or_default()
}
