//! What app tokens may still spend, and who holds how much of it: `t_budget_periods` and
//! `t_budget_leases`.
//!
//! A period's row is the ledger: what was ever handed out of the budget and not given back. It
//! never passes the budget, because a lease is one UPDATE that looks at the budget itself. A
//! holder's row says how much of that it has, and what it has spent of it. Only its holder writes
//! it, each time under the condition that it says what the holder last wrote: where an answer was
//! lost on the way, the holder reads its row to learn what became of the change.

mod standing;

use chrono::{DateTime, NaiveDate, Utc};
use tollgate_domain::limit::BudgetPeriod;
use tollgate_domain::{AppTokenId, NanoUsd};

use crate::Store;
use crate::db::{WriteTx, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
pub use standing::BudgetStanding;

/// The tables of budgets.
#[derive(Clone, Copy, Debug)]
pub struct Budgets<'s> {
    store: &'s Store,
}

/// One app token's budget in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetKey {
    /// The token.
    pub token: AppTokenId,
    /// The period's first day: [`BudgetPeriod::start`].
    pub period_start: NaiveDate,
}

/// Who holds a slice, until when it is believed to be alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The instance, by a name that no other one and no later run of it has.
    pub instance: String,
    /// When it is taken to have vanished.
    pub expires_at: DateTime<Utc>,
}

/// What a holder's row says; no row says the same as nothing held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// What it leased and did not give back, what it has spent included.
    pub leased: NanoUsd,
    /// What it has spent of it.
    pub spent: NanoUsd,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is done.
    Done,
    /// The budget has not that much left.
    Refused,
    /// The holder's row is another than it believes: somebody freed its slice.
    Lost,
}

impl Store {
    /// The tables of budgets.
    #[must_use]
    pub const fn budgets(&self) -> Budgets<'_> {
        Budgets { store: self }
    }
}

impl Budgets<'_> {
    /// Hands `more` of the budget to a holder, all of it or nothing, and notes what it has `spent`.
    /// The budget is what the token's row says now; [`Moved::Refused`] also where that row has
    /// another period by now, or no budget.
    ///
    /// # Errors
    /// Those of the database; `Unavailable` does not tell whether it was done.
    pub async fn lease(
        &self,
        (key, period): (BudgetKey, BudgetPeriod),
        holder: &Holder,
        (from, spent): (Holding, NanoUsd),
        more: NanoUsd,
        now: DateTime<Utc>,
    ) -> StoreResult<Moved> {
        const SQL: &str = "
            UPDATE t_budget_periods
            SET leased_nanousd = leased_nanousd + ?, updated_at = ?
            WHERE token_id = ? AND period_start = ?
                AND leased_nanousd + ? <= (
                    SELECT budget_nanousd
                    FROM t_app_tokens
                    WHERE id = ? AND budget_period = ? AND deleted_at IS NULL)";
        let mut tx = self.store.db().begin_write().await?;
        if from == Holding::default() {
            open(&mut tx, key, now).await?;
        }
        let granted = on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(more.get())
                .bind(Moment(now))
                .bind(key.token.get())
                .bind(key.period_start)
                .bind(more.get())
                .bind(key.token.get())
                .bind(period.as_str())
                .execute(&mut *conn)
                .await?
                .rows_affected()
        });
        if granted == 0 {
            return Ok(Moved::Refused);
        }
        let to = Holding { leased: from.leased + more, spent };
        if !hold(&mut tx, key, holder, from, to, now).await? {
            return Ok(Moved::Lost);
        }
        tx.commit().await?;
        Ok(Moved::Done)
    }

    /// Makes a holder's row say `to`: it gives back what `to` has less, and where a call cost more
    /// than any bound foresaw, it has more, whatever the budget.
    ///
    /// # Errors
    /// As [`Budgets::lease`].
    pub async fn settle(
        &self,
        key: BudgetKey,
        holder: &Holder,
        (from, to): (Holding, Holding),
        now: DateTime<Utc>,
    ) -> StoreResult<Moved> {
        let mut tx = self.store.db().begin_write().await?;
        if from == Holding::default() {
            open(&mut tx, key, now).await?;
        }
        move_ledger(&mut tx, key, (to.leased - from.leased, NanoUsd::ZERO), now).await?;
        if !hold(&mut tx, key, holder, from, to, now).await? {
            return Ok(Moved::Lost);
        }
        tx.commit().await?;
        Ok(Moved::Done)
    }

    /// Gives back all that a holder has not `spent`, and takes its row away.
    ///
    /// # Errors
    /// As [`Budgets::lease`].
    pub async fn close(
        &self,
        key: BudgetKey,
        instance: &str,
        (from, spent): (Holding, NanoUsd),
        now: DateTime<Utc>,
    ) -> StoreResult<Moved> {
        const SQL: &str = "
            DELETE FROM t_budget_leases
            WHERE token_id = ? AND period_start = ? AND instance_id = ?
                AND leased_nanousd = ? AND spent_nanousd = ?";
        let mut tx = self.store.db().begin_write().await?;
        move_ledger(&mut tx, key, (spent - from.leased, spent), now).await?;
        let closed = on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(key.token.get())
                .bind(key.period_start)
                .bind(instance)
                .bind(from.leased.get())
                .bind(from.spent.get())
                .execute(&mut *conn)
                .await?
                .rows_affected()
        });
        if closed == 0 {
            return Ok(Moved::Lost);
        }
        tx.commit().await?;
        Ok(Moved::Done)
    }
}

