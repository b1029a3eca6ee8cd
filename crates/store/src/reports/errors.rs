//! What failed.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::{ApiKeyId, ProviderId};

use super::cut::{KnownHours, Piece, Range, Source};
use super::dimension::{Dimension, names_of};
use super::tally::{self, PIECES_PER_STATEMENT, merged, union};
use super::{Reports, UsageFilter, UsageSums};
use crate::conditions::{Conditions, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::moment::comparable;
use crate::read_tx::{ReadTx, in_time};

/// The most codes and keys in an answer.
const MAX_ROWS: usize = 200;

/// What failed, most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// Calls that failed.
    pub total_errors: i64,
    /// Calls that failed, by the code of the final attempt.
    pub by_code: Vec<CodeCount>,
    /// Attempts that failed, by key.
    pub by_key: Vec<KeyCount>,
}

/// Failures with one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCount {
    /// The code; `None` where none was recorded.
    pub code: Option<String>,
    /// How many calls failed with it.
    pub count: i64,
    /// How many attempts did, of calls that went well in the end, too.
    pub attempts: i64,
    /// With how many keys.
    pub keys: i64,
}

/// Failed attempts with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCount {
    /// The key.
    pub key_id: ApiKeyId,
    /// Its name, also of a deleted one.
    pub key_name: Option<String>,
    /// Its provider.
    pub provider_id: Option<ProviderId>,
    /// Its provider's code, also of a deleted one.
    pub provider_code: Option<String>,
    /// How many attempts failed.
    pub count: i64,
    /// How many were sent, those that went well included.
    pub sent: i64,
    /// The codes with which attempts failed, and how many did, most frequent first.
    pub codes: Vec<(Option<String>, i64)>,
}

/// Failures of one key with one code; `''` and 0 where there is none.
#[derive(sqlx::FromRow)]
struct FailedRow {
    code: String,
    provider_id: i64,
    key_id: i64,
    calls: i64,
    attempts: i64,
}

impl Reports<'_> {
    /// What failed of the calls that arrived from `from` to before `to`.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn errors(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        filter: &UsageFilter,
    ) -> StoreResult<ErrorReport> {
        let range = (comparable(from), comparable(to));
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let reading = async {
            let known = KnownHours::read(&mut tx, range).await?;
            of_range(&mut tx, filter, &known, range).await
        };
        let report = in_time(self.limit, reading).await?;
        tx.end().await?;
        Ok(report)
    }
}

/// What failed in a range.
pub(super) async fn of_range(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    known: &KnownHours,
    range: Range,
) -> StoreResult<ErrorReport> {
    let pieces = pieces(tx, filter, known, &[range], true).await?;
    let rows = rows(tx, filter, &pieces).await?;
    let sent = tally::by_member(tx, filter, Dimension::Key, &known.cut(&[range], true)).await?;
    Ok(ErrorReport {
        total_errors: rows.iter().map(|row| row.calls).sum(),
        by_code: by_code(&rows),
        by_key: by_key(tx, &rows, &sent).await?,
    })
}

/// The pieces of `ranges`, of the tables of errors as far as these have what `filter` names, and of
/// the records beyond.
pub(super) async fn pieces(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    known: &KnownHours,
    ranges: &[Range],
    with_days: bool,
) -> StoreResult<Vec<Piece>> {
    let is_theirs = filter.model.is_none()
        && filter.app_id.is_none()
        && filter.user_id.is_none()
        && filter.end_user.is_none();
    if is_theirs {
        return Ok(known.cut(ranges, with_days));
    }
    Ok(KnownHours::unknown(tx).await?.cut(ranges, with_days))
}

/// The table of a piece, its column of time, and the failures in it that `filter` leaves.
pub(super) fn failures<'f>(
    filter: &'f UsageFilter,
    piece: &Piece,
) -> (&'static str, Option<&'static str>, Conditions<'f>) {
    let (from, to) = piece.range;
    let (table, time, conditions) = match piece.source {
        Source::Records { after_id } => {
            let failed = filter.within(piece.range).also("status = 'error'");
            return ("t_ai_api_logs", None, failed.given("id > ?", after_id));
        }
        Source::Hours => {
            let times = Conditions::new(filter.basis()).given("stat_hour >= ?", Some(from));
            ("t_ai_error_stats", "stat_hour", times.given("stat_hour < ?", Some(to)))
        }
        Source::Days => {
            let times = Conditions::new(filter.basis()).given("stat_day >= ?", Some(from));
            ("t_ai_error_stats_daily", "stat_day", times.given("stat_day < ?", Some(to)))
        }
    };
    (table, Some(time), filter.narrow(conditions))
}

