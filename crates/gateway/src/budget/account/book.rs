//! One period of a token's budget: the slice held of it, the calls that wait for more, and what to
//! exchange with the database when.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use tollgate_domain::NanoUsd;

use crate::budget::decide::Outlook;
use crate::budget::{Exchange, Slice};
use crate::window::Window;

/// How long it is believed that a budget is handed out, or the database away.
const FRESH: Duration = Duration::from_millis(200);
/// How long after its last call a slice gives back what it has left.
const IDLE: Duration = Duration::from_millis(500);
/// How long after its last call a slice is closed.
pub(super) const CLOSE: Duration = Duration::from_secs(1);
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
    pub(super) recent: Window<3>,
    pub(super) used_at: Instant,
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
            used_at: now,
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

    pub(super) fn plan(&mut self, how: Thoroughness, cap: NanoUsd, now: Instant) -> Option<Plan> {
        if self.slice.is_in_doubt() {
            return Some(Plan::LookUp);
        }
        let since = |at| now.saturating_duration_since(at);
        let is_closing = how == Thoroughness::Close;
        let is_waited_for = !self.wants.is_empty() && !is_closing;
        if !is_waited_for {
            let is_idle = since(self.used_at) >= IDLE || is_closing;
            let keep = if is_idle { NanoUsd::ZERO } else { self.keep(cap, now) };
            self.trim(keep, is_idle);
        }
        let more = if is_waited_for { self.wanted(cap, now) } else { NanoUsd::ZERO };
        let tells = how != Thoroughness::Due || since(self.told_at) >= TELL;
        let mut next = self.slice.next(more, tells);
        if next.is_none() && !is_waited_for && (since(self.used_at) >= CLOSE || is_closing) {
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

    /// What to keep ready for calls to come.
    fn keep(&mut self, cap: NanoUsd, now: Instant) -> NanoUsd {
        let part = NanoUsd::new(cap.get() / PART);
        self.largest.min(part).max(NanoUsd::new(self.recent.used(now)).min(part))
    }

    /// Gives up what is much beyond `keep`, so that nothing goes to and fro.
    fn trim(&mut self, keep: NanoUsd, is_idle: bool) {
        if is_idle || self.slice.available() > keep + keep {
            self.slice.trim(keep);
        }
    }

    /// How much more to lease for the calls that wait; nothing where there is none for now.
    fn wanted(&mut self, cap: NanoUsd, now: Instant) -> NanoUsd {
        if self.outlook(now) != Outlook::Open {
            return NanoUsd::ZERO;
        }
        let waiting: NanoUsd = self.wants.values().copied().sum();
        let lacking = waiting - self.slice.available();
        if lacking <= NanoUsd::ZERO {
            return NanoUsd::ZERO;
        }
        let ahead = NanoUsd::new(self.recent.used(now)).min(NanoUsd::new(cap.get() / PART));
        let more = lacking + ahead;
        self.left.map_or(more, |left| more.min(left))
    }
}
