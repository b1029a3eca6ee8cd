//! One app token's budget on this instance: its slices, and the calls that spend from them.

mod book;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;
use tollgate_domain::limit::Budget;
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_store::budgets::{BudgetKey, BudgetStanding, Holding};

use crate::budget::decide::{Decision, Outlook, decide};
use crate::budget::estimate::Bound;
use crate::budget::overruns::Overruns;
use book::{Book, CLOSE};
pub(crate) use book::{Plan, Thoroughness};

/// One token's budget, live.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) token: AppTokenId,
    state: Mutex<State>,
    /// Tells waiting calls that something has changed.
    pub(crate) changed: Notify,
    /// Tells the account's keeper that calls wait.
    pub(crate) demand: Notify,
    /// Held while exchanging with the database.
    pub(crate) exchanging: tokio::sync::Mutex<()>,
    /// Where calls are noted that cost more than was kept for them.
    overruns: Arc<Overruns>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    books: BTreeMap<NaiveDate, Book>,
    next_want: u64,
    is_closed: bool,
}

/// What a call keeps of a budget until it is over. Dropped, it is given back: the call cost
/// nothing.
#[derive(Debug)]
#[must_use = "a reservation that is dropped at once was for nothing"]
pub(crate) struct Reservation {
    account: Arc<Account>,
    period_start: NaiveDate,
    amount: NanoUsd,
    /// The longest answer that the request has to ask for, in tokens.
    pub(crate) output_cap: Option<i64>,
}

/// A call that waits; dropped, it does not any more.
pub(crate) struct Want<'a> {
    account: &'a Account,
    period_start: NaiveDate,
    id: u64,
}

impl Drop for Want<'_> {
    fn drop(&mut self) {
        if let Some(book) = self.account.state.lock().books.get_mut(&self.period_start) {
            book.wants.remove(&self.id);
        }
    }
}

impl Reservation {
    /// The call is over and cost so much.
    pub(crate) fn settle(mut self, cost: NanoUsd) {
        if cost > self.amount {
            self.account.overruns.note(self.account.token, cost, self.amount);
            tracing::warn!(
                app_token.id = %self.account.token,
                "A call cost {cost} USD, which is more than any bound foresaw: {}", self.amount
            );
        }
        self.end(cost);
    }

    /// The call is over, and nobody knows what it cost: all that was kept for it counts.
    pub(crate) fn settle_whole(self) {
        let amount = self.amount;
        self.settle(amount);
    }

    fn end(&mut self, cost: NanoUsd) {
        let amount = std::mem::take(&mut self.amount);
        self.account.settle(self.period_start, amount, cost);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.amount != NanoUsd::ZERO {
            self.end(NanoUsd::ZERO);
        }
    }
}

impl Account {
    pub(crate) fn new(token: AppTokenId, budget: Budget, overruns: Arc<Overruns>) -> Self {
        let state = State { budget, books: BTreeMap::new(), next_want: 0, is_closed: false };
        Self {
            token,
            state: Mutex::new(state),
            changed: Notify::new(),
            demand: Notify::new(),
            exchanging: tokio::sync::Mutex::default(),
            overruns,
        }
    }

    /// Decides on a call of `bound` in the period that begins at `period_start`; where it may go,
    /// what it needs is kept for it. None from an account that is closed.
    pub(crate) fn decide(
        self: &Arc<Self>,
        period_start: NaiveDate,
        bound: &Bound,
        is_late: bool,
        now: Instant,
    ) -> Option<Result<Reservation, Decision>> {
        let mut state = self.state.lock();
        if state.is_closed {
            return None;
        }
        let book = state.books.entry(period_start).or_insert_with(|| Book::new(now));
        book.used_at = now;
        book.largest = book.largest.max(bound.most());
        let decision = decide(&book.slice, book.outlook(now), bound, is_late);
        let Decision::Go(amount) = decision else { return Some(Err(decision)) };
        if !book.slice.reserve(amount) {
            // An overdrawn slice carries not even what is free.
            return Some(Err(Decision::Wait));
        }
        Some(Ok(Reservation {
            account: Arc::clone(self),
            period_start,
            amount,
            output_cap: bound.output_for(amount),
        }))
    }

