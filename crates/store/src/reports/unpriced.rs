//! Which models lack a price.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::ProviderId;

use super::UsageFilter;
use super::cut::{KnownHours, Piece, Range, Source};
use super::dimension::names_of;
use super::tally::{PIECES_PER_STATEMENT, union};
use crate::conditions::{Conditions, UNPRICED, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};
use crate::read_tx::ReadTx;

/// The most models in an answer.
const MAX_MODELS: usize = 500;

/// A model whose attempts used tokens, or were answered, and have no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpricedModel {
    /// Who serves it; `None` where no provider was asked.
    pub provider_id: Option<ProviderId>,
    /// Its provider's code, also of a deleted one.
    pub provider_code: Option<String>,
    /// The model that was called.
    pub model: Option<String>,
    /// Such attempts.
    pub attempts: i64,
    /// Those of them that calls ended with.
    pub calls: i64,
    /// Their tokens.
    pub tokens: i64,
    /// When the first of them arrived.
    pub first_at: DateTime<Utc>,
    /// When the last of them arrived.
    pub last_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ModelRow {
    provider_id: Option<i64>,
    model_code: Option<String>,
    attempts: i64,
    calls: i64,
    tokens: i64,
    first_at: Option<DateTime<Utc>>,
    last_at: Option<DateTime<Utc>>,
}

/// The models of a range, those with most such attempts first, as far as their records are kept:
/// the tables of usage say where to look.
pub(super) async fn of_range(tx: &mut ReadTx, range: Range) -> StoreResult<Vec<UnpricedModel>> {
    let pieces = KnownHours::read(tx, range).await?.cut(&[range], true);
    let mut models: BTreeMap<(Option<i64>, Option<String>), UnpricedModel> = BTreeMap::new();
    let mut seen: Vec<(Option<String>, Range)> = Vec::new();
    for piece in &pieces {
        match piece.source {
            Source::Records { after_id: None } => seen.push((None, piece.range)),
            // Of an hour past the retention, which is in the hourly tables.
            Source::Records { .. } => {}
            Source::Hours | Source::Days => {
                let found = seen_in(tx, piece).await?;
                seen.extend(found.into_iter().map(|(model, range)| (Some(model), range)));
            }
        }
    }
    for chunk in seen.chunks(PIECES_PER_STATEMENT) {
        for row in rows(tx, chunk).await? {
            add(&mut models, row);
        }
    }
    let mut models: Vec<UnpricedModel> = models.into_values().collect();
    models.sort_by_key(|model| std::cmp::Reverse(model.attempts));
    models.truncate(MAX_MODELS);
    let ids: Vec<i64> = models.iter().filter_map(|model| Some(model.provider_id?.get())).collect();
    let codes = names_of(tx, "id, provider_code FROM t_ai_providers", &ids).await?;
    for model in &mut models {
        model.provider_code = model.provider_id.and_then(|id| codes.get(&id.get()).cloned());
    }
    Ok(models)
}

/// The models that have such attempts in a range, `None` where there are more than `most`; one of
/// the attempts may have no model.
pub(crate) async fn models(
    tx: &mut ReadTx,
    range: Range,
    most: usize,
) -> StoreResult<Option<BTreeSet<Option<String>>>> {
    let range = (comparable(range.0), comparable(range.1));
    let pieces = KnownHours::read(tx, range).await?.cut(&[range], true);
    let mut models = BTreeSet::new();
    for piece in &pieces {
        if let Source::Records { after_id } = piece.source {
            models.extend(seen_live(tx, piece.range, after_id).await?);
        } else {
            let found = seen_in(tx, piece).await?.into_iter();
            models.extend(found.map(|(model, _)| Some(model).filter(|model| !model.is_empty())));
        }
    }
    Ok(Some(models).filter(|models| models.len() <= most))
}

