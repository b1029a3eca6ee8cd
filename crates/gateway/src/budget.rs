//! Budgets of app tokens, exact across instances: what an instance holds of one, and what it
//! exchanges with the database for it.
//!
//! An instance leases a slice of a budget ahead of its calls, spends from it in memory, and gives
//! back what it does not need. The [`Slice`] here is arithmetic alone; whoever holds one carries its
//! [`Exchange`]s to the database and tells it what became of them.

pub(crate) mod account;
pub(crate) mod decide;
pub(crate) mod estimate;
pub(crate) mod leases;
pub(crate) mod overruns;
#[cfg(test)]
mod tests;

use tollgate_domain::NanoUsd;
use tollgate_store::budgets::Holding;

pub(crate) use account::Reservation;
pub(crate) use leases::Budgets;

/// What one instance holds of one budget in one period.
///
/// What may be spent of it never exceeds what its row in the database says, whatever is on its way
/// there: what is being leased counts once it is known to be ours, and what is given back no longer
/// counts from the moment that it is sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// What its row says, as far as is known.
    row: Holding,
    /// What may be spent, what has been spent included.
    usable: NanoUsd,
    spent: NanoUsd,
    reserved: NanoUsd,
    under_way: Option<Exchange>,
}

/// A change of a slice's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// More of the budget, if there is as much.
    Lease {
        /// What the row says before.
        from: Holding,
        /// What it will say is spent.
        spent: NanoUsd,
        /// How much more.
        more: NanoUsd,
    },
    /// Less, or the news of what was spent; more only where calls cost more than was foreseen.
    Settle {
        /// What the row says before.
        from: Holding,
        /// What it will say.
        to: Holding,
    },
    /// The end of the slice: all that is not spent goes back.
    Close {
        /// What the row says before.
        from: Holding,
        /// What was spent of it.
        spent: NanoUsd,
    },
}

impl Exchange {
    const fn from(&self) -> Holding {
        match self {
            Self::Lease { from, .. } | Self::Settle { from, .. } | Self::Close { from, .. } => {
                *from
            }
        }
    }

    fn to(&self) -> Holding {
        match *self {
            Self::Lease { from, spent, more } => Holding { leased: from.leased + more, spent },
            Self::Settle { to, .. } => to,
            Self::Close { .. } => Holding::default(),
        }
    }
}

impl Slice {
    /// What can be reserved now; less than nothing where a call cost more than was foreseen.
    pub(crate) fn available(&self) -> NanoUsd {
        self.usable - self.spent - self.reserved
    }

    /// What calls under way may yet spend.
    pub(crate) const fn reserved(&self) -> NanoUsd {
        self.reserved
    }

    /// Whether neither we nor the database hold anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.row == Holding::default()
            && self.spent == NanoUsd::ZERO
            && self.reserved == NanoUsd::ZERO
            && self.under_way.is_none()
    }

    /// Keeps `amount` for a call; `false`, and nothing kept, where there is not as much.
    pub(crate) fn reserve(&mut self, amount: NanoUsd) -> bool {
        let has_room = amount <= self.available();
        if has_room {
            self.reserved += amount;
        }
        has_room
    }

    /// A call that `reserved` so much is over and cost so much.
    pub(crate) fn settle(&mut self, reserved: NanoUsd, cost: NanoUsd) {
        self.reserved = self.reserved - reserved;
        self.spent += cost;
    }

    /// Gives up what is available beyond `keep`.
    pub(crate) fn trim(&mut self, keep: NanoUsd) {
        let surplus = self.available() - keep.max(NanoUsd::ZERO);
        if surplus > NanoUsd::ZERO {
            self.usable = self.usable - surplus;
        }
    }

    /// The next change of the row: what is owed to it first, then `more` of the budget, then news of
    /// what was spent where `tells`. None while the outcome of the last one is not known.
    pub(crate) fn next(&mut self, more: NanoUsd, tells: bool) -> Option<Exchange> {
        if self.under_way.is_some() {
            return None;
        }
        let (from, committed) = (self.row, self.spent + self.reserved);
        let settled = |leased| Exchange::Settle { from, to: Holding { leased, spent: self.spent } };
        let next = if self.usable < committed {
            settled(committed)
        } else if self.usable < from.leased {
            settled(self.usable)
        } else if more > NanoUsd::ZERO {
            Exchange::Lease { from, spent: self.spent, more }
        } else if tells && self.spent != from.spent {
            settled(from.leased)
        } else {
            return None;
        };
        self.under_way = Some(next);
        Some(next)
    }

    /// The change that only makes the row last longer.
    pub(crate) fn renewal(&mut self) -> Option<Exchange> {
        if self.under_way.is_some() || self.row == Holding::default() {
            return None;
        }
        let from = self.row;
        self.under_way = Some(Exchange::Settle { from, to: Holding { spent: self.spent, ..from } });
        self.under_way
    }

    /// The last change, once no call is under way.
    pub(crate) fn close(&mut self) -> Option<Exchange> {
        let is_owed = self.usable < self.spent;
        if self.under_way.is_some() || self.reserved != NanoUsd::ZERO || is_owed || self.is_empty()
        {
            return None;
        }
        self.usable = self.spent;
        self.under_way = Some(Exchange::Close { from: self.row, spent: self.spent });
        self.under_way
    }

    /// The change under way is done.
    pub(crate) fn done(&mut self) {
        let Some(exchange) = self.under_way.take() else { return };
        self.row = exchange.to();
        match exchange {
            Exchange::Lease { more, .. } => self.usable += more,
            Exchange::Settle { to, .. } => self.usable = self.usable.max(to.leased),
            Exchange::Close { spent, .. } => {
                self.usable = self.usable - spent;
                self.spent = self.spent - spent;
            }
        }
    }

    /// The change under way was refused, and nothing has changed.
    pub(crate) fn refused(&mut self) {
        self.under_way = None;
    }

    /// Whether the outcome of a change has to be looked up: see [`Slice::found`].
    pub(crate) const fn is_in_doubt(&self) -> bool {
        self.under_way.is_some()
    }

    /// The row says `found`, which tells what became of the change under way.
    pub(crate) fn found(&mut self, found: Option<Holding>) {
        let found = found.unwrap_or_default();
        match self.under_way {
            Some(exchange) if found == exchange.to() => self.done(),
            Some(exchange) if found == exchange.from() => self.refused(),
            _ => self.lost(),
        }
    }

    /// The row is not ours any more: somebody freed the slice, and has counted what the row said
    /// was spent. What it did not say yet is still owed.
    pub(crate) fn lost(&mut self) {
        self.under_way = None;
        self.spent = self.spent - self.row.spent;
        self.row = Holding::default();
        self.usable = NanoUsd::ZERO;
    }
}