    /// Takes in what the budget is now.
    pub(crate) fn adopt(&self, budget: Budget, now: Instant) {
        let mut state = self.state.lock();
        if state.budget == budget {
            return;
        }
        let is_less = budget.period != state.budget.period || budget.cap < state.budget.cap;
        state.budget = budget;
        for book in state.books.values_mut() {
            book.see(Outlook::Open, now);
            if is_less {
                book.slice.trim(NanoUsd::ZERO);
            }
        }
    }

    /// Notes that a call waits for so much.
    pub(crate) fn want(&self, period_start: NaiveDate, amount: NanoUsd, now: Instant) -> Want<'_> {
        let mut state = self.state.lock();
        let id = state.next_want;
        state.next_want += 1;
        let book = state.books.entry(period_start).or_insert_with(|| Book::new(now));
        book.wants.insert(id, amount);
        self.demand.notify_one();
        Want { account: self, period_start, id }
    }

    /// Whether calls wait.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.state.lock().books.values().any(|book| !book.wants.is_empty())
    }

    fn settle(&self, period_start: NaiveDate, reserved: NanoUsd, cost: NanoUsd) {
        let now = Instant::now();
        let mut state = self.state.lock();
        let book = state.books.entry(period_start).or_insert_with(|| Book::new(now));
        book.settle(reserved, cost, now);
        drop(state);
        self.changed.notify_waiters();
    }

    /// The periods that there is anything of.
    pub(crate) fn periods(&self) -> Vec<BudgetKey> {
        let state = self.state.lock();
        state
            .books
            .keys()
            .map(|start| BudgetKey { token: self.token, period_start: *start })
            .collect()
    }

    /// What the budget is.
    pub(crate) fn budget(&self) -> Budget {
        self.state.lock().budget
    }

    /// What to do next for a period.
    pub(crate) fn plan(&self, key: BudgetKey, how: Thoroughness, now: Instant) -> Option<Plan> {
        let mut state = self.state.lock();
        let cap = state.budget.cap.unwrap_or_default();
        state.books.get_mut(&key.period_start)?.plan(how, cap, now)
    }

    /// Tells what became of what was planned.
    fn tell(&self, key: BudgetKey, act: impl FnOnce(&mut Book)) {
        if let Some(book) = self.state.lock().books.get_mut(&key.period_start) {
            act(book);
        }
        self.changed.notify_waiters();
    }

    /// The change is made.
    pub(crate) fn done(&self, key: BudgetKey) {
        self.tell(key, |book| {
            book.slice.done();
            book.left = None;
        });
    }

    /// The row says `found`.
    pub(crate) fn found(&self, key: BudgetKey, found: Option<Holding>) {
        self.tell(key, |book| book.slice.found(found));
    }

    /// The row was somebody else's doing.
    pub(crate) fn lost(&self, key: BudgetKey) {
        tracing::warn!(app_token.id = %self.token, "A slice of a budget was freed by somebody");
        self.tell(key, |book| book.slice.lost());
    }

    /// A lease was refused at a moment after `asked`, when the budget stood so.
    pub(crate) fn refused(&self, key: BudgetKey, standing: BudgetStanding, asked: Instant) {
        let cap = self.budget().cap.unwrap_or_default();
        self.tell(key, |book| {
            book.refuse(asked);
            let left = cap - standing.leased;
            // The next lease asks for no more than that; refused again, nothing is left.
            if left > NanoUsd::ZERO && book.left.is_none() {
                book.left = Some(left);
            } else {
                let others_unspent = standing.others_unspent;
                book.see(Outlook::HandedOut { others_unspent }, asked);
            }
        });
    }

    /// The database does not answer.
    pub(crate) fn away(&self, key: BudgetKey, now: Instant) {
        self.tell(key, |book| book.see(Outlook::Away, now));
    }

    /// Forgets periods of which nothing is left; answers whether that is all of them, after which
    /// the account takes no call any more.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        let mut state = self.state.lock();
        state.books.retain(|_, book| {
            let is_used = now.saturating_duration_since(book.used_at) < CLOSE;
            !book.slice.is_empty() || !book.wants.is_empty() || is_used
        });
        state.is_closed = state.books.is_empty();
        state.is_closed
    }

    /// What calls under way hold.
    pub(crate) fn reserved(&self, period_start: NaiveDate) -> NanoUsd {
        let state = self.state.lock();
        state.books.get(&period_start).map(|book| book.slice.reserved()).unwrap_or_default()
    }
}
