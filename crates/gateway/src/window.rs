//! How much was used in the last seconds.

use std::time::Duration;

use tokio::time::Instant;

/// The window of per-minute limits: 60 one-second buckets and the current one.
pub(crate) type Minute = Window<61>;

/// An amount per `BUCKETS - 1` seconds, kept in one-second buckets, the current one included.
///
/// In a [`Minute`], what was added at `t` counts until the end of its second plus 60 seconds:
/// never less than 60 seconds, so that no 60 seconds ever see more than a limit which every
/// addition was checked against, and at most one second more.
#[derive(Clone, Debug)]
pub(crate) struct Window<const BUCKETS: usize> {
    epoch: Instant,
    /// Apart, so that whoever asks how much is used by many keys passes over less memory.
    buckets: Box<[i64; BUCKETS]>,
    sum: i64,
    /// The second, since `epoch`, of the newest bucket.
    newest: u64,
}

/// The second that something was added in, so that it can be corrected later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Second(u64);

impl<const BUCKETS: usize> Window<BUCKETS> {
    /// An empty window. All its times must be at or after `epoch`.
    #[must_use]
    pub(crate) fn new(epoch: Instant) -> Self {
        Self { epoch, buckets: Box::new([0; BUCKETS]), sum: 0, newest: 0 }
    }

    /// What counts at `now`.
    pub(crate) fn used(&mut self, now: Instant) -> i64 {
        self.advance(now);
        self.sum
    }

    /// What counts at the latest time that it was asked about or told of.
    #[inline]
    pub(crate) const fn sum(&self) -> i64 {
        self.sum
    }

    /// Adds `amount` at `now`.
    pub(crate) fn add(&mut self, amount: i64, now: Instant) -> Second {
        self.advance(now);
        self.put(self.newest, amount);
        Second(self.newest)
    }

    /// Changes what was added in `second` by `delta`. What has left the window by now can no
    /// longer be lowered; what must be raised then counts from `now`.
    pub(crate) fn correct(&mut self, second: Second, delta: i64, now: Instant) {
        self.advance(now);
        let has_left = second.0 + BUCKETS as u64 <= self.newest;
        match (has_left, delta > 0) {
            (false, _) => self.put(second.0, delta),
            (true, true) => self.put(self.newest, delta),
            (true, false) => {}
        }
    }

    /// When `amount` more will fit under `limit`: `None` when it does now, or never will.
    pub(crate) fn free_at(&mut self, amount: i64, limit: i64, now: Instant) -> Option<Instant> {
        self.advance(now);
        let mut sum = self.sum;
        if sum + amount <= limit || amount > limit {
            return None;
        }
        let oldest = self.newest.saturating_sub(BUCKETS as u64 - 1);
        for second in oldest..=self.newest {
            sum -= self.buckets[Self::slot(second)];
            if sum + amount <= limit {
                return Some(self.epoch + Duration::from_secs(second + BUCKETS as u64));
            }
        }
        None
    }

    fn put(&mut self, second: u64, amount: i64) {
        self.buckets[Self::slot(second)] += amount;
        self.sum += amount;
    }

    /// Forgets the buckets that `now` has left behind. Time never goes back: an earlier `now`
    /// than the newest counts as the newest.
    fn advance(&mut self, now: Instant) {
        self.advance_to(now.saturating_duration_since(self.epoch).as_secs());
    }

    /// The same up to that second since the epoch.
    pub(crate) fn advance_to(&mut self, second: u64) {
        if second <= self.newest {
            return;
        }
        if second - self.newest >= BUCKETS as u64 {
            *self.buckets = [0; BUCKETS];
            self.sum = 0;
        } else {
            for passed in self.newest + 1..=second {
                let bucket = &mut self.buckets[Self::slot(passed)];
                self.sum -= *bucket;
                *bucket = 0;
            }
        }
        self.newest = second;
    }

    const fn slot(second: u64) -> usize {
        (second % BUCKETS as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: i64 = 20;

    #[tokio::test(start_paused = true)]
    async fn room_returns_when_the_bucket_of_the_oldest_ends_its_minute() {
        let epoch = Instant::now();
        let at = |millis| epoch + Duration::from_millis(millis);
        let mut window = Minute::new(epoch);
        window.add(3, at(1_500));
        window.add(2, at(4_200));

        assert_eq!(window.free_at(1, 6, at(5_000)), None);
        assert_eq!(window.free_at(2, 6, at(5_000)), Some(at(62_000)));
        assert_eq!(window.free_at(5, 6, at(5_000)), Some(at(65_000)));
        assert_eq!(window.free_at(7, 6, at(5_000)), None);
        assert_eq!(window.used(at(61_999)), 5);
        assert_eq!(window.used(at(62_000)), 2);
        assert_eq!(window.used(at(65_000)), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_correction_reaches_the_second_it_is_for_while_that_counts() {
        let epoch = Instant::now();
        let at = |seconds| epoch + Duration::from_secs(seconds);
        let mut window = Minute::new(epoch);
        let second = window.add(100, at(10));

        window.correct(second, -60, at(30));
        assert_eq!(window.used(at(30)), 40);
        window.correct(second, -40, at(80));
        assert_eq!(window.used(at(80)), 0);
        window.correct(second, 25, at(81));
        assert_eq!(window.used(at(81)), 25);
        assert_eq!(window.used(at(142)), 0);
    }

    proptest! {
        #[test]
        fn no_sixty_seconds_ever_see_more_than_the_limit(
            steps in prop::collection::vec((0..20_000_u64, 1..=LIMIT), 1..200),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time().start_paused(true).build().unwrap();
            let _guard = runtime.enter();
            let epoch = Instant::now();
            let mut window = Minute::new(epoch);
            let mut now = epoch;
            let mut admitted: Vec<(Instant, i64)> = Vec::new();
            for (pause_ms, amount) in steps {
                now += Duration::from_millis(pause_ms);
                if window.used(now) + amount > LIMIT {
                    let free_at = window.free_at(amount, LIMIT, now).expect("it fits when idle");
                    prop_assert!(free_at > now);
                    let mut later = window.clone();
                    prop_assert!(later.used(free_at) + amount <= LIMIT);
                    continue;
                }
                window.add(amount, now);
                admitted.push((now, amount));
                let in_a_minute: i64 = admitted
                    .iter()
                    .filter(|(at, _)| now - *at < Duration::from_secs(60))
                    .map(|(_, amount)| amount)
                    .sum();
                prop_assert!(in_a_minute <= LIMIT);
            }
        }

        #[test]
        fn room_returns_at_most_a_second_late(offset_ms in 0..5_000_u64) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time().start_paused(true).build().unwrap();
            let _guard = runtime.enter();
            let epoch = Instant::now();
            let added = epoch + Duration::from_millis(offset_ms);
            let mut window = Minute::new(epoch);
            window.add(LIMIT, added);

            let free_at = window.free_at(1, LIMIT, added).expect("the window is full");

            let wait = free_at - added;
            prop_assert!(wait >= Duration::from_secs(60) && wait <= Duration::from_secs(61));
        }
    }
}
