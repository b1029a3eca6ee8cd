//! The calls of a history: who asks which model for how much, and how that ends.

use chrono::DateTime;
use tollgate_domain::NanoUsd;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::price::bill;
use tollgate_domain::usage::{TokenUsage, UsageSource};

use super::catalogue::{Feature, SECOND_TIER};
use super::chance::{Chance, Zipf};
use super::failures::{Failure, failure, refusal};
use super::rhythm::Minute;
use super::row::Row;
use super::world::{Habits, Model, World};

/// The most attempts that a call takes.
const MOST_ATTEMPTS: i64 = 3;
const MINUTE_MS: usize = 60_000;
const HOUR_MS: i64 = 3_600_000;
/// The share of calls that are refused before any attempt.
const REFUSED: f64 = 0.012;
/// The share of attempts that fail, as a rule and in an outage.
const FAILED: f64 = 0.045;
const FAILED_IN_OUTAGE: f64 = 0.45;
/// The share of a provider's hours that are an outage.
const OUTAGES: f64 = 1.0 / 200.0;
/// The share of answers that their callers did not wait for.
const CANCELLED: f64 = 0.015;
/// The share of calls made by a user rather than by an app.
const BY_USERS: f64 = 0.04;

/// Makes calls up, minute by minute.
#[derive(Debug)]
pub(super) struct Calls<'w> {
    world: &'w World,
    seed: u64,
    chance: Chance,
    apps: Zipf,
    models: Zipf,
    end_users: Zipf,
    keys: Vec<Zipf>,
}

/// Who calls, and what for.
struct Caller<'w> {
    habits: &'w Habits,
    user_id: i64,
    app_id: Option<i64>,
}

impl<'w> Calls<'w> {
    /// The calls of `seed`.
    pub(super) fn new(world: &'w World, seed: u64) -> Self {
        let keys = |keys: &[i64]| Zipf::new(keys.len(), 0.7);
        Self {
            world,
            seed,
            chance: Chance::new(seed),
            apps: Zipf::new(world.apps.len(), 1.0),
            models: Zipf::new(4, 1.2),
            end_users: Zipf::new(world.end_users.len(), 0.8),
            keys: world.providers.iter().map(|provider| keys(&provider.keys)).collect(),
        }
    }

