//! One key's use and health, as this instance knows them.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use tokio::time::Instant;
use tollgate_domain::api_key::{ApiKey, KeyLimits};

use crate::key_state::{Health, Standing};
use crate::pool::lines::{Bounds, Line};
use crate::pool::{Candidate, Moment, SkipReason};
use crate::window::{Minute, Second};

/// What a key is asked to carry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load<'a> {
    pub(super) model: &'a str,
    pub(super) tokens: i64,
    pub(super) now: Moment,
    /// The second of `now` since the pool's epoch.
    pub(super) second: u64,
    /// The day of `now`.
    pub(super) today: NaiveDate,
}

/// Why a key is passed over, and when it need not be any more, where that is known.
pub(super) type Skip = (SkipReason, Option<DateTime<Utc>>);

/// A key's health, kept apart so that a pick need not look at it while nothing is the matter.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    /// Nothing is the matter, and nobody has touched it since that was seen.
    is_plain: bool,
    health: Box<Health>,
}

/// One key, live.
#[derive(Clone, Debug)]
pub(super) struct LiveKey {
    pub(super) health: Watched,
    /// Counted up when the secret changes: outcomes of calls with the old one are no news.
    pub(super) generation: u32,
    /// When the health last changed or was last written, on the scale of `Changes`.
    pub(super) touched: u64,
    pub(super) in_flight: i64,
    /// Whether it has answered a call, with this secret.
    pub(super) has_answered: bool,
    /// Limits that the provider told.
    pub(super) told: Box<KeyLimits>,
    requests: Minute,
    tokens: Minute,
    /// The second that both windows have come to, where a pick has looked at them.
    second: u64,
    day: NaiveDate,
    requests_today: i64,
}

impl Watched {
    pub(super) fn new(health: Health) -> Self {
        Self { is_plain: false, health: Box::new(health) }
    }

    #[inline]
    fn lets_pass(&mut self, load: &Load<'_>) -> bool {
        self.is_plain || self.looks_fit(load)
    }

    #[cold]
    fn looks_fit(&mut self, load: &Load<'_>) -> bool {
        self.is_plain = self.health.is_plain();
        !matches!(self.health.standing(load.model, load.now.utc), Standing::Out(..))
    }
}

impl Deref for Watched {
    type Target = Health;

    fn deref(&self) -> &Health {
        &self.health
    }
}

impl DerefMut for Watched {
    fn deref_mut(&mut self) -> &mut Health {
        self.is_plain = false;
        &mut self.health
    }
}

impl LiveKey {
    pub(super) fn new(key: &ApiKey, epoch: Instant, now: DateTime<Utc>) -> Self {
        let mut live = Self {
            health: Watched::new(Health::new(key.state.clone(), now)),
            generation: 0,
            touched: 0,
            in_flight: 0,
            has_answered: false,
            told: Box::default(),
            requests: Minute::new(epoch),
            tokens: Minute::new(epoch),
            second: 0,
            day: now.date_naive(),
            requests_today: 0,
        };
        live.count_at_least(key, now);
        live
    }

    /// Believes the database's count of today where it is higher than ours: it knows what came
    /// before a restart, and what other instances sent.
    pub(super) fn count_at_least(&mut self, key: &ApiKey, now: DateTime<Utc>) {
        self.turn_day(now.date_naive());
        if key.counted_on == Some(self.day) {
            self.requests_today = self.requests_today.max(key.requests_count_today);
        }
    }

    /// Whether the key of `line` may carry `load`, by its health and its limits.
    #[inline(always)]
    pub(super) fn may_carry(&mut self, line: &Line, load: &Load<'_>) -> bool {
        let bounds = &line.bounds;
        if self.second < load.second {
            self.advance_to(load.second);
        }
        self.turn_day(load.today);
        self.health.lets_pass(load)
            && self.in_flight < bounds.in_flight
            && self.requests_today < bounds.rpd
            && self.requests.sum() < bounds.rpm
            && self.tokens.sum() <= bounds.tpm - load.tokens.min(bounds.tpm)
    }

    /// Brings both windows up to that second; it happens once a second, and a thousand picks do not.
    #[cold]
    fn advance_to(&mut self, second: u64) {
        self.second = second;
        self.requests.advance_to(second);
        self.tokens.advance_to(second);
    }

    /// The key of `line`, which may carry a call, as a candidate for it, without credit.
    // Always, so that it is made in its place: to be copied there takes longer than all the rest.
    #[inline(always)]
    pub(super) fn candidate(&self, line: &Line) -> Candidate {
        let requests = self.requests.sum();
        Candidate {
            key: line.key,
            place: line.place,
            slot: line.slot,
            priority: line.priority,
            weight: line.weight,
            credit: 0,
            utilisation: utilisation(&line.bounds, requests, self.tokens.sum()),
            requests,
            in_flight: self.in_flight,
        }
    }

