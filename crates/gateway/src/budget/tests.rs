//! The laws of budgets, over an in-memory model of what the database does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const CAP: i64 = 1_000;

/// What the two tables say, and do.
#[derive(Debug, Default)]
struct Database {
    leased: i64,
    spent_by_gone: i64,
    rows: BTreeMap<usize, Holding>,
}

/// What becomes of an exchange on its way.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    IsLost,
    AnswerIsLost,
}

impl Database {
    /// Tells whether it did what it was asked.
    fn exchange(&mut self, holder: usize, exchange: Exchange) -> bool {
        let row = self.rows.entry(holder).or_default();
        assert_eq!(*row, exchange.from(), "a holder knows what its row says");
        let more = exchange.to().leased.get() - row.leased.get();
        match exchange {
            Exchange::Lease { .. } if self.leased + more > CAP => return false,
            Exchange::Lease { .. } | Exchange::Settle { .. } => self.leased += more,
            Exchange::Close { spent, .. } => {
                self.leased += more + spent.get();
                self.spent_by_gone += spent.get();
            }
        }
        *row = exchange.to();
        true
    }

    /// Carries what `slice` wants to have changed there, and the answer back.
    fn carry(&mut self, holder: usize, slice: &mut Slice, exchange: Exchange, fate: Fate) {
        match fate {
            Fate::IsLost => {}
            Fate::AnswerIsLost => drop(self.exchange(holder, exchange)),
            Fate::Arrives if self.exchange(holder, exchange) => slice.done(),
            Fate::Arrives => slice.refused(),
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Reserve(i64),
    /// The first call under way ends, at so many hundredths of what it reserved.
    End(i64),
    Lease(i64, Fate),
    Trim(i64),
    Tell(Fate),
    Close(Fate),
    LookUp,
    Crash,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![4 => Just(Fate::Arrives), 1 => Just(Fate::IsLost), 1 => Just(Fate::AnswerIsLost)]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..200_i64).prop_map(Act::Reserve),
        6 => (0..=100_i64).prop_map(Act::End),
        6 => (1..400_i64, fate()).prop_map(|(more, fate)| Act::Lease(more, fate)),
        2 => (0..100_i64).prop_map(Act::Trim),
        3 => fate().prop_map(Act::Tell),
        1 => fate().prop_map(Act::Close),
        4 => Just(Act::LookUp),
        1 => Just(Act::Crash),
    ]
}

/// An instance with the calls that it carries, by what each reserved.
#[derive(Debug, Default)]
struct Instance {
    holder: usize,
    slice: Slice,
    calls: Vec<i64>,
}

impl Instance {
    /// What it spends by `act`.
    fn act(&mut self, act: &Act, database: &mut Database) -> i64 {
        let nanos = NanoUsd::new;
        let mut spends = 0;
        match *act {
            Act::Reserve(amount) if self.slice.reserve(nanos(amount)) => self.calls.push(amount),
            Act::Reserve(_) => {}
            Act::End(share) if !self.calls.is_empty() => {
                let reserved = self.calls.remove(0);
                spends = reserved * share / 100;
                self.slice.settle(nanos(reserved), nanos(spends));
            }
            Act::End(_) => {}
            Act::Trim(keep) => self.slice.trim(nanos(keep)),
            Act::Lease(more, fate) => {
                if let Some(exchange) = self.slice.next(nanos(more), true) {
                    database.carry(self.holder, &mut self.slice, exchange, fate);
                }
            }
            Act::Tell(fate) => {
                if let Some(exchange) = self.slice.next(NanoUsd::ZERO, true) {
                    database.carry(self.holder, &mut self.slice, exchange, fate);
                }
            }
            Act::Close(fate) => {
                if let Some(exchange) = self.slice.close() {
                    database.carry(self.holder, &mut self.slice, exchange, fate);
                }
            }
            Act::LookUp if self.slice.is_in_doubt() => {
                self.slice.found(database.rows.get(&self.holder).copied());
            }
            Act::LookUp => {}
            Act::Crash => {
                *self = Self { holder: self.holder + 2, ..Self::default() };
            }
        }
        spends
    }

    /// Ends its calls and gives everything back.
    fn retire(&mut self, database: &mut Database) -> i64 {
        let mut spent = 0;
        while !self.calls.is_empty() {
            spent += self.act(&Act::End(50), database);
        }
        for act in [Act::LookUp, Act::Tell(Fate::Arrives), Act::Close(Fate::Arrives)] {
            self.act(&act, database);
        }
        spent
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn spend_never_passes_the_cap_and_nothing_stays_reserved_when_idle(
        acts in prop::collection::vec((0..2_usize, act()), 0..120),
    ) {
        let mut database = Database::default();
        let mut instances = [0, 1].map(|holder| Instance { holder, ..Instance::default() });
        let (mut spent, mut has_crashed) = (0, false);
        for (instance, act) in &acts {
            spent += instances[*instance].act(act, &mut database);
            has_crashed |= matches!(act, Act::Crash);

            prop_assert!(spent <= CAP);
            prop_assert!(database.leased <= CAP);
            let held: i64 = database.rows.values().map(|row| row.leased.get()).sum();
            prop_assert_eq!(database.leased, held + database.spent_by_gone);
        }
        for instance in &mut instances {
            spent += instance.retire(&mut database);
            prop_assert!(instance.slice.is_empty());
        }

        prop_assert!(spent <= database.leased, "a crashed holder's slice stays counted whole");
        if !has_crashed {
            prop_assert_eq!((database.leased, database.spent_by_gone), (spent, spent));
        }
    }
}

#[test]
fn what_no_bound_foresaw_is_counted_beyond_the_cap() {
    let mut database = Database::default();
    let mut slice = Slice::default();
    let mut carry = |slice: &mut Slice, exchange: Option<Exchange>| {
        database.carry(0, slice, exchange.unwrap(), Fate::Arrives);
        database.leased
    };
    let lease = slice.next(NanoUsd::new(CAP), true);
    carry(&mut slice, lease);
    assert!(slice.reserve(NanoUsd::new(600)) && slice.reserve(NanoUsd::new(400)));

    slice.settle(NanoUsd::new(600), NanoUsd::new(700));

    assert_eq!(slice.available(), NanoUsd::new(-100));
    assert!(!slice.reserve(NanoUsd::ZERO), "a slice that is overdrawn carries nothing");
    let owed = slice.next(NanoUsd::ZERO, false);
    assert_eq!(carry(&mut slice, owed), 1_100, "the other call's part is kept for it");
    slice.settle(NanoUsd::new(400), NanoUsd::new(10));
    let end = slice.close();
    assert_eq!(carry(&mut slice, end), 710);
}

#[test]
fn a_slice_that_somebody_freed_is_spent_from_no_more() {
    let mut slice = Slice::default();
    slice.next(NanoUsd::new(100), true);
    slice.done();
    assert!(slice.reserve(NanoUsd::new(40)));
    slice.settle(NanoUsd::new(40), NanoUsd::new(30));

    slice.renewal().unwrap();
    slice.found(None);

    assert!(!slice.reserve(NanoUsd::new(1)));
    let (from, to) =
        (Holding::default(), Holding { leased: NanoUsd::new(30), spent: NanoUsd::new(30) });
    assert_eq!(slice.next(NanoUsd::new(5), true), Some(Exchange::Settle { from, to }));
}
