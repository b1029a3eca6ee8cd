//! One target of a call, and what the call has tried there.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;
use tollgate_domain::ApiKeyId;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::route::FallbackOn;

use crate::pool::{Ask, SkipReason};
use crate::retry::{Next, Tried};
use crate::target::{Planned, Route};

/// One target of a call.
pub(super) struct Leg {
    /// Where it goes.
    pub(super) route: Route,
    on: Vec<FallbackOn>,
    tried: Tried,
    last: Option<Last>,
}

/// The last failure at a target.
struct Last {
    next: Next,
    at: Instant,
    /// How long an overloaded provider asked to wait, with whichever key.
    asked: Duration,
}

impl Leg {
    pub(super) fn new(planned: Planned) -> Self {
        Self { route: planned.route, on: planned.on, tried: Tried::default(), last: None }
    }

    /// Whether a call comes here from another target after such a failure.
    pub(super) fn takes_over(&self, cause: FallbackOn) -> bool {
        self.on.contains(&cause)
    }

    /// Whether a call comes here after a failure that is not its own fault.
    pub(super) fn takes_over_failures(&self) -> bool {
        self.takes_over(FallbackOn::Failure)
    }

    /// Notes that `key` failed here, and says what may follow here.
    pub(super) fn failed(&mut self, key: ApiKeyId, failure: &Failure, now: Instant) -> Next {
        let next = self.tried.failed(key, failure, now);
        let asked = failure.retry_after.filter(|_| failure.class == FailureClass::Overloaded);
        self.last = Some(Last { next, at: now, asked: asked.unwrap_or_default() });
        next
    }

    /// Whether `key` was tried here.
    pub(super) fn has_tried(&self, key: ApiKeyId) -> bool {
        self.tried.contains(key)
    }

    /// Whether anything was tried here.
    pub(super) const fn was_tried(&self) -> bool {
        self.last.is_some()
    }

    /// How many times the call has come back to a key here.
    pub(super) fn repeats(&self) -> u32 {
        self.tried.repeats()
    }

    /// How much longer the provider's hints keep the call from trying a key here once more;
    /// `None` where it may try none.
    pub(super) fn repeatable_in(&self, now: Instant) -> Option<Duration> {
        let last = self.last.as_ref().filter(|last| last.next != Next::Nothing)?;
        let asked = last.asked.saturating_sub(now.saturating_duration_since(last.at));
        Some(self.tried.repeatable_in(now)?.max(asked))
    }

    /// Whether `key` may be tried at `now`, when the call comes back here.
    pub(super) fn may_come_back_to(&self, key: ApiKeyId, now: Instant) -> bool {
        self.tried.may_repeat(key, now) || (self.may_change_key() && !self.tried.contains(key))
    }

    /// Whether any key that the call may come back to can be free after `wait`; else waiting only
    /// keeps the caller.
    pub(super) fn is_of_use(&self, wait: Duration, ask: &Ask<'_>) -> bool {
        let by = ask.now.utc_of(ask.now.instant + wait);
        let keys = &self.route.provider.keys;
        let out = self.route.provider.pool.refusals(keys, ask, |_| true);
        // A check is mostly over long before its time.
        let known = out.iter().filter(|key| key.reason != SkipReason::Checking);
        let late = known.filter(|key| key.available_at.is_some_and(|at| at > by));
        let late: HashSet<ApiKeyId> = late.map(|key| key.key_id).collect();
        let is_wanted = |id| {
            self.tried.is_repeatable(id) || (self.may_change_key() && !self.tried.contains(id))
        };
        let mut active = keys.iter().filter(|entry| entry.key.is_active).map(|entry| entry.key.id);
        active.any(|id| is_wanted(id) && !late.contains(&id))
    }

    fn may_change_key(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.next == Next::OtherKey)
    }
}

/// What leads a call on to another target after a failure of `class`; `None` where nothing does.
pub(super) fn cause(class: FailureClass) -> Option<FallbackOn> {
    match class {
        FailureClass::ContextTooLong => Some(FallbackOn::ContextTooLong),
        FailureClass::ContentRefused => Some(FallbackOn::ContentRefused),
        class => class.may_try_next_target().then_some(FallbackOn::Failure),
    }
}
