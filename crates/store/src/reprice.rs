//! Pricing recorded attempts again, by the prices that are known now for the time of their call.
//!
//! What an attempt used stays; which price it has and what it cost follow the versions in
//! `t_ai_model_prices`, as the gateway would price it. Attempts that used no tokens are left alone,
//! and so are those of hours past the retention, whose sums can no longer be made anew.

mod prices;
mod report;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, QueryBuilder};
use tollgate_domain::time::hour_of;
use tollgate_domain::usage::TokenUsage;
use tollgate_domain::{NanoUsd, PriceId, ProviderId};

use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};
use crate::pieces::pieces;
use crate::{Store, stat_hours};
use prices::KnownPrices;

pub use prices::SupposedPrice;
pub use report::{RepriceReport, RepricedModel};

/// Attempts read at a time, and changed in one transaction at most.
const CHUNK: i64 = 2_000;
/// Attempts changed by one statement.
const PER_STATEMENT: usize = 200;

/// Which attempts to price again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepriceQuery {
    /// Of calls that arrived not before.
    pub from: DateTime<Utc>,
    /// Of calls that arrived before.
    pub to: DateTime<Utc>,
    /// Sent to this provider; `None` is any.
    pub provider_id: Option<ProviderId>,
    /// Sent to the model of this code; `None` is any.
    pub model_code: Option<String>,
}

/// What an attempt is priced by, and what it costs.
type Bill = (Option<PriceId>, Option<NanoUsd>);

/// What pricing needs of a recorded attempt.
#[derive(sqlx::FromRow)]
struct Used {
    id: i64,
    created_at: DateTime<Utc>,
    provider_id: i64,
    model_code: String,
    prompt_tokens: i64,
    cached_tokens: i64,
    cache_write_tokens: i64,
    cache_write_1h_tokens: i64,
    completion_tokens: i64,
    reasoning_tokens: i64,
    price_id: Option<i64>,
    cost_nanousd: Option<i64>,
}

/// An attempt, and its bill by the prices that are known now.
struct Billed {
    used: Used,
    now: Bill,
}

impl Store {
    /// Prices recorded attempts again, a bounded number at a time, and tells what that changes; in a
    /// `dry_run` nothing is changed. An attempt and the mark of its hour, by which the tables of
    /// usage follow, change in the same transaction. Done again, or after a run that broke off, it
    /// changes what is left.
    ///
    /// # Errors
    /// Those of the database. What was changed before stays changed.
    pub async fn reprice(
        &self,
        query: &RepriceQuery,
        dry_run: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<RepriceReport> {
        let known = KnownPrices::load(self).await?;
        self.price_again(query, &known, (!dry_run).then_some(now), u64::MAX).await
    }

    /// The same for the first attempts only, `most` of them or up to a few thousand more; the
    /// report tells from which moment on the rest is left. `supposed` holds too, as if it were set,
    /// in a `dry_run`.
    ///
    /// # Errors
    /// As [`Store::reprice`].
    pub async fn reprice_some(
        &self,
        query: &RepriceQuery,
        supposed: Option<&SupposedPrice>,
        dry_run: bool,
        most: u64,
        now: DateTime<Utc>,
    ) -> StoreResult<RepriceReport> {
        let mut known = KnownPrices::load(self).await?;
        if let Some(supposed) = supposed.filter(|_| dry_run) {
            known.suppose(supposed);
        }
        self.price_again(query, &known, (!dry_run).then_some(now), most).await
    }

    /// Prices again by the prices in `known`; nothing is written where there is no `written_at`.
    async fn price_again(
        &self,
        query: &RepriceQuery,
        known: &KnownPrices,
        written_at: Option<DateTime<Utc>>,
        most: u64,
    ) -> StoreResult<RepriceReport> {
        let mut report = RepriceReport::default();
        let mut after = (comparable(query.from), i64::MIN);
        let mut seen = 0;
        loop {
            let chunk = query.chunk(self, after).await?;
            let Some(last) = chunk.last() else { return Ok(report) };
            if seen >= most {
                report.left_from = chunk.first().map(|next| next.created_at);
                return Ok(report);
            }
            after = (last.created_at, last.id);
            seen += chunk.len() as u64;
            let mut billed: Vec<Billed> = chunk.into_iter().map(|used| known.bill(used)).collect();
            loop {
                billed = self.without_purged(billed, &mut report).await?;
                let Some(now) = written_at else { break };
                if write(self, &billed, now).await? {
                    break;
                }
            }
            billed.iter().for_each(|row| report.count(known.provider_code(&row.used), row));
        }
    }

    /// Those of hours whose sums can be made anew; the others are counted.
    async fn without_purged(
        &self,
        rows: Vec<Billed>,
        report: &mut RepriceReport,
    ) -> StoreResult<Vec<Billed>> {
        let (first, last) = hours_around(&rows);
        let purged: Vec<DateTime<Utc>> = on_pool!(self.db(), |pool| {
            sqlx::query_scalar(PURGED).bind(first).bind(last).fetch_all(pool).await?
        });
        let (gone, kept): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| purged.contains(&row.used.hour()));
        report.past_retention += gone.len() as u64;
        Ok(kept)
    }
}