fn by_code(rows: &[FailedRow]) -> Vec<CodeCount> {
    let mut codes: HashMap<&str, (i64, BTreeSet<i64>)> = HashMap::new();
    for row in rows {
        let (attempts, keys) = codes.entry(&row.code).or_default();
        *attempts += row.attempts;
        keys.extend(Some(row.key_id).filter(|id| *id != 0));
    }
    let ranked = ranked(rows.iter().map(|row| (row.code.as_str(), row.calls)));
    let count = |(code, count)| {
        let (attempts, keys) = codes.remove(code).unwrap_or_default();
        let keys = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        CodeCount { code: named(code), count, attempts, keys }
    };
    ranked.into_iter().map(count).collect()
}

async fn by_key(
    tx: &mut ReadTx,
    rows: &[FailedRow],
    sent: &HashMap<Option<String>, UsageSums>,
) -> StoreResult<Vec<KeyCount>> {
    let rows: Vec<&FailedRow> = rows.iter().filter(|row| row.key_id != 0).collect();
    let by_key = ranked(rows.iter().map(|row| (row.key_id, row.attempts)));
    let ids: Vec<i64> = by_key.iter().map(|(id, _)| *id).collect();
    let names = names_of(tx, "id, key_name FROM t_ai_api_keys", &ids).await?;
    let mut providers: HashMap<i64, i64> = HashMap::new();
    for row in &rows {
        // A key has one provider; the newest, should the records know of several.
        let provider = providers.entry(row.key_id).or_default();
        *provider = row.provider_id.max(*provider);
    }
    let provider_ids = Vec::from_iter(providers.values().copied().collect::<BTreeSet<_>>());
    let codes = names_of(tx, "id, provider_code FROM t_ai_providers", &provider_ids).await?;
    let key = |(id, count): (i64, i64)| {
        let provider = providers.get(&id).copied().filter(|id| *id != 0);
        let of_key = rows.iter().filter(|row| row.key_id == id);
        let failed = ranked(of_key.map(|row| (row.code.as_str(), row.attempts)));
        KeyCount {
            key_id: ApiKeyId::new(id),
            key_name: names.get(&id).cloned(),
            provider_id: provider.map(ProviderId::new),
            provider_code: provider.and_then(|id| codes.get(&id).cloned()),
            count,
            sent: sent.get(&Some(id.to_string())).map_or(0, |sums| sums.attempts),
            codes: failed.into_iter().map(|(code, count)| (named(code), count)).collect(),
        }
    };
    Ok(by_key.into_iter().map(key).collect())
}

/// The code that the tables have; they have `''` for none.
pub(super) fn named(code: &str) -> Option<String> {
    Some(code.to_owned()).filter(|code| !code.is_empty())
}

async fn rows(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    pieces: &[Piece],
) -> StoreResult<Vec<FailedRow>> {
    let mut rows = Vec::new();
    for chunk in merged(pieces).chunks(PIECES_PER_STATEMENT) {
        let (sql, conditions) = union(tx, chunk.iter().map(|piece| select(filter, piece)));
        let values = conditions.iter().flat_map(Conditions::values);
        let found: Vec<FailedRow> = on_tx!(tx, |conn| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values).fetch_all(&mut *conn).await?
        });
        rows.extend(found);
    }
    Ok(rows)
}

/// The SELECT of a piece, without the word.
fn select<'f>(filter: &'f UsageFilter, piece: &Piece) -> (String, Conditions<'f>) {
    const OF_RECORDS: &str = "
        COALESCE(error_code, '') AS code, COALESCE(provider_id, 0) AS provider_id,
        COALESCE(key_id, 0) AS key_id,
        COUNT(CASE WHEN is_final THEN 1 END) AS calls,
        COUNT(CASE WHEN attempt > 0 THEN 1 END) AS attempts";
    const OF_USAGE: &str = "
        error_code AS code, provider_id, key_id,
        CAST(SUM(calls) AS SIGNED INTEGER) AS calls,
        CAST(SUM(attempts) AS SIGNED INTEGER) AS attempts";
    let (table, time, conditions) = failures(filter, piece);
    let columns = if time.is_some() { OF_USAGE } else { OF_RECORDS };
    let sql = format!(
        "{columns} FROM {table} WHERE {} GROUP BY error_code, provider_id, key_id",
        conditions.sql()
    );
    (sql, conditions)
}

/// Those with most failures first, without those that have none.
pub(super) fn ranked<T: Hash + Ord>(counts: impl Iterator<Item = (T, i64)>) -> Vec<(T, i64)> {
    let mut sums: HashMap<T, i64> = HashMap::new();
    for (of, count) in counts {
        *sums.entry(of).or_default() += count;
    }
    let mut ranked: Vec<(T, i64)> = sums.into_iter().filter(|(_, count)| *count > 0).collect();
    ranked.sort_unstable_by(|(one, ones), (other, others)| {
        others.cmp(ones).then_with(|| one.cmp(other))
    });
    ranked.truncate(MAX_ROWS);
    ranked
}
