//! Reading how budgets stand.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use tollgate_domain::limit::{Budget, BudgetPeriod};
use tollgate_domain::{AppTokenId, NanoUsd};

use super::{BudgetKey, Budgets, Holding};
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;

/// How a budget stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetStanding {
    /// What was handed out and not given back, by everybody.
    pub leased: NanoUsd,
    /// What was spent of it, as far as holders have told.
    pub spent: NanoUsd,
    /// What other holders that are alive have and have not spent.
    pub others_unspent: NanoUsd,
}

impl Budgets<'_> {
    /// What a holder's row says; `None` where it has none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn holding(&self, key: BudgetKey, instance: &str) -> StoreResult<Option<Holding>> {
        const SQL: &str = "
            SELECT leased_nanousd, spent_nanousd
            FROM t_budget_leases
            WHERE token_id = ? AND period_start = ? AND instance_id = ?";
        let row: Option<(i64, i64)> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL)
                .bind(key.token.get())
                .bind(key.period_start)
                .bind(instance)
                .fetch_optional(pool)
                .await?
        });
        Ok(row.map(|(leased, spent)| Holding {
            leased: NanoUsd::new(leased),
            spent: NanoUsd::new(spent),
        }))
    }

    /// How a budget stands, `instance` being the one that asks.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standing(
        &self,
        key: BudgetKey,
        instance: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<BudgetStanding> {
        const LEDGER: &str = "
            SELECT leased_nanousd, spent_nanousd
            FROM t_budget_periods
            WHERE token_id = ? AND period_start = ?";
        const HOLDERS: &str = "
            SELECT CAST(COALESCE(SUM(spent_nanousd), 0) AS SIGNED INTEGER),
                CAST(COALESCE(SUM(CASE WHEN instance_id <> ? AND expires_at > ?
                    THEN leased_nanousd - spent_nanousd ELSE 0 END), 0) AS SIGNED INTEGER)
            FROM t_budget_leases
            WHERE token_id = ? AND period_start = ?";
        let (ledger, holders): (Option<(i64, i64)>, (i64, i64)) =
            on_pool!(self.store.db(), |pool| {
                let ledger = sqlx::query_as(LEDGER)
                    .bind(key.token.get())
                    .bind(key.period_start)
                    .fetch_optional(pool)
                    .await?;
                let holders = sqlx::query_as(HOLDERS)
                    .bind(instance)
                    .bind(Moment(now))
                    .bind(key.token.get())
                    .bind(key.period_start)
                    .fetch_one(pool)
                    .await?;
                (ledger, holders)
            });
        let (leased, gone) = ledger.unwrap_or_default();
        Ok(BudgetStanding {
            leased: NanoUsd::new(leased),
            spent: NanoUsd::new(gone) + NanoUsd::new(holders.0),
            others_unspent: NanoUsd::new(holders.1),
        })
    }

    /// What each of `tokens` has spent of its budget in the period that `now` lies in, as far as
    /// holders have told, in the order of `tokens`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn spent(
        &self,
        tokens: &[(AppTokenId, Budget)],
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<NanoUsd>> {
        const SQL: &str = "
            SELECT token_id, period_start, spent_nanousd
            FROM t_budget_periods
            WHERE period_start IN (?, ?, ?)
            UNION ALL
            SELECT token_id, period_start, spent_nanousd
            FROM t_budget_leases
            WHERE period_start IN (?, ?, ?)";
        let starts = [BudgetPeriod::Total, BudgetPeriod::Day, BudgetPeriod::Month]
            .map(|period| period.start(now));
        let rows: Vec<(i64, NaiveDate, i64)> = on_pool!(self.store.db(), |pool| {
            let mut query = sqlx::query_as(SQL);
            for start in starts.iter().chain(&starts) {
                query = query.bind(*start);
            }
            query.fetch_all(pool).await?
        });
        let mut spent = HashMap::new();
        for (token, start, amount) in rows {
            *spent.entry((token, start)).or_insert(NanoUsd::ZERO) += NanoUsd::new(amount);
        }
        let of = |(token, budget): &(AppTokenId, Budget)| {
            spent.get(&(token.get(), budget.period.start(now))).copied().unwrap_or_default()
        };
        Ok(tokens.iter().map(of).collect())
    }
}