    /// Why the key cannot carry `load`, and from when it can where that is known.
    pub(super) fn refusal(&mut self, key: &ApiKey, load: &Load<'_>) -> Option<Skip> {
        match self.health.standing(load.model, load.now.utc) {
            Standing::Ready | Standing::Trial => {}
            Standing::Out(reason, until) => return Some((reason, self.after(until, key, load))),
        }
        let limits = self.limits(key);
        self.check_limits(&limits, load).err()
    }

    /// The limits that hold: an operator's, else what the provider told.
    pub(super) fn limits(&self, key: &ApiKey) -> KeyLimits {
        let own = &key.limits;
        KeyLimits {
            rpm: own.rpm.or(self.told.rpm),
            tpm: own.tpm.or(self.told.tpm),
            rpd: own.rpd.or(self.told.rpd),
            max_concurrent: own.max_concurrent,
        }
    }

    /// Remembers limits that the provider told; answers whether they are others than before.
    pub(super) fn learn(&mut self, told: &KeyLimits) -> bool {
        let before = *self.told;
        let known = |told: Option<i64>| told.filter(|limit| *limit > 0);
        self.told.rpm = known(told.rpm).or(self.told.rpm);
        self.told.tpm = known(told.tpm).or(self.told.tpm);
        self.told.rpd = known(told.rpd).or(self.told.rpd);
        *self.told != before
    }

    /// Charges the key with one request of `tokens`.
    pub(super) fn charge(&mut self, tokens: i64, now: Moment) -> Second {
        self.turn_day(now.utc.date_naive());
        self.requests_today += 1;
        self.in_flight += 1;
        self.requests.add(1, now.instant);
        self.tokens.add(tokens, now.instant)
    }

    /// Corrects the tokens of a charge.
    pub(super) fn correct(&mut self, second: Second, delta: i64, now: Instant) {
        self.tokens.correct(second, delta, now);
    }

    /// Requests and tokens of the last minute, requests of this UTC day.
    pub(super) fn used(&mut self, now: Moment) -> (i64, i64, i64) {
        self.turn_day(now.utc.date_naive());
        (self.requests.used(now.instant), self.tokens.used(now.instant), self.requests_today)
    }

    /// When a rest that lasts `until` is over and the limits have room too.
    fn after(
        &mut self,
        until: Option<DateTime<Utc>>,
        key: &ApiKey,
        load: &Load<'_>,
    ) -> Option<DateTime<Utc>> {
        let limits = self.limits(key);
        let room = self.check_limits(&limits, load).err().and_then(|(_, at)| at);
        until.map(|until| room.map_or(until, |room| room.max(until)))
    }

    /// Of several limits without room, the last to have some decides.
    fn check_limits(&mut self, limits: &KeyLimits, load: &Load<'_>) -> Result<(), Skip> {
        self.turn_day(load.today);
        let rests = [
            self.without_room_today(limits),
            self.without_requests(limits, load),
            self.without_tokens(limits, load),
        ];
        let rest = rests.into_iter().flatten().max_by_key(|(_, until)| *until);
        let is_busy = limit(limits.max_concurrent).is_some_and(|limit| self.in_flight >= limit);
        rest.or(is_busy.then_some((SkipReason::Concurrent, None))).map_or(Ok(()), Err)
    }

    fn without_room_today(&self, limits: &KeyLimits) -> Option<Skip> {
        let limit = limit(limits.rpd)?;
        (self.requests_today >= limit).then(|| (SkipReason::Rpd, self.day_end()))
    }

    fn without_requests(&mut self, limits: &KeyLimits, load: &Load<'_>) -> Option<Skip> {
        let (limit, now) = (limit(limits.rpm)?, load.now);
        if self.requests.used(now.instant) < limit {
            return None;
        }
        let free_at = self.requests.free_at(1, limit, now.instant);
        Some((SkipReason::Rpm, free_at.map(|at| now.utc_of(at))))
    }

    fn without_tokens(&mut self, limits: &KeyLimits, load: &Load<'_>) -> Option<Skip> {
        let (limit, now) = (limit(limits.tpm)?, load.now);
        let tokens = load.tokens.min(limit);
        if self.tokens.used(now.instant) + tokens <= limit {
            return None;
        }
        let free_at = self.tokens.free_at(tokens, limit, now.instant);
        Some((SkipReason::Tpm, free_at.map(|at| now.utc_of(at))))
    }

    #[inline]
    fn turn_day(&mut self, today: NaiveDate) {
        if today > self.day {
            self.day = today;
            self.requests_today = 0;
        }
    }

    fn day_end(&self) -> Option<DateTime<Utc>> {
        let tomorrow = self.day.checked_add_days(Days::new(1))?;
        Some(tomorrow.and_time(NaiveTime::MIN).and_utc())
    }
}

/// The larger of the minute's requests and tokens against their limits, in thousandths.
#[inline]
fn utilisation(bounds: &Bounds, requests: i64, tokens: i64) -> i64 {
    let requests = requests.saturating_mul(bounds.per_request);
    let tokens = tokens.saturating_mul(bounds.per_token);
    requests.max(tokens) >> 20
}

/// A limit that limits: not NULL, not 0.
pub(super) fn limit(configured: Option<i64>) -> Option<i64> {
    configured.filter(|limit| *limit > 0)
}
