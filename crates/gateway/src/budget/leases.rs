//! Budgets and the database: who asks for more, gives back, and tells what was spent, off the path
//! of the calls.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::limit::Budget;
use tollgate_domain::{AppTokenId, Clock, NanoUsd, RequestId};
use tollgate_store::budgets::{BudgetKey, Holder, Moved};
use tollgate_store::{Store, StoreResult};

use crate::budget::Exchange;
use crate::budget::account::{Account, Plan, Reservation, Thoroughness};
use crate::budget::decide::Decision;
use crate::budget::estimate::Bound;
use crate::budget::overruns::Overruns;
use crate::error::{BudgetReason, CallError, Limited};

/// How long a call waits for its part of a budget.
const PATIENCE: Duration = Duration::from_secs(1);
/// When to try again where calls under way hold what is left.
const HELD_RETRY: Duration = Duration::from_secs(1);
/// How often an account is looked at while calls wait, and while none do.
const TICKS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(200));
/// How long an instance that says nothing is believed to be alive.
const LIFE: TimeDelta = TimeDelta::seconds(60);

/// The budgets of all app tokens, as far as this instance spends from them.
#[derive(Clone)]
pub(crate) struct Budgets {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    /// This run of this instance.
    instance: String,
    accounts: Mutex<HashMap<AppTokenId, Arc<Account>>>,
    overruns: Arc<Overruns>,
    runtime: Handle,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Budgets {
    /// Nothing held; `tasks` keep what will be, on the current runtime, until `stop`.
    pub(crate) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let instance = RequestId::new(clock.now()).to_string();
        let (accounts, runtime) = (Mutex::default(), Handle::current());
        let overruns = Arc::default();
        let shared = Shared { store, clock, instance, accounts, overruns, runtime, tasks, stop };
        Self { shared: Arc::new(shared) }
    }

    /// Calls that cost more than was kept for them.
    pub(crate) fn overruns(&self) -> &Overruns {
        &self.shared.overruns
    }

    /// Keeps for a call what it may cost, out of the budget's period in which it arrived. Waits for
    /// a second at most.
    ///
    /// # Errors
    /// `BudgetExceeded` where nothing is left, `RateLimited` where calls under way hold the rest,
    /// `Unavailable` where the database does not tell.
    pub(crate) async fn reserve(
        &self,
        token: AppTokenId,
        budget: Budget,
        bound: &Bound,
        arrived: DateTime<Utc>,
    ) -> Result<Reservation, CallError> {
        let deadline = Instant::now() + PATIENCE;
        let period_start = budget.period.start(arrived);
        let mut is_late = false;
        loop {
            let account = self.account(token, budget);
            let now = Instant::now();
            // Most calls need not wait, and so need not listen.
            if let Some(Ok(reservation)) = account.decide(period_start, bound, is_late, now) {
                return Ok(reservation);
            }
            let mut changed = std::pin::pin!(account.changed.notified());
            changed.as_mut().enable();
            let decision = match account.decide(period_start, bound, is_late, now) {
                // It was given up just now; the next one is new.
                None => continue,
                Some(Ok(reservation)) => return Ok(reservation),
                Some(Err(decision)) => decision,
            };
            match decision {
                Decision::Wait if !is_late => {
                    let _want = account.want(period_start, bound.most(), now);
                    is_late = timeout_at(deadline, changed).await.is_err();
                }
                decision => return Err(refusal(decision, budget)),
            }
        }
    }

