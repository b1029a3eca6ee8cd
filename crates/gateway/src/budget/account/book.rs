//! One period of a token's budget: the slice held of it, the calls that wait for more, and what to
//! exchange with the database when.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use tollgate_domain::NanoUsd;

use crate::budget::decide::Outlook;
use crate::budget::{Exchange, Slice};
use crate::window::{Minute, Window};

/// How long it is believed that a budget is handed out, or the database away.
const FRESH: Duration = Duration::from_millis(200);
/// How long after its last call a slice gives back what it has left.
const IDLE: Duration = Duration::from_millis(500);
/// How long after its last call a slice is closed.
pub(super) const CLOSE: Duration = Duration::from_secs(1);
/// After so much time of calls that follow each other, a slice is steady: it is held for longer than
/// the calls need, so that they go on where the database does not answer.
const STEADY: Duration = Duration::from_secs(2);
/// How much longer after its last call a steady slice gives back what it has left, and is closed.
const STAY: Duration = Duration::from_secs(60);
/// How many seconds of spending a steady slice has room for, going by those of the last minute.
const LASTS: i64 = 300;
/// How long after a refused lease no slice is steady: others may want what it does not need.
const SCARCE: Duration = Duration::from_secs(30);
/// How often the database is told what was spent.
const TELL: Duration = Duration::from_millis(250);
/// How often a slice's row is made to last longer.
const RENEW: Duration = Duration::from_secs(20);
/// A slice keeps at most this part of the budget ready for calls to come.
const PART: i64 = 16;

/// One period.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) slice: Slice,
    pub(super) outlook: Outlook,
    pub(super) outlook_at: Instant,
    /// What is left to lease, where a lease of more was refused.
    pub(super) left: Option<NanoUsd>,
    /// What each waiting call wants kept.
    pub(super) wants: HashMap<u64, NanoUsd>,
    /// What the largest call wanted.
    pub(super) largest: NanoUsd,
    recent: Window<3>,
    minute: Minute,
    began_at: Instant,
    pub(super) used_at: Instant,
    refused_at: Option<Instant>,
    pub(super) told_at: Instant,
    pub(super) renewed_at: Instant,
}

/// What to do with the database next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// See what became of the last change.
    LookUp,
    /// Make this change.
    Carry(Exchange),
}

/// How thorough a round of exchanges is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thoroughness {
    /// What is due.
    Due,
    /// The database hears of everything that was spent.
    Tell,
    /// Everything that is not spent or reserved goes back.
    Close,
}