    /// The rows of a minute, in the order of their calls' arrival.
    pub(super) fn minute(&mut self, minute: Minute) -> Vec<Row<'w>> {
        let wanted = usize::try_from(minute.rows).unwrap_or(usize::MAX);
        let mut rows: Vec<Row<'w>> = Vec::with_capacity(wanted);
        while rows.len() < wanted {
            let room = i64::try_from(wanted - rows.len()).unwrap_or(i64::MAX);
            let within = i64::try_from(self.chance.below(MINUTE_MS)).unwrap_or(0);
            self.call(minute.from_ms + within, room.min(MOST_ATTEMPTS), &mut rows);
        }
        rows.sort_by_key(|row| (row.created_at_ms, row.request_id, row.attempt));
        rows
    }

    /// One call of at most `most` attempts.
    fn call(&mut self, at_ms: i64, most: i64, rows: &mut Vec<Row<'w>>) {
        let (caller, model) = self.who();
        let mut row = self.opened(at_ms, &caller, model);
        if self.chance.happens(REFUSED) {
            rows.push(self.refused(row));
            return;
        }
        let provider = &self.world.providers[model.provider];
        let in_outage = self.is_outage(model.provider, at_ms);
        let mut key = self.keys[model.provider].pick(&mut self.chance);
        (row.provider_id, row.model_code) = (Some(provider.id), Some(model.spec.code));
        for attempt in 1..=most {
            (row.attempt, row.key_id) = (attempt, Some(provider.keys[key]));
            let share = if in_outage { FAILED_IN_OUTAGE } else { FAILED };
            if !self.chance.happens(share) {
                rows.push(self.answered(row, caller.habits, model));
                return;
            }
            let failure = failure(&mut self.chance, in_outage);
            let is_final = attempt == most || failure.followed_by.is_none();
            let failed = self.failed(row.clone(), failure, is_final);
            row.started_at_ms = failed.started_at_ms + failed.latency_ms;
            row.routing = failure.followed_by;
            rows.push(failed);
            if is_final {
                return;
            }
            key = (key + 1) % provider.keys.len();
        }
    }

    fn who(&mut self) -> (Caller<'w>, &'w Model) {
        let world = self.world;
        if self.chance.happens(BY_USERS) {
            let user = self.chance.below(world.users.len());
            let user = &world.users[user];
            let model = &world.models[self.chance.one_of(&user.habits.models)];
            return (Caller { habits: &user.habits, user_id: user.id, app_id: None }, model);
        }
        let app = &world.apps[self.apps.pick(&mut self.chance)];
        let favourite = self.models.pick(&mut self.chance) % app.habits.models.len();
        let model = &world.models[app.habits.models[favourite]];
        (Caller { habits: &app.habits, user_id: app.owner, app_id: Some(app.id) }, model)
    }

    /// A row that tells who asked for what.
    fn opened(&mut self, at_ms: i64, caller: &Caller<'w>, model: &'w Model) -> Row<'w> {
        let world = self.world;
        let habits = caller.habits;
        let embeds = model.spec.feature == Feature::Embeds;
        let end_user = habits
            .names_end_users
            .then(|| world.end_users[self.end_users.pick(&mut self.chance)].as_str());
        let is_tagged = self.chance.happens(0.05);
        let tag = is_tagged.then(|| format!("req-{:012x}", self.chance.bits() >> 16));
        let by_full_name = self.chance.happens(0.08);
        Row {
            request_id: self.request_id(at_ms),
            attempt: 0,
            is_final: true,
            created_at_ms: at_ms,
            started_at_ms: at_ms,
            client_request_id: tag,
            user_id: Some(caller.user_id),
            app_id: caller.app_id,
            end_user,
            provider_id: None,
            key_id: None,
            model_code: None,
            requested_model: if by_full_name { &model.full_name } else { model.spec.code },
            endpoint: if embeds { "/v1/embeddings" } else { habits.endpoint },
            is_stream: !embeds && self.chance.happens(habits.streams),
            status: CallStatus::Error,
            http_status: None,
            error_code: None,
            error_message: None,
            usage: TokenUsage::default(),
            usage_source: UsageSource::Provider,
            price_id: None,
            cost: Some(NanoUsd::ZERO),
            latency_ms: 0,
            first_token_ms: None,
            finish_reason: None,
            routing: None,
            ip_address: &habits.ip_address,
            user_agent: habits.user_agent,
        }
    }

    /// A UUIDv7 whose time is the arrival.
    fn request_id(&mut self, at_ms: i64) -> [u8; 16] {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(u64::try_from(at_ms).unwrap_or(0) << 16).to_be_bytes());
        let bits = (u128::from(self.chance.bits()) << 64) | u128::from(self.chance.bits());
        id[6..].copy_from_slice(&bits.to_be_bytes()[..10]);
        id[6] = id[6] & 0x0F | 0x70;
        id[8] = id[8] & 0x3F | 0x80;
        id
    }

    fn is_outage(&self, provider: usize, at_ms: i64) -> bool {
        let hour = u64::try_from(at_ms / HOUR_MS).unwrap_or(0);
        Chance::of(self.seed, (hour << 8) | provider as u64).happens(OUTAGES)
    }

    fn refused(&mut self, row: Row<'w>) -> Row<'w> {
        let refusal = refusal(&mut self.chance);
        Row {
            http_status: Some(refusal.http_status),
            error_code: Some(refusal.code),
            error_message: Some(refusal.message),
            latency_ms: i64::from(self.chance.happens(0.2)),
            ..row
        }
    }

    fn failed(&mut self, row: Row<'w>, failure: &Failure, is_final: bool) -> Row<'w> {
        let told = is_final.then_some(failure.told_status);
        Row {
            is_final,
            http_status: failure.http_status.or(told),
            error_code: Some(failure.code),
            error_message: Some(failure.message),
            latency_ms: self.chance.around(failure.after_ms, 0.3),
            ..row
        }
    }

    fn answered(&mut self, row: Row<'w>, habits: &Habits, model: &Model) -> Row<'w> {
        let is_cancelled = self.chance.happens(CANCELLED);
        let usage = self.usage(habits, model, is_cancelled);
        let is_estimated = is_cancelled || self.chance.happens(0.01);
        let at = DateTime::from_timestamp_millis(row.created_at_ms).unwrap_or_default();
        let (price_id, cost) = bill(&model.prices, &usage, at);
        let first = self.chance.around(model.spec.size.first_content_ms(), 0.45);
        let latency = first + writing_ms(&usage, model.spec.size.tokens_per_second());
        let finish = ["stop", "stop", "stop", "stop", "stop", "stop", "tool_calls", "length"];
        let finish = self.chance.one_of(&finish);
        let embeds = model.spec.feature == Feature::Embeds;
        Row {
            status: if is_cancelled { CallStatus::Cancelled } else { CallStatus::Success },
            http_status: (!is_cancelled).then_some(200),
            error_code: is_cancelled.then_some("caller_left"),
            usage,
            usage_source: if is_estimated { UsageSource::Estimated } else { UsageSource::Provider },
            price_id,
            cost,
            latency_ms: latency,
            // A whole answer is all there at once.
            first_token_ms: Some(if row.is_stream { first } else { latency }),
            finish_reason: (!is_cancelled && !embeds).then_some(finish),
            ..row
        }
    }

    /// What an answer used. One of 300 prompts is long enough for a second tier.
    #[expect(clippy::cast_precision_loss, reason = "a tier's bound is a small number")]
    fn usage(&mut self, habits: &Habits, model: &Model, is_cancelled: bool) -> TokenUsage {
        let chance = &mut self.chance;
        let prompt = match chance.happens(1.0 / 300.0) {
            true => chance.around(SECOND_TIER as f64 * 2.0, 0.5).clamp(SECOND_TIER, 900_000),
            false => chance.around(700.0 * habits.prompt_factor, 1.1).min(SECOND_TIER - 1),
        };
        if model.spec.feature == Feature::Embeds {
            return TokenUsage { prompt, ..TokenUsage::default() };
        }
        let share = |part: bool, chance: &mut Chance| match part {
            true => prompt * (30 + i64::try_from(chance.below(60)).unwrap_or(0)) / 100,
            false => 0,
        };
        let writes = self.world.providers[model.provider].spec.writes_cache();
        let is_cached = prompt > 256 && chance.happens(0.3);
        let cached = share(is_cached, chance);
        let is_written = writes && prompt > 256 && chance.happens(0.15);
        let written = share(is_written, chance);
        let answer = chance.around(220.0, 0.9) / if is_cancelled { 3 } else { 1 } + 1;
        let thoughts = match model.spec.feature {
            Feature::Thinks => chance.around(600.0, 0.8),
            _ => 0,
        };
        let usage =
            TokenUsage::from_inclusive(prompt, cached, written, answer + thoughts, thoughts);
        if chance.happens(0.25) { usage.with_cache_write_1h(written) } else { usage }
    }
}

/// How long an answer takes to write.
#[expect(clippy::cast_precision_loss, reason = "answers are short")]
#[expect(clippy::cast_possible_truncation, reason = "a cast to an integer saturates")]
fn writing_ms(usage: &TokenUsage, tokens_per_second: f64) -> i64 {
    (usage.whole_completion() as f64 * 1000.0 / tokens_per_second) as i64
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::world::tests::imaginary;
    use super::*;

    const NOON_MS: i64 = 1_790_000_040_000;

    /// The rows of several minutes in a row.
    fn rows(world: &World, seed: u64, minutes: i64, rows: u64) -> Vec<Row<'_>> {
        let mut calls = Calls::new(world, seed);
        let minute = |minute| Minute { from_ms: NOON_MS + minute * 60_000, rows };
        (0..minutes).flat_map(|number| calls.minute(minute(number))).collect()
    }

    fn share(rows: &[Row<'_>], is_counted: impl Fn(&Row<'_>) -> bool) -> f64 {
        rows.iter().filter(|row| is_counted(row)).count() as f64 / rows.len() as f64
    }

    #[test]
    fn a_seed_makes_the_same_calls_again_and_another_one_others() {
        let world = imaginary();

        assert_eq!(rows(&world, 1, 3, 100), rows(&world, 1, 3, 100));
        assert_ne!(rows(&world, 1, 3, 100), rows(&world, 2, 3, 100));
    }

    #[test]
    fn a_minute_has_just_its_rows_in_the_order_of_their_arrival() {
        let world = imaginary();
        let rows = rows(&world, 1, 1, 5_000);

        assert_eq!(rows.len(), 5_000);
        assert!(rows.iter().all(|row| (0..60_000).contains(&(row.created_at_ms - NOON_MS))));
        assert!(rows.is_sorted_by_key(|row| row.created_at_ms));
    }

    #[test]
    fn a_call_has_its_attempts_in_order_and_ends_with_the_last() {
        let world = imaginary();
        let rows = rows(&world, 3, 60, 500);
        let mut calls: BTreeMap<[u8; 16], Vec<&Row<'_>>> = BTreeMap::new();
        rows.iter().for_each(|row| calls.entry(row.request_id).or_default().push(row));

        let mut lengths = BTreeSet::new();
        for call in calls.values() {
            lengths.insert(call.len());
            let (last, earlier) = call.split_last().unwrap();
            assert!(last.is_final && earlier.iter().all(|row| !row.is_final));
            assert!(earlier.iter().all(|row| row.status == CallStatus::Error));
            let numbers: Vec<i64> = call.iter().map(|row| row.attempt).collect();
            assert!(numbers == [0] || numbers.iter().copied().eq(1..=numbers.len() as i64));
            assert!(call.iter().all(|row| row.created_at_ms == last.created_at_ms));
            assert!(call.is_sorted_by_key(|row| row.started_at_ms));
            let id = tollgate_domain::RequestId::from_bytes(&last.request_id).unwrap();
            assert_eq!(id.arrived_at().timestamp_millis(), last.created_at_ms);
        }
        assert_eq!(lengths, BTreeSet::from([1, 2, 3]));
    }

    #[test]
    fn most_calls_succeed_and_everything_else_happens_too() {
        let world = imaginary();
        let rows = rows(&world, 4, 120, 1_000);

        let success = share(&rows, |row| row.status == CallStatus::Success);
        assert!((0.88..0.96).contains(&success), "{success}");
        assert!(share(&rows, |row| row.status == CallStatus::Cancelled) > 0.005);
        assert!((0.2..0.7).contains(&share(&rows, |row| row.is_stream)));
        assert!(share(&rows, |row| row.usage.cached > 0) > 0.1);
        assert!(share(&rows, |row| row.usage.cache_write_1h > 0) > 0.001);
        assert!(share(&rows, |row| row.usage.reasoning > 0) > 0.05);
        assert!(share(&rows, |row| row.usage.whole_prompt() >= SECOND_TIER) > 0.001);
        let unpriced = share(&rows, |row| row.cost.is_none());
        assert!((0.001..0.2).contains(&unpriced), "{unpriced}");
        let codes: BTreeSet<&str> = rows.iter().filter_map(|row| row.error_code).collect();
        assert!(codes.len() >= 8, "{codes:?}");
        // No token is in two buckets, and what used something costs something or is unpriced.
        for row in &rows {
            let usage = row.usage;
            let buckets = [usage.prompt, usage.cached, usage.cache_write, usage.cache_write_1h];
            assert!(buckets.iter().all(|tokens| *tokens >= 0));
            assert_eq!(row.cost == Some(NanoUsd::ZERO), usage.total() == 0, "{row:?}");
        }
    }

    #[test]
    fn some_apps_and_models_have_most_of_the_calls_and_none_has_all() {
        let world = imaginary();
        let rows = rows(&world, 5, 60, 1_000);

        let busiest = share(&rows, |row| row.app_id == Some(1));
        assert!((0.12..0.25).contains(&busiest), "{busiest}");
        let apps: BTreeSet<_> = rows.iter().map(|row| row.app_id).collect();
        let models: BTreeSet<_> = rows.iter().map(|row| row.model_code).collect();
        let keys: BTreeSet<_> = rows.iter().map(|row| row.key_id).collect();
        // And none: calls of users, and those refused before any attempt.
        assert_eq!((apps.len(), models.len(), keys.len()), (101, 41, 21));
        let end_users: BTreeSet<_> = rows.iter().filter_map(|row| row.end_user).collect();
        assert!(end_users.len() > 1_000, "{}", end_users.len());
    }

    #[test]
    fn an_outage_fails_many_calls_of_one_provider() {
        let world = imaginary();
        let calls = Calls::new(&world, 6);
        let hour = |hour: i64| NOON_MS + hour * HOUR_MS;
        let outages = (0..6)
            .map(|provider| (0..2_160).filter(|it| calls.is_outage(provider, hour(*it))).count());
        let outages: Vec<usize> = outages.collect();
        assert!(outages.iter().all(|count| (2..30).contains(count)), "{outages:?}");

        let at = (0..2_160).map(hour).find(|at| calls.is_outage(0, *at)).unwrap();
        let mut calls = Calls::new(&world, 6);
        let rows = calls.minute(Minute { from_ms: at - at % HOUR_MS, rows: 5_000 });
        let failed = |provider| {
            let rows: Vec<_> =
                rows.iter().filter(|row| row.provider_id == Some(provider)).cloned().collect();
            share(&rows, |row| row.status == CallStatus::Error)
        };
        assert!(failed(1) > 0.35 && failed(2) < 0.1, "{} {}", failed(1), failed(2));
    }
}