    /// Lets the database hear of everything that was spent so far.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn tell(&self) -> StoreResult<()> {
        self.each(Thoroughness::Tell).await
    }

    /// Gives back everything that is neither spent nor reserved.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn close(&self) -> StoreResult<()> {
        self.each(Thoroughness::Close).await
    }

    /// What calls under way here hold of a token's budget in the period that begins so.
    pub(crate) fn reserved(&self, token: AppTokenId, period_start: NaiveDate) -> NanoUsd {
        let account = self.shared.accounts.lock().get(&token).cloned();
        account.map(|account| account.reserved(period_start)).unwrap_or_default()
    }

    /// The name that this instance holds slices by.
    pub(crate) fn instance(&self) -> &str {
        &self.shared.instance
    }

    async fn each(&self, how: Thoroughness) -> StoreResult<()> {
        let accounts: Vec<_> = self.shared.accounts.lock().values().cloned().collect();
        for account in accounts {
            self.shared.exchange(&account, how).await?;
        }
        Ok(())
    }

    fn account(&self, token: AppTokenId, budget: Budget) -> Arc<Account> {
        let account = {
            let mut accounts = self.shared.accounts.lock();
            if let Some(account) = accounts.get(&token) {
                Arc::clone(account)
            } else {
                let overruns = Arc::clone(&self.shared.overruns);
                let account = Arc::new(Account::new(token, budget, overruns));
                accounts.insert(token, Arc::clone(&account));
                self.keep(Arc::clone(&account));
                account
            }
        };
        account.adopt(budget, Instant::now());
        account
    }

    /// Looks after `account` for as long as there is anything of it.
    fn keep(&self, account: Arc<Account>) {
        let (shared, stop) = (Arc::clone(&self.shared), self.shared.stop.clone());
        let task = async move {
            stop.run_until_cancelled(shared.look_after(&account)).await;
        };
        self.shared.tasks.spawn_on(task, &self.shared.runtime);
    }
}

impl Shared {
    async fn look_after(&self, account: &Arc<Account>) {
        let mut is_failing = false;
        loop {
            let tick = if account.is_waited_for() { TICKS.0 } else { TICKS.1 };
            tokio::select! {
                () = account.demand.notified(), if !is_failing => {}
                () = sleep(tick) => {}
            }
            let result = self.exchange(account, Thoroughness::Due).await;
            let was_failing = std::mem::replace(&mut is_failing, result.is_err());
            if let Err(error) = result
                && !was_failing
            {
                tracing::warn!(
                    app_token.id = %account.token,
                    "The database fails, and a budget's slice is spent without another: {error}"
                );
            }
            let mut accounts = self.accounts.lock();
            if account.is_over(Instant::now()) {
                accounts.remove(&account.token);
                return;
            }
        }
    }

    /// Carries to the database what is to be carried.
    async fn exchange(&self, account: &Account, how: Thoroughness) -> StoreResult<()> {
        let _alone = account.exchanging.lock().await;
        for key in account.periods() {
            while let Some(plan) = account.plan(key, how, Instant::now()) {
                let result = match plan {
                    Plan::LookUp => self.look_up(account, key).await,
                    Plan::Carry(exchange) => self.carry(account, key, exchange).await,
                };
                if let Err(error) = result {
                    account.away(key, Instant::now());
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn look_up(&self, account: &Account, key: BudgetKey) -> StoreResult<()> {
        let found = self.store.budgets().holding(key, &self.instance).await?;
        account.found(key, found);
        Ok(())
    }

    async fn carry(
        &self,
        account: &Account,
        key: BudgetKey,
        exchange: Exchange,
    ) -> StoreResult<()> {
        let (asked, now) = (Instant::now(), self.clock.now());
        let holder = Holder { instance: self.instance.clone(), expires_at: now + LIFE };
        let budgets = self.store.budgets();
        let moved = match exchange {
            Exchange::Lease { from, spent, more } => {
                let period = account.budget().period;
                budgets.lease((key, period), &holder, (from, spent), more, now).await?
            }
            Exchange::Settle { from, to } => budgets.settle(key, &holder, (from, to), now).await?,
            Exchange::Close { from, spent } => {
                budgets.close(key, &holder.instance, (from, spent), now).await?
            }
        };
        match moved {
            Moved::Done => account.done(key),
            Moved::Lost => account.lost(key),
            Moved::Refused => {
                let standing = budgets.standing(key, &self.instance, now).await?;
                account.refused(key, standing, asked);
            }
        }
        Ok(())
    }
}

fn refusal(decision: Decision, budget: Budget) -> CallError {
    match decision {
        Decision::Spent => CallError::BudgetExceeded { reason: BudgetReason::Spent(budget) },
        Decision::Held | Decision::Go(_) | Decision::Wait => {
            CallError::RateLimited { what: Limited::Budget, retry_after: HELD_RETRY }
        }
        Decision::Away => CallError::Unavailable,
    }
}
