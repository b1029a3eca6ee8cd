//! Sums, trends and rankings for analysts.
//!
//! Calls are counted by their final attempt; tokens and cost by every attempt, since each may have
//! cost something. What hours and days of UTC add up to is in the tables of usage; `cut` says which
//! part of a time they have, and the records tell the rest. Buckets of time are cut in Rust, where
//! time zones are known, at full hours. A report reads one snapshot, and for a bounded time.

mod breakdown;
mod calendar;
pub(crate) mod calls;
mod cut;
mod dashboard;
mod dimension;
mod error_trend;
mod errors;
mod latency;
mod series;
mod sums;
mod tables;
mod tally;
mod trend;
pub(crate) mod unpriced;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, UserId};

use crate::Store;
use crate::conditions::Conditions;
use crate::error::StoreResult;
use crate::moment::comparable;
use crate::read_tx::{ReadTx, in_time};
use calendar::{Bucket, buckets};
use cut::{KnownHours, Range};

pub use breakdown::{MAX_PAIRS, PairRow};
pub use calendar::{Unit, day_start, shifted_minutes};
pub use dashboard::Dashboard;
pub use dimension::Dimension;
pub use error_trend::{ErrorLine, ErrorTrend};
pub use errors::{CodeCount, ErrorReport, KeyCount};
pub use latency::Latency;
pub use series::{Line, Rank, Series, SeriesPoint};
pub use sums::UsageSums;
pub use trend::{Trend, TrendPoint, TrendQuery};
pub use unpriced::UnpricedModel;

/// The most groups in an answer that is not cut by time; callers may name any number of models.
const MAX_GROUPS: usize = 5_000;
/// How long a report may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Reports over the recorded calls.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'s> {
    store: &'s Store,
    limit: Duration,
}

/// What usage is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageQuery {
    /// Arrived not before.
    pub from: DateTime<Utc>,
    /// Arrived before.
    pub to: DateTime<Utc>,
    /// What a row of the answer stands for.
    pub group_by: GroupBy,
    /// Where hours, days and months begin.
    pub tz: Tz,
    /// Which attempts count.
    pub filter: UsageFilter,
}

/// Which attempts count; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageFilter {
    /// Sent to this provider.
    pub provider_id: Option<ProviderId>,
    /// Sent to this model.
    pub model: Option<String>,
    /// Sent with this key.
    pub key_id: Option<ApiKeyId>,
    /// Of this app token.
    pub app_id: Option<AppTokenId>,
    /// Of this user.
    pub user_id: Option<UserId>,
    /// Of this end user.
    pub end_user: Option<String>,
}

/// What a row of usage stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// A clock hour.
    Hour,
    /// A calendar day.
    Day,
    /// A calendar month.
    Month,
    /// A provider.
    Provider,
    /// The model that was called, whoever serves it.
    Model,
    /// An upstream key.
    Key,
    /// An app token.
    App,
    /// A user.
    User,
}

/// Sums of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// Whose they are.
    pub group: Group,
    /// The sums.
    pub sums: UsageSums,
}

/// What a group is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// An hour (`2026-11-21T14:00:00+08:00`), a day (`2026-11-21`) or a month (`2026-11`).
    Time(String),
    /// A provider, key, app token or user.
    Row {
        /// Its id.
        id: i64,
        /// Its name, also of a deleted one.
        name: Option<String>,
    },
    /// A model, by its code.
    Model(String),
    /// Attempts that have none: refused before a key was chosen, or made without an app token.
    None,
}

impl Store {
    /// Reports over the recorded calls, each of which may take [`TIME_LIMIT`].
    #[must_use]
    pub const fn reports(&self) -> Reports<'_> {
        Reports { store: self, limit: TIME_LIMIT }
    }
}

impl Reports<'_> {
    /// The same, each of which may take `limit`.
    #[must_use]
    pub const fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Usage by group: times oldest first, anything else by most calls, at most 5,000 of them.
    /// Groups in which nothing happened are left out.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn usage(&self, query: &UsageQuery) -> StoreResult<Vec<UsageRow>> {
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let rows = in_time(self.limit, usage(&mut tx, query)).await?;
        tx.end().await?;
        Ok(rows)
    }

    /// The models whose attempts from `from` to before `to` used tokens, or were answered, and have
    /// no price, those with most of them first.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn unpriced(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> StoreResult<Vec<UnpricedModel>> {
        let range = (comparable(from), comparable(to));
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let models = in_time(self.limit, unpriced::of_range(&mut tx, range)).await?;
        tx.end().await?;
        Ok(models)
    }
}

