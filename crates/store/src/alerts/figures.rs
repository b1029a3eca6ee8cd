//! What the rules of alerts look at.

mod keys;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tollgate_domain::{AppTokenId, ModelId, ProviderId};

use super::Alerts;
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;

pub use keys::KeyStanding;

/// The most models that one look finds.
const MAX_MODELS: i64 = 200;
/// How long before its end a call may have arrived to be looked at.
const LONGEST_CALL: TimeDelta = TimeDelta::minutes(30);

/// How calls ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct CallCounts {
    /// All of them.
    pub calls: i64,
    /// Those that failed.
    pub errors: i64,
}

/// A model that answered and has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpricedModel {
    /// Its provider.
    pub provider_id: ProviderId,
    /// Its provider's code.
    pub provider_code: String,
    /// Its code.
    pub model_code: String,
    /// How often it answered.
    pub calls: i64,
}

/// What is known of a model's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// It has one.
    Priced,
    /// It is listed without one.
    Unpriced,
    /// It was deleted.
    Gone,
    /// There is no such model in the list.
    Unlisted,
}

/// A model that its provider shuts down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingModel {
    /// The model.
    pub model_id: ModelId,
    /// Its code.
    pub model_code: String,
    /// Its provider's code.
    pub provider_code: String,
    /// When.
    pub shutdown_date: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct UnpricedRow {
    provider_id: i64,
    provider_code: String,
    model_code: String,
    calls: i64,
}

#[derive(sqlx::FromRow)]
struct EndingRow {
    id: i64,
    model_code: String,
    provider_code: String,
    shutdown_date: NaiveDate,
}

impl Alerts<'_> {
    /// How the calls ended that were over from `from` on, of those that arrived at most half an
    /// hour before: a provider that hangs fails calls which arrived long ago.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn call_counts(&self, from: DateTime<Utc>) -> StoreResult<CallCounts> {
        const MYSQL: &str = "
            SELECT COUNT(*) AS calls, COUNT(CASE WHEN status = 'error' THEN 1 END) AS errors
            FROM t_ai_api_logs
            WHERE created_at >= ? AND is_final = TRUE
                AND TIMESTAMPADD(MICROSECOND, latency_ms * 1000, started_at) >= ?";
        // Days as SQLite counts them are exact to less than a millisecond.
        const SQLITE: &str = "
            SELECT COUNT(*) AS calls, COUNT(CASE WHEN status = 'error' THEN 1 END) AS errors
            FROM t_ai_api_logs
            WHERE created_at >= ? AND is_final = TRUE
                AND ROUND((julianday(started_at) - julianday(?)) * 86400000) + latency_ms >= 0";
        let sql = self.store.db().dialect().pick(MYSQL, SQLITE);
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_as(sql)
                .bind(Moment(from - LONGEST_CALL))
                .bind(Moment(from))
                .fetch_one(pool)
                .await?
        }))
    }

    /// The models that answered without a price from `from` on, those with most calls first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unpriced(&self, from: DateTime<Utc>) -> StoreResult<Vec<UnpricedModel>> {
        const SQL: &str = "
            SELECT l.provider_id, p.provider_code, l.model_code, COUNT(*) AS calls
            FROM t_ai_api_logs l
            JOIN t_ai_providers p ON p.id = l.provider_id
            WHERE l.created_at >= ? AND l.status = 'success' AND l.cost_nanousd IS NULL
                AND l.model_code IS NOT NULL
            GROUP BY l.provider_id, p.provider_code, l.model_code
            ORDER BY calls DESC, l.provider_id, l.model_code
            LIMIT ?";
        let rows: Vec<UnpricedRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(Moment(from)).bind(MAX_MODELS).fetch_all(pool).await?
        });
        let models = rows.into_iter().map(|row| UnpricedModel {
            provider_id: ProviderId::new(row.provider_id),
            provider_code: row.provider_code,
            model_code: row.model_code,
            calls: row.calls,
        });
        Ok(models.collect())
    }

    /// What is known at `now` of the price of a provider's model.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pricing(
        &self,
        provider: ProviderId,
        model_code: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<Pricing> {
        const SQL: &str = "
            SELECT m.deleted_at IS NOT NULL AS is_gone,
                EXISTS (
                    SELECT 1
                    FROM t_ai_model_prices c
                    WHERE c.model_id = m.id AND c.valid_from <= ?) AS is_priced
            FROM t_ai_models m
            WHERE m.provider_id = ? AND m.model_code = ?";
        let found: Option<(bool, bool)> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL)
                .bind(Moment(now))
                .bind(provider.get())
                .bind(model_code)
                .fetch_optional(pool)
                .await?
        });
        Ok(match found {
            None => Pricing::Unlisted,
            Some((true, _)) => Pricing::Gone,
            Some((false, true)) => Pricing::Priced,
            Some((false, false)) => Pricing::Unpriced,
        })
    }

    /// Whether a provider's model was called from `from` on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn was_called(
        &self,
        provider: ProviderId,
        model_code: &str,
        from: DateTime<Utc>,
    ) -> StoreResult<bool> {
        const SQL: &str = "
            SELECT id
            FROM t_ai_api_logs
            WHERE model_code = ? AND created_at >= ? AND provider_id = ?
            LIMIT 1";
        let found: Option<i64> = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL)
                .bind(model_code)
                .bind(Moment(from))
                .bind(provider.get())
                .fetch_optional(pool)
                .await?
        });
        Ok(found.is_some())
    }

    /// The models of active providers with an active key that are shut down until `until`, those
    /// included that have been: those that are active, and those that were called from
    /// `used_since` on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn ending_models(
        &self,
        until: NaiveDate,
        used_since: DateTime<Utc>,
    ) -> StoreResult<Vec<EndingModel>> {
        const SQL: &str = "
            SELECT m.id, m.model_code, p.provider_code, m.shutdown_date
            FROM t_ai_models m
            JOIN t_ai_providers p ON p.id = m.provider_id
            WHERE m.shutdown_date IS NOT NULL AND m.shutdown_date <= ?
                AND m.deleted_at IS NULL AND p.deleted_at IS NULL AND p.is_active = TRUE
                AND EXISTS (
                    SELECT 1
                    FROM t_ai_api_keys k
                    WHERE k.provider_id = p.id AND k.is_active = TRUE AND k.deleted_at IS NULL)
                AND (m.is_active = TRUE AND m.lifecycle <> 'retired' OR EXISTS (
                    SELECT 1
                    FROM t_ai_api_logs l
                    WHERE l.model_code = m.model_code AND l.created_at >= ?
                        AND l.provider_id = m.provider_id))
            ORDER BY m.shutdown_date, m.id
            LIMIT ?";
        let rows: Vec<EndingRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL)
                .bind(until)
                .bind(Moment(used_since))
                .bind(MAX_MODELS)
                .fetch_all(pool)
                .await?
        });
        let models = rows.into_iter().map(|row| EndingModel {
            model_id: ModelId::new(row.id),
            model_code: row.model_code,
            provider_code: row.provider_code,
            shutdown_date: row.shutdown_date,
        });
        Ok(models.collect())
    }

    /// The app tokens that a call was refused of from `from` on, because of their budgets.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refused_for_budget(&self, from: DateTime<Utc>) -> StoreResult<Vec<AppTokenId>> {
        const SQL: &str = "
            SELECT DISTINCT app_id
            FROM t_ai_api_logs
            WHERE status = 'error' AND created_at >= ? AND error_code = 'budget_exceeded'
                AND app_id IS NOT NULL";
        let rows: Vec<i64> = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(Moment(from)).fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(AppTokenId::new).collect())
    }
}