impl Book {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            slice: Slice::default(),
            outlook: Outlook::Open,
            outlook_at: now,
            left: None,
            wants: HashMap::new(),
            largest: NanoUsd::ZERO,
            recent: Window::new(now),
            minute: Minute::new(now),
            began_at: now,
            used_at: now,
            refused_at: None,
            told_at: now,
            renewed_at: now,
        }
    }

    pub(super) fn outlook(&self, now: Instant) -> Outlook {
        let is_fresh = now.saturating_duration_since(self.outlook_at) < FRESH;
        if is_fresh { self.outlook } else { Outlook::Open }
    }

    pub(super) fn see(&mut self, outlook: Outlook, at: Instant) {
        (self.outlook, self.outlook_at, self.left) = (outlook, at, None);
    }

    /// A call is over: it had `reserved` so much, and cost so much.
    pub(super) fn settle(&mut self, reserved: NanoUsd, cost: NanoUsd, now: Instant) {
        self.slice.settle(reserved, cost);
        self.recent.add(cost.get(), now);
        self.minute.add(cost.get(), now);
        self.used_at = now;
    }

    /// Takes in that a lease was refused at a moment after `asked`.
    pub(super) fn refuse(&mut self, asked: Instant) {
        self.slice.refused();
        self.refused_at = Some(asked);
    }

    pub(super) fn plan(&mut self, how: Thoroughness, cap: NanoUsd, now: Instant) -> Option<Plan> {
        if self.slice.is_in_doubt() {
            return Some(Plan::LookUp);
        }
        let since = |at| now.saturating_duration_since(at);
        let is_closing = how == Thoroughness::Close;
        let is_waited_for = !self.wants.is_empty() && !is_closing;
        let stay = if self.is_steady(now) { STAY } else { Duration::ZERO };
        let is_idle = since(self.used_at) >= IDLE + stay || is_closing;
        if !is_waited_for {
            let keep = if is_idle { NanoUsd::ZERO } else { self.keep(cap, now) };
            self.trim(keep, is_idle);
        }
        let more = if is_idle && !is_waited_for { NanoUsd::ZERO } else { self.wanted(cap, now) };
        let tells = how != Thoroughness::Due || since(self.told_at) >= TELL;
        let mut next = self.slice.next(more, tells);
        if next.is_none() && !is_waited_for && (since(self.used_at) >= CLOSE + stay || is_closing) {
            next = self.slice.close();
        }
        if next.is_none() && since(self.renewed_at) >= RENEW {
            next = self.slice.renewal();
        }
        if next.is_some() {
            (self.told_at, self.renewed_at) = (now, now);
        }
        next.map(Plan::Carry)
    }

    /// Whether calls follow each other, and nobody has been short of the budget lately.
    fn is_steady(&self, now: Instant) -> bool {
        let is_scarce =
            self.refused_at.is_some_and(|at| now.saturating_duration_since(at) < SCARCE);
        !is_scarce && self.used_at.saturating_duration_since(self.began_at) >= STEADY
    }

    /// What to keep ready for calls to come.
    fn keep(&mut self, cap: NanoUsd, now: Instant) -> NanoUsd {
        let part = NanoUsd::new(cap.get() / PART);
        self.largest.min(part).max(self.ahead(cap, now))
    }

    /// What calls will spend in a while, going by those before.
    fn ahead(&mut self, cap: NanoUsd, now: Instant) -> NanoUsd {
        let spend = if self.is_steady(now) {
            let seconds = now.saturating_duration_since(self.began_at).as_secs().clamp(1, 60);
            self.minute.used(now).saturating_mul(LASTS) / seconds as i64
        } else {
            self.recent.used(now)
        };
        NanoUsd::new(spend).min(NanoUsd::new(cap.get() / PART))
    }

    /// Gives up what is much beyond `keep`, so that nothing goes to and fro.
    fn trim(&mut self, keep: NanoUsd, is_idle: bool) {
        if is_idle || self.slice.available() > keep + keep {
            self.slice.trim(keep);
        }
    }

    /// How much more to lease: what the calls that wait lack and some ahead of those to come, or, for a
    /// steady slice of which half is gone, what there was. Nothing where there is none for now.
    fn wanted(&mut self, cap: NanoUsd, now: Instant) -> NanoUsd {
        if self.outlook(now) != Outlook::Open {
            return NanoUsd::ZERO;
        }
        let (ahead, available) = (self.ahead(cap, now), self.slice.available());
        let waiting: NanoUsd = self.wants.values().copied().sum();
        let more = if waiting > available {
            waiting - available + ahead
        } else if self.is_steady(now) && available + available < ahead {
            ahead - available
        } else {
            NanoUsd::ZERO
        };
        self.left.map_or(more, |left| more.min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: NanoUsd = NanoUsd::new(16_000_000);
    const COST: NanoUsd = NanoUsd::new(100);

    /// A book whose slice holds so much at first, and of which calls were paid each tenth of a second for so long.
    fn used(held: i64, time: Duration) -> (Book, Instant) {
        let mut now = Instant::now();
        let end = now + time;
        let mut book = Book::new(now);
        book.slice.next(NanoUsd::new(held), false);
        book.slice.done();
        while now < end {
            assert!(book.slice.reserve(COST));
            now += Duration::from_millis(100);
            book.settle(COST, COST, now);
        }
        (book, now)
    }

    /// Carries all that is due to a database that does everything.
    fn carry(book: &mut Book, now: Instant) {
        while book.plan(Thoroughness::Due, CAP, now).is_some() {
            book.slice.done();
        }
    }

    #[test]
    fn a_steady_slice_is_refilled_before_calls_wait_and_lasts_for_minutes() {
        let (mut book, now) = used(5_000, Duration::from_secs(3));

        carry(&mut book, now);

        let a_second = 10 * COST.get();
        assert_eq!(book.slice.available().get(), LASTS * a_second);
    }

    #[test]
    fn a_steady_slice_is_never_more_than_a_part_of_the_budget() {
        let (mut book, now) = used(5_000, Duration::from_secs(3));
        let cap = NanoUsd::new(100_000);

        while book.plan(Thoroughness::Due, cap, now).is_some() {
            book.slice.done();
        }

        assert_eq!(book.slice.available().get(), cap.get() / PART);
    }

    #[test]
    fn a_steady_slice_stays_for_a_minute_and_is_then_given_back_whole() {
        let (mut book, now) = used(5_000, Duration::from_secs(3));
        carry(&mut book, now);

        carry(&mut book, now + STAY / 2);
        assert!(book.slice.available() > NanoUsd::new(LASTS * COST.get() / 2), "{book:?}");
        carry(&mut book, now + STAY + CLOSE);

        assert!(book.slice.is_empty());
    }

    #[test]
    fn a_slice_of_a_few_calls_is_not_refilled_and_is_given_back_at_once() {
        let (mut book, now) = used(1_000, Duration::from_secs(1));

        carry(&mut book, now);
        assert!(book.slice.available() < NanoUsd::new(1_000));
        carry(&mut book, now + CLOSE);

        assert!(book.slice.is_empty());
    }

    #[test]
    fn where_the_budget_runs_short_a_slice_gives_back_what_the_next_seconds_do_not_need() {
        let (mut book, now) = used(5_000, Duration::from_secs(3));
        carry(&mut book, now);

        book.refuse(now);
        carry(&mut book, now);

        assert!(book.slice.available() <= NanoUsd::new(3 * 10 * COST.get()), "{book:?}");
    }
}