impl GroupBy {
    /// The unit of time that groups are, or what they are instead.
    const fn parts(self) -> Result<Unit, Dimension> {
        match self {
            Self::Hour => Ok(Unit::Hour),
            Self::Day => Ok(Unit::Day),
            Self::Month => Ok(Unit::Month),
            Self::Provider => Err(Dimension::Provider),
            Self::Model => Err(Dimension::Model),
            Self::Key => Err(Dimension::Key),
            Self::App => Err(Dimension::App),
            Self::User => Err(Dimension::User),
        }
    }
}

async fn usage(tx: &mut ReadTx, query: &UsageQuery) -> StoreResult<Vec<UsageRow>> {
    let range = (comparable(query.from), comparable(query.to));
    let known = match query.filter.end_user {
        Some(_) => KnownHours::unknown(tx).await?,
        None => KnownHours::read(tx, range).await?,
    };
    match query.group_by.parts() {
        Ok(unit) => by_time(tx, query, &known, range, unit).await,
        Err(dimension) => {
            let pieces = known.cut(&[range], true);
            let sums = tally::by_member(tx, &query.filter, dimension, &pieces).await?;
            dimension.groups(tx, ranked(sums, MAX_GROUPS)).await
        }
    }
}

/// Usage per hour, day or month, oldest first, without empty ones.
async fn by_time(
    tx: &mut ReadTx,
    query: &UsageQuery,
    known: &KnownHours,
    range: Range,
    unit: Unit,
) -> StoreResult<Vec<UsageRow>> {
    // A range of centuries is no more work than what happened in it.
    let Some((from, to)) = known.recorded(range) else { return Ok(Vec::new()) };
    let buckets = buckets(from, to, unit, query.tz);
    let ranges: Vec<Range> = buckets.iter().map(Bucket::range).collect();
    let pieces = known.cut(&ranges, unit != Unit::Hour);
    let sums = tally::by_bucket(tx, &query.filter, ranges.len(), &pieces).await?;
    let happened = buckets.into_iter().zip(sums).filter(|(_, sums)| !sums.is_empty());
    Ok(happened.map(|(bucket, sums)| UsageRow { group: Group::Time(bucket.label), sums }).collect())
}

/// The first `limit` members by most calls, without those in which nothing happened.
fn ranked(
    sums: HashMap<Option<String>, UsageSums>,
    limit: usize,
) -> Vec<(Option<String>, UsageSums)> {
    let mut ranked: Vec<_> = sums.into_iter().filter(|(_, sums)| !sums.is_empty()).collect();
    let calls = |sums: &UsageSums| (sums.requests, sums.attempts);
    // Ids are texts here; the shorter one is the smaller.
    let place = |member: &Option<String>| member.as_ref().map(|name| name.parse::<i64>().ok());
    ranked.sort_unstable_by(|(one, ones), (other, others)| {
        let by_calls = calls(others).cmp(&calls(ones));
        by_calls.then_with(|| place(one).cmp(&place(other))).then_with(|| one.cmp(other))
    });
    ranked.truncate(limit);
    ranked
}

impl UsageFilter {
    /// The records of a range that it leaves.
    fn within(&self, (from, to): Range) -> Conditions<'_> {
        let times = Conditions::new("1 = 1")
            .given("created_at >= ?", Some(from))
            .given("created_at < ?", Some(to));
        self.narrow(times).given("end_user = ?", self.end_user.as_deref())
    }

    /// `conditions` and those that the records and the tables of usage have the columns for.
    fn narrow<'f>(&'f self, conditions: Conditions<'f>) -> Conditions<'f> {
        conditions
            .given("provider_id = ?", self.provider_id.map(ProviderId::get))
            .given("model_code = ?", self.model.as_deref())
            .given("key_id = ?", self.key_id.map(ApiKeyId::get))
            .given("app_id = ?", self.app_id.map(AppTokenId::get))
            .given("user_id = ?", self.user_id.map(UserId::get))
    }

    /// What holds for every row of the tables of usage that it leaves: never anything where it names
    /// the id 0, by which they know calls that have none.
    fn basis(&self) -> &'static str {
        let ids = [
            self.provider_id.map(ProviderId::get),
            self.key_id.map(ApiKeyId::get),
            self.app_id.map(AppTokenId::get),
            self.user_id.map(UserId::get),
        ];
        if ids.contains(&Some(0)) { "1 = 0" } else { "1 = 1" }
    }

    /// What it names, as the tables of totals do.
    fn members(&self) -> Vec<(Dimension, String)> {
        let members = [
            (Dimension::Provider, self.provider_id.map(|id| id.get().to_string())),
            (Dimension::Model, self.model.clone()),
            (Dimension::Key, self.key_id.map(|id| id.get().to_string())),
            (Dimension::App, self.app_id.map(|id| id.get().to_string())),
            (Dimension::User, self.user_id.map(|id| id.get().to_string())),
        ];
        members.into_iter().filter_map(|(of, member)| Some((of, member?))).collect()
    }
}
