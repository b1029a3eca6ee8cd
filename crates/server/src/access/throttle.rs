//! Slowing those who guess passwords: by name and address, and much later by name alone.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::address_limit::network_of;

/// Wrong passwords of one name from one address before it is slowed.
const FREE_PER_ADDRESS: u32 = 5;
/// Wrong passwords of one name from everywhere before everybody is slowed.
const FREE_PER_NAME: u32 = 100;
/// The first wait; each further wrong password doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Counts are forgotten after this long without a wrong password.
const FORGET: Duration = Duration::from_secs(15 * 60);
/// Entries that each of the two maps holds at most.
const CAPACITY: usize = 20_000;

/// Remembers wrong passwords; a request is never held, only refused with a time to wait.
#[derive(Debug, Default)]
pub struct Throttle {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    by_address: Counts<(String, IpAddr)>,
    by_name: Counts<String>,
}

type Counts<K> = HashMap<K, Count>;

#[derive(Clone, Copy, Debug)]
struct Count {
    wrong: u32,
    blocked_until: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// Whether the last password from here was right: a known place, which the guesses of others
    /// do not lock out.
    is_known: bool,
}

impl Throttle {
    /// How long `name` from `address` has to wait before a password is looked at.
    #[must_use]
    pub fn wait(&self, name: &str, address: IpAddr, now: DateTime<Utc>) -> Option<Duration> {
        self.state.lock().wait(name, address, now)
    }

    /// Notes what a password that was looked at turned out to be. Where others found wrong in the
    /// meantime have slowed the name, it counts for nothing: answers how long to wait then. So
    /// many guesses sent at once are no more than guesses one by one.
    pub fn judged(
        &self,
        name: &str,
        address: IpAddr,
        is_right: bool,
        now: DateTime<Utc>,
    ) -> Option<Duration> {
        let mut state = self.state.lock();
        let wait = state.wait(name, address, now);
        match (wait, is_right) {
            (Some(_), _) => {}
            (None, true) => state.right(name, address, now),
            (None, false) => state.wrong(name, address, now),
        }
        wait
    }
}

impl State {
    fn wait(&self, name: &str, address: IpAddr, now: DateTime<Utc>) -> Option<Duration> {
        let here = self.by_address.get(&key(name, address));
        let own = here.and_then(|count| count.wait(now));
        let everybody = || self.by_name.get(&fold(name)).and_then(|count| count.wait(now));
        if here.is_some_and(|count| count.is_known) { own } else { own.max(everybody()) }
    }

    fn wrong(&mut self, name: &str, address: IpAddr, now: DateTime<Utc>) {
        count(&mut self.by_address, key(name, address), FREE_PER_ADDRESS, now);
        count(&mut self.by_name, fold(name), FREE_PER_NAME, now);
    }

    /// The place is known from now on, and its wrong passwords are forgotten.
    fn right(&mut self, name: &str, address: IpAddr, now: DateTime<Utc>) {
        make_room(&mut self.by_address, now);
        let known = Count { wrong: 0, blocked_until: now, last_at: now, is_known: true };
        self.by_address.insert(key(name, address), known);
    }
}

impl Count {
    fn wait(&self, now: DateTime<Utc>) -> Option<Duration> {
        (self.blocked_until - now).to_std().ok().filter(|wait| !wait.is_zero())
    }

    fn is_stale(&self, now: DateTime<Utc>) -> bool {
        let keep = if self.is_known { FORGET * 96 } else { FORGET };
        (now - self.last_at).to_std().is_ok_and(|age| age > keep)
    }
}

fn count<K: Eq + Hash + Clone>(counts: &mut Counts<K>, key: K, free: u32, now: DateTime<Utc>) {
    let wrong = match counts.get(&key) {
        Some(count) if !count.is_stale(now) => count.wrong.saturating_add(1),
        Some(_) => 1,
        None => {
            make_room(counts, now);
            1
        }
    };
    let is_known = counts.get(&key).is_some_and(|count| count.is_known) && wrong < free;
    let wait = wrong.checked_sub(free).map_or(Duration::ZERO, |beyond| {
        FIRST_WAIT.saturating_mul(2_u32.saturating_pow(beyond)).min(LONGEST_WAIT)
    });
    counts.insert(key, Count { wrong, blocked_until: now + wait, last_at: now, is_known });
}