/// The models with such attempts among the records of a range.
async fn seen_live(
    tx: &mut ReadTx,
    range: Range,
    after_id: Option<i64>,
) -> StoreResult<Vec<Option<String>>> {
    let everything = UsageFilter::default();
    let conditions = everything.within(range).also(UNPRICED).given("id > ?", after_id);
    let sql = format!(
        "{} DISTINCT model_code FROM t_ai_api_logs WHERE {}",
        tx.select(),
        conditions.sql()
    );
    Ok(on_tx!(tx, |conn| {
        bind_all!(sqlx::query_scalar(AssertSqlSafe(sql)), conditions.values())
            .fetch_all(&mut *conn)
            .await?
    }))
}

/// The models with such attempts in a piece of the tables of usage, and when these arrived at the
/// earliest and latest.
async fn seen_in(tx: &mut ReadTx, piece: &Piece) -> StoreResult<Vec<(String, Range)>> {
    const HOURS: &str = "
        member, MIN(stat_hour), MAX(stat_hour)
        FROM t_ai_usage_totals
        WHERE dimension = 'model' AND stat_hour >= ? AND stat_hour < ? AND unpriced > 0
        GROUP BY member";
    const DAYS: &str = "
        member, MIN(stat_day), MAX(stat_day)
        FROM t_ai_usage_totals_daily
        WHERE dimension = 'model' AND stat_day >= ? AND stat_day < ? AND unpriced > 0
        GROUP BY member";
    let (rest, step) = match piece.source {
        Source::Days => (DAYS, TimeDelta::days(1)),
        _ => (HOURS, TimeDelta::hours(1)),
    };
    let sql = format!("{}{rest}", tx.select());
    let rows: Vec<(String, DateTime<Utc>, DateTime<Utc>)> = on_tx!(tx, |conn| {
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(Moment(piece.range.0))
            .bind(Moment(piece.range.1))
            .fetch_all(&mut *conn)
            .await?
    });
    Ok(rows.into_iter().map(|(model, first, last)| (model, (first, last + step))).collect())
}

/// The sums of such attempts of each model (any, where none is named) in its range, by provider.
async fn rows(tx: &mut ReadTx, seen: &[(Option<String>, Range)]) -> StoreResult<Vec<ModelRow>> {
    let filters: Vec<UsageFilter> = seen
        .iter()
        .map(|(model, _)| UsageFilter {
            model: model.clone().filter(|model| !model.is_empty()),
            ..UsageFilter::default()
        })
        .collect();
    let selects = filters.iter().zip(seen).map(|(filter, (model, range))| {
        let nameless = model.as_deref() == Some("");
        let conditions = filter.within(*range).also(UNPRICED);
        let conditions = if nameless { conditions.also("model_code IS NULL") } else { conditions };
        let sql = format!(
            "provider_id, model_code, COUNT(*) AS attempts,
                COUNT(CASE WHEN is_final THEN 1 END) AS calls,
                CAST(COALESCE(SUM(total_tokens), 0) AS SIGNED INTEGER) AS tokens,
                MIN(created_at) AS first_at, MAX(created_at) AS last_at
            FROM t_ai_api_logs
            WHERE {}
            GROUP BY provider_id, model_code",
            conditions.sql()
        );
        (sql, conditions)
    });
    let (sql, conditions) = union(tx, selects);
    let values = conditions.iter().flat_map(Conditions::values);
    Ok(on_tx!(tx, |conn| {
        bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values)
            .persistent(false)
            .fetch_all(&mut *conn)
            .await?
    }))
}

fn add(models: &mut BTreeMap<(Option<i64>, Option<String>), UnpricedModel>, row: ModelRow) {
    let (Some(first_at), Some(last_at)) = (row.first_at, row.last_at) else { return };
    let model = models.entry((row.provider_id, row.model_code.clone())).or_insert(UnpricedModel {
        provider_id: row.provider_id.map(ProviderId::new),
        provider_code: None,
        model: row.model_code,
        attempts: 0,
        calls: 0,
        tokens: 0,
        first_at,
        last_at,
    });
    model.attempts += row.attempts;
    model.calls += row.calls;
    model.tokens += row.tokens;
    model.first_at = model.first_at.min(first_at);
    model.last_at = model.last_at.max(last_at);
}