/// Makes the period's row where there is none.
async fn open(tx: &mut WriteTx, key: BudgetKey, now: DateTime<Utc>) -> StoreResult<()> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_budget_periods (token_id, period_start, created_at, updated_at)
         VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE token_id = token_id",
        "INSERT INTO t_budget_periods (token_id, period_start, created_at, updated_at)
         VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    );
    on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(key.token.get())
            .bind(key.period_start)
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

/// Adds to what is handed out, and to what holders that are gone have spent.
async fn move_ledger(
    tx: &mut WriteTx,
    key: BudgetKey,
    (leased, spent): (NanoUsd, NanoUsd),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_budget_periods
        SET leased_nanousd = leased_nanousd + ?, spent_nanousd = spent_nanousd + ?, updated_at = ?
        WHERE token_id = ? AND period_start = ?";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(leased.get())
            .bind(spent.get())
            .bind(Moment(now))
            .bind(key.token.get())
            .bind(key.period_start)
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

/// Makes the holder's row say `to` where it says `from`; tells whether it did.
async fn hold(
    tx: &mut WriteTx,
    key: BudgetKey,
    holder: &Holder,
    from: Holding,
    to: Holding,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    const SQL: &str = "
        UPDATE t_budget_leases
        SET leased_nanousd = ?, spent_nanousd = ?, expires_at = ?, updated_at = ?
        WHERE token_id = ? AND period_start = ? AND instance_id = ?
            AND leased_nanousd = ? AND spent_nanousd = ?";
    if from == Holding::default() {
        return begin_to_hold(tx, key, holder, to, now).await;
    }
    let held = on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(to.leased.get())
            .bind(to.spent.get())
            .bind(Moment(holder.expires_at))
            .bind(Moment(now))
            .bind(key.token.get())
            .bind(key.period_start)
            .bind(&holder.instance)
            .bind(from.leased.get())
            .bind(from.spent.get())
            .execute(&mut *conn)
            .await?
            .rows_affected()
    });
    Ok(held > 0)
}

/// The same for a holder that has nothing yet, and maybe no row.
async fn begin_to_hold(
    tx: &mut WriteTx,
    key: BudgetKey,
    holder: &Holder,
    to: Holding,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_budget_leases (token_id, period_start, instance_id, leased_nanousd,
             spent_nanousd, expires_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE leased_nanousd = leased_nanousd + VALUES(leased_nanousd),
             spent_nanousd = spent_nanousd + VALUES(spent_nanousd),
             expires_at = VALUES(expires_at), updated_at = VALUES(updated_at)",
        "INSERT INTO t_budget_leases (token_id, period_start, instance_id, leased_nanousd,
             spent_nanousd, expires_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (token_id, period_start, instance_id) DO UPDATE
         SET leased_nanousd = leased_nanousd + excluded.leased_nanousd,
             spent_nanousd = spent_nanousd + excluded.spent_nanousd,
             expires_at = excluded.expires_at, updated_at = excluded.updated_at",
    );
    on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(key.token.get())
            .bind(key.period_start)
            .bind(&holder.instance)
            .bind(to.leased.get())
            .bind(to.spent.get())
            .bind(Moment(holder.expires_at))
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await?;
    });
    Ok(true)
}
