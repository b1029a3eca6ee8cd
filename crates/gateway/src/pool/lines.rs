//! What a pick needs to know of each key's row, side by side in memory: a thousand rows of their
//! own, each behind a pointer, take several times as long to look through.

use std::sync::Arc;

use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::KeyLimits;

use crate::pool::key::limit;
use crate::snapshot::KeyEntry;

/// The lines of the active keys of one snapshot.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Whose lines they are, by its place in memory. A new snapshot is always told to the pool
    /// before it is picked from, which forgets the lines, so that a place that is used again
    /// never stands for what was there before.
    of: Option<(usize, usize)>,
    lines: Vec<Line>,
}

/// A key's row, as far as a pick goes by it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Whose row it is.
    pub(super) key: ApiKeyId,
    /// Its place among the keys that are offered.
    pub(super) place: u32,
    /// Its place among the live keys.
    pub(super) slot: u32,
    /// Whether it opens.
    pub(super) is_open: bool,
    /// Higher goes first.
    pub(super) priority: i64,
    /// Its share under a weighted strategy.
    pub(super) weight: i64,
    /// Its limits.
    pub(super) bounds: Bounds,
}

/// Limits, of which each is a number: the largest one is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) rpm: i64,
    pub(super) tpm: i64,
    pub(super) rpd: i64,
    pub(super) in_flight: i64,
    /// How many thousandths of its limit a request is, and a token, in units of 1/2^20.
    pub(super) per_request: i64,
    pub(super) per_token: i64,
}

impl Lines {
    /// The lines of `keys`, which are made anew by `line` where the last ones are of others.
    pub(super) fn of(
        &mut self,
        keys: &[Arc<KeyEntry>],
        line: impl FnMut((u32, &Arc<KeyEntry>)) -> Line,
    ) -> &[Line] {
        let place = Some((keys.as_ptr() as usize, keys.len()));
        if self.of != place {
            let active = (0..).zip(keys).filter(|(_, entry)| entry.key.is_active);
            self.lines.clear();
            self.lines.extend(active.map(line));
            self.of = place;
        }
        &self.lines
    }

    /// Makes them anew at the next pick: something that they tell has changed.
    pub(super) const fn forget(&mut self) {
        self.of = None;
    }
}

impl Bounds {
    pub(super) fn of(limits: &KeyLimits) -> Self {
        let bound = |configured| limit(configured).unwrap_or(i64::MAX);
        let per = |configured| limit(configured).map_or(0, |limit| (1_000 << 20) / limit);
        Self {
            rpm: bound(limits.rpm),
            tpm: bound(limits.tpm),
            rpd: bound(limits.rpd),
            in_flight: bound(limits.max_concurrent),
            per_request: per(limits.rpm),
            per_token: per(limits.tpm),
        }
    }
}
