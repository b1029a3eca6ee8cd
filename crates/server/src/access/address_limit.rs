//! How many failed requests one address may make.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

/// The time that failures are counted in, from the first one.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Addresses remembered at most.
const CAPACITY: usize = 50_000;

/// Counts requests without valid credentials per address (IPv6: per /64, which is one customer's).
#[derive(Debug, Default)]
pub struct AddressLimit {
    windows: Mutex<HashMap<IpAddr, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    since: DateTime<Utc>,
    failures: u32,
}

impl AddressLimit {
    /// Notes a failed request. Answers how long the address has to wait once it has had `limit`
    /// failures within the window.
    pub fn failed(&self, address: IpAddr, limit: u32, now: DateTime<Utc>) -> Option<Duration> {
        let mut windows = self.windows.lock();
        make_room(&mut windows, now);
        let fresh = Window { since: now, failures: 0 };
        let window = windows.entry(network_of(address)).or_insert(fresh);
        if window.left(now).is_zero() {
            *window = fresh;
        }
        window.failures = window.failures.saturating_add(1);
        (window.failures > limit).then(|| window.left(now))
    }
}

impl Window {
    fn left(&self, now: DateTime<Utc>) -> Duration {
        WINDOW.saturating_sub((now - self.since).to_std().unwrap_or_default())
    }
}

/// Drops what is over and, if that is not enough, everything: forgetting is kinder than refusing.
fn make_room(windows: &mut HashMap<IpAddr, Window>, now: DateTime<Utc>) {
    if windows.len() < CAPACITY {
        return;
    }
    windows.retain(|_, window| !window.left(now).is_zero());
    if windows.len() >= CAPACITY {
        windows.clear();
    }
}

/// What failures are counted by: an IPv4 address, or the /64 of an IPv6 one.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn an_address_is_refused_after_its_failures_until_the_quarter_hour_is_over() {
        let limit = AddressLimit::default();
        let home: IpAddr = "192.0.2.1".parse().unwrap();

        assert_eq!(limit.failed(home, 2, at(0)), None);
        assert_eq!(limit.failed(home, 2, at(10)), None);
        assert_eq!(limit.failed(home, 2, at(100)), Some(Duration::from_secs(800)));
        assert_eq!(limit.failed("192.0.2.2".parse().unwrap(), 2, at(100)), None);
        assert_eq!(limit.failed(home, 2, at(900)), None);
    }

    #[test]
    fn the_addresses_of_one_ipv6_customer_count_together() {
        let limit = AddressLimit::default();

        assert_eq!(limit.failed("2001:db8::1".parse().unwrap(), 1, at(0)), None);
        assert!(limit.failed("2001:db8::2".parse().unwrap(), 1, at(0)).is_some());
        assert_eq!(limit.failed("2001:db8:0:1::1".parse().unwrap(), 1, at(0)), None);
    }

    #[test]
    fn an_ipv4_address_is_the_same_inside_ipv6() {
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();

        assert_eq!(network_of(mapped), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
