//! Calls that cost more than any bound foresaw, until operators were told of them.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use tollgate_domain::{AppTokenId, NanoUsd};

/// The last such call of each app token that was not told yet: as many as there are tokens.
#[derive(Debug, Default)]
pub(crate) struct Overruns {
    last: Mutex<BTreeMap<AppTokenId, Overrun>>,
}

/// A call that cost more than was kept for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overrun {
    /// Whose it was.
    pub(crate) token: AppTokenId,
    /// What it cost.
    pub(crate) cost: NanoUsd,
    /// What was kept for it.
    pub(crate) kept: NanoUsd,
    /// How many there were since the last one that was told.
    pub(crate) count: u64,
}

impl Overruns {
    /// A call of `token` cost `cost`, and `kept` was kept for it.
    pub(crate) fn note(&self, token: AppTokenId, cost: NanoUsd, kept: NanoUsd) {
        let mut last = self.last.lock();
        let count = last.get(&token).map_or(0, |before| before.count) + 1;
        last.insert(token, Overrun { token, cost, kept, count });
    }

    /// Those that are to be told.
    pub(crate) fn seen(&self) -> Vec<Overrun> {
        self.last.lock().values().copied().collect()
    }

    /// That one was told; one that came meanwhile stays.
    pub(crate) fn told(&self, overrun: &Overrun) {
        let mut last = self.last.lock();
        if last.get(&overrun.token) == Some(overrun) {
            last.remove(&overrun.token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_comes_while_another_is_told_is_told_too() {
        let overruns = Overruns::default();
        let (token, usd) = (AppTokenId::new(1), NanoUsd::new);
        overruns.note(token, usd(5), usd(2));
        let [first] = overruns.seen()[..] else { panic!("one") };

        overruns.note(token, usd(5), usd(2));
        overruns.told(&first);

        let [second] = overruns.seen()[..] else { panic!("one") };
        assert_eq!(second.count, 2);
        overruns.told(&second);
        assert!(overruns.seen().is_empty());
    }
}