const PURGED: &str = "
    SELECT hour
    FROM t_stat_hours
    WHERE purged_through_id IS NOT NULL AND hour >= ? AND hour <= ?";

/// The first and the last hour of rows, which are in the order of their arrival.
fn hours_around(rows: &[Billed]) -> (Moment, Moment) {
    let hour = |row: Option<&Billed>| row.map_or(DateTime::UNIX_EPOCH, |row| row.used.hour());
    (Moment(hour(rows.first())), Moment(hour(rows.last())))
}

/// Writes the bills that are others now. Answers `false`, and writes nothing, where one of the
/// hours was given up for purged meanwhile.
async fn write(store: &Store, rows: &[Billed], now: DateTime<Utc>) -> StoreResult<bool> {
    let changed: Vec<&Billed> = rows.iter().filter(|row| row.is_changed()).collect();
    if changed.is_empty() {
        return Ok(true);
    }
    let hours: BTreeSet<DateTime<Utc>> = changed.iter().map(|row| row.used.hour()).collect();
    let (first, last) = hours_around(rows);
    let mut tx = store.db().begin_write().await?;
    // First, while others mark last: from here on nobody gives one of these hours up for purged.
    stat_hours::mark(&mut tx, &hours, now).await?;
    let purged: Vec<DateTime<Utc>> = on_tx!(tx, |conn| {
        sqlx::query_scalar(PURGED).bind(first).bind(last).fetch_all(&mut *conn).await?
    });
    if purged.iter().any(|hour| hours.contains(hour)) {
        return Ok(false);
    }
    for some in pieces(&changed, PER_STATEMENT) {
        update(&mut tx, some).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Rows are in the order of their arrival, whose range spares MySQL the other days' partitions.
async fn update(tx: &mut WriteTx, rows: &[&Billed]) -> StoreResult<()> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
    on_tx!(tx, |conn: Driver| {
        let mut query = QueryBuilder::<Driver>::new("UPDATE t_ai_api_logs SET price_id = CASE id");
        for row in rows {
            query.push(" WHEN ").push_bind(row.used.id);
            query.push(" THEN ").push_bind(row.now.0.map(PriceId::get));
        }
        query.push(" END, cost_nanousd = CASE id");
        for row in rows {
            query.push(" WHEN ").push_bind(row.used.id);
            query.push(" THEN ").push_bind(row.now.1.map(NanoUsd::get));
        }
        query.push(" END WHERE created_at >= ").push_bind(Moment(first.used.created_at));
        query.push(" AND created_at <= ").push_bind(Moment(last.used.created_at));
        query.push(" AND id IN (");
        let mut ids = query.separated(", ");
        for row in rows {
            ids.push_bind(row.used.id);
        }
        query.push(")");
        query.build().execute(&mut *conn).await?;
    });
    Ok(())
}

impl RepriceQuery {
    /// The attempts that follow the one of this arrival and id.
    async fn chunk(
        &self,
        store: &Store,
        (arrived, id): (DateTime<Utc>, i64),
    ) -> StoreResult<Vec<Used>> {
        let sql = format!(
            "SELECT id, created_at, provider_id, model_code, prompt_tokens, cached_tokens,
                 cache_write_tokens, cache_write_1h_tokens, completion_tokens, reasoning_tokens,
                 price_id, cost_nanousd
             FROM t_ai_api_logs
             WHERE created_at >= ? AND created_at < ? AND (created_at > ? OR id > ?)
                 AND provider_id IS NOT NULL AND model_code IS NOT NULL AND total_tokens > 0
                 {} {}
             ORDER BY created_at, id
             LIMIT ?",
            self.provider_id.map_or("", |_| "AND provider_id = ?"),
            self.model_code.as_ref().map_or("", |_| "AND model_code = ?"),
        );
        let (from, to) = (Moment(arrived), Moment(comparable(self.to)));
        Ok(on_pool!(store.db(), |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            query = query.bind(from).bind(to).bind(from).bind(id);
            if let Some(provider) = self.provider_id {
                query = query.bind(provider.get());
            }
            if let Some(model) = &self.model_code {
                query = query.bind(model);
            }
            query.bind(CHUNK).fetch_all(pool).await?
        }))
    }
}

impl Used {
    fn usage(&self) -> TokenUsage {
        TokenUsage {
            prompt: self.prompt_tokens,
            cached: self.cached_tokens,
            cache_write: self.cache_write_tokens,
            cache_write_1h: self.cache_write_1h_tokens,
            completion: self.completion_tokens,
            reasoning: self.reasoning_tokens,
        }
    }

    /// The hour whose sums it is in.
    fn hour(&self) -> DateTime<Utc> {
        hour_of(self.created_at)
    }

    /// As it is on record.
    fn bill(&self) -> Bill {
        (self.price_id.map(PriceId::new), self.cost_nanousd.map(NanoUsd::new))
    }
}

impl Billed {
    fn is_changed(&self) -> bool {
        self.used.bill() != self.now
    }
}