/// Drops what is stale and, if that is not enough, the older half of what is not known.
fn make_room<K: Eq + Hash + Clone>(counts: &mut Counts<K>, now: DateTime<Utc>) {
    if counts.len() < CAPACITY {
        return;
    }
    counts.retain(|_, count| !count.is_stale(now));
    if counts.len() < CAPACITY {
        return;
    }
    let mut ages: Vec<_> = counts.values().map(|count| (count.is_known, count.last_at)).collect();
    ages.sort_unstable();
    let median = ages[ages.len() / 2];
    counts.retain(|_, count| (count.is_known, count.last_at) > median);
}

fn key(name: &str, address: IpAddr) -> (String, IpAddr) {
    (fold(name), network_of(address))
}

/// A name as it is counted: without case and spaces, and not longer than any real one.
fn fold(name: &str) -> String {
    name.trim().to_lowercase().chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn seconds(wait: Option<Duration>) -> u64 {
        wait.map_or(0, |wait| wait.as_secs())
    }

    fn host(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    #[test]
    fn the_fifth_wrong_password_costs_a_second_and_each_further_one_twice_as_much() {
        let throttle = Throttle::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                throttle.state.lock().wrong("admin", HOME, at(0));
                seconds(throttle.wait("ADMIN ", HOME, at(0)))
            })
            .collect();

        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(throttle.wait("admin", HOME, at(60)), None);
        assert_eq!(throttle.wait("admin", host(9), at(0)), None);
        assert_eq!(throttle.wait("other", HOME, at(0)), None);
    }

    #[test]
    fn a_right_password_clears_the_wrong_ones() {
        let throttle = Throttle::default();
        (0..4).for_each(|_| throttle.state.lock().wrong("admin", HOME, at(0)));
        throttle.state.lock().right("admin", HOME, at(1));
        (0..4).for_each(|_| throttle.state.lock().wrong("admin", HOME, at(2)));

        assert_eq!(throttle.wait("admin", HOME, at(2)), None);
    }

    #[test]
    fn guessing_from_many_addresses_slows_everybody_but_the_places_already_known() {
        let throttle = Throttle::default();
        throttle.state.lock().right("admin", HOME, at(0));
        (0..100)
            .for_each(|number| throttle.state.lock().wrong("admin", host(1000 + number), at(1)));

        assert_eq!(seconds(throttle.wait("admin", host(9), at(1))), 1);
        assert_eq!(throttle.wait("admin", HOME, at(1)), None);
        assert_eq!(throttle.wait("other", host(9), at(1)), None);
    }

    #[test]
    fn counts_are_forgotten_after_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        (0..4).for_each(|_| throttle.state.lock().wrong("admin", HOME, at(0)));
        throttle.state.lock().wrong("admin", HOME, at(901));

        assert_eq!(throttle.wait("admin", HOME, at(901)), None);
    }

    #[test]
    fn a_right_password_that_was_among_many_wrong_ones_is_not_told() {
        let throttle = Throttle::default();
        let judged = |is_right| throttle.judged("admin", HOME, is_right, at(0));

        assert!((0..5).all(|_| judged(false).is_none()));
        assert_eq!(seconds(judged(true)), 1);
        assert_eq!(seconds(judged(false)), 1);
    }

    #[test]
    fn the_memory_is_bounded() {
        let throttle = Throttle::default();
        (0..CAPACITY as u32 + 500)
            .for_each(|number| throttle.state.lock().wrong("a", host(number), at(0)));

        assert!(throttle.state.lock().by_address.len() <= CAPACITY);
    }
}
