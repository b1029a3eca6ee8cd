//! Sums, trends and rankings for analysts, answered from `t_ai_api_logs`.
//!
//! Calls are counted by their final attempt; tokens and cost by every attempt, since each may have
//! cost something. Buckets of time are cut in Rust, where time zones are known, and each is summed
//! by the database over a range of `created_at`, many ranges to a statement: every row is read
//! once, from an index, and nothing but sums is sent. Half-hour zones are cut exactly.

mod by_dimension;
mod by_time;
mod calendar;
mod errors;
mod latency;
mod sums;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, UserId};

use crate::Store;
use crate::conditions::Conditions;
use crate::error::StoreResult;
use crate::moment::comparable;
use by_dimension::Dimension;
use calendar::Unit;

pub use calendar::day_start;
pub use errors::{CodeCount, ErrorReport, KeyCount};
pub use latency::Latency;
pub use sums::UsageSums;

/// How many models and app tokens a dashboard ranks.
const TOP: i64 = 10;
/// The most groups in an answer that is not cut by time; callers may name any number of models.
const MAX_GROUPS: i64 = 5_000;

/// Reports over the recorded calls.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'s> {
    store: &'s Store,
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
    /// Sent to this model, or asked for by this name.
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

/// One day of a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendDay {
    /// The day.
    pub date: NaiveDate,
    /// Its sums; zeros for a day without calls.
    pub sums: UsageSums,
}

/// Everything on the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// Sums over all days.
    pub summary: UsageSums,
    /// How long successful calls took.
    pub latency: Latency,
    /// Each day, oldest first.
    pub trend: Vec<TrendDay>,
    /// What failed.
    pub errors: ErrorReport,
    /// The models with the most calls.
    pub top_models: Vec<UsageRow>,
    /// The app tokens with the most calls.
    pub top_apps: Vec<UsageRow>,
}

impl Store {
    /// Reports over the recorded calls.
    #[must_use]
    pub const fn reports(&self) -> Reports<'_> {
        Reports { store: self }
    }
}

impl Reports<'_> {
    /// Usage by group: times oldest first, anything else by most calls, at most 5,000 of them.
    /// Groups in which nothing happened are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn usage(&self, query: &UsageQuery) -> StoreResult<Vec<UsageRow>> {
        let dimension = match query.group_by {
            GroupBy::Hour => return by_time::usage(self.store, query, Unit::Hour).await,
            GroupBy::Day => return by_time::usage(self.store, query, Unit::Day).await,
            GroupBy::Month => return by_time::usage(self.store, query, Unit::Month).await,
            GroupBy::Provider => Dimension::Provider,
            GroupBy::Model => Dimension::Model,
            GroupBy::Key => Dimension::Key,
            GroupBy::App => Dimension::App,
            GroupBy::User => Dimension::User,
        };
        let conditions = query.filter.within("1 = 1", query.from, query.to);
        by_dimension::usage(self.store, dimension, &conditions, MAX_GROUPS).await
    }

    /// The last `days` calendar days in `tz`, today included, oldest first, empty ones too.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn trend(&self, days: u32, tz: Tz, now: DateTime<Utc>) -> StoreResult<Vec<TrendDay>> {
        let dates = last_days(days, tz, now);
        let ranges: Vec<_> =
            dates.iter().map(|date| (day_start(*date, tz), day_end(*date, tz))).collect();
        let sums = by_time::sums(self.store, &ranges, &UsageFilter::default()).await?;
        Ok(dates.into_iter().zip(sums).map(|(date, sums)| TrendDay { date, sums }).collect())
    }

    /// The dashboard of the last `days` calendar days in `tz`, today included.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn dashboard(&self, days: u32, tz: Tz, now: DateTime<Utc>) -> StoreResult<Dashboard> {
        let dates = last_days(days, tz, now);
        let from = dates.first().map_or(now, |date| day_start(*date, tz));
        let to = dates.last().map_or(now, |date| day_end(*date, tz));
        let everything = UsageFilter::default();
        let top = async |dimension: Dimension| {
            let conditions = everything.within(dimension.is_known(), from, to);
            by_dimension::usage(self.store, dimension, &conditions, TOP).await
        };
        let (trend, latency, errors, top_models, top_apps) = tokio::try_join!(
            self.trend(days, tz, now),
            latency::of_range(self.store, from, to),
            errors::of_range(self.store, from, to),
            top(Dimension::Model),
            top(Dimension::App),
        )?;
        let summary = trend.iter().map(|day| day.sums).sum();
        Ok(Dashboard { summary, latency, trend, errors, top_models, top_apps })
    }

    /// What failed of the calls that arrived from `from` to before `to`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn errors(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> StoreResult<ErrorReport> {
        errors::of_range(self.store, comparable(from), comparable(to)).await
    }
}

impl UsageFilter {
    fn within(
        &self,
        first: &'static str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Conditions<'_> {
        Conditions::new(first)
            .given("created_at >= ?", Some(from))
            .given("created_at < ?", Some(to))
            .given("provider_id = ?", self.provider_id.map(ProviderId::get))
            .given_twice("(model_code = ? OR requested_model = ?)", self.model.as_deref())
            .given("key_id = ?", self.key_id.map(ApiKeyId::get))
            .given("app_id = ?", self.app_id.map(AppTokenId::get))
            .given("user_id = ?", self.user_id.map(UserId::get))
            .given("end_user = ?", self.end_user.as_deref())
    }
}

fn last_days(days: u32, tz: Tz, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let today = now.with_timezone(&tz).date_naive();
    (0..days).rev().filter_map(|ago| today.checked_sub_days(Days::new(ago.into()))).collect()
}

fn day_end(date: NaiveDate, tz: Tz) -> DateTime<Utc> {
    day_start(date.succ_opt().unwrap_or(date), tz)
}
