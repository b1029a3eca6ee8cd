//! Which candidate a strategy takes, and what it remembers from one pick to the next.

use tollgate_domain::ApiKeyId;
use tollgate_domain::provider::Strategy;

use crate::pool::weighted::Turn;
use crate::pool::{
    Candidate, ip_hash, least_load, least_requests, priority, random, round_robin, weighted,
};

/// What a choice is made by, apart from the candidates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw<'a> {
    /// A number from 0 up to, but not including, 1.
    pub(super) chance: f64,
    /// The caller's address.
    pub(super) caller: Option<&'a str>,
    /// The key that was taken last.
    pub(super) last: Option<ApiKeyId>,
    /// How a turn is shared, under `weighted`.
    pub(super) turn: Option<Turn>,
}

/// Which of `candidates`, which are in the order of their ids, `strategy` takes; `None` when there
/// is none.
pub(super) fn choose(
    strategy: Strategy,
    candidates: &[Candidate],
    draw: &Draw<'_>,
) -> Option<usize> {
    match strategy {
        Strategy::Priority => priority::choose(candidates),
        Strategy::LeastLoad => least_load::choose(candidates, draw.last),
        Strategy::RoundRobin => round_robin::choose(candidates, draw.last),
        Strategy::Weighted => weighted::choose(candidates, draw.turn.as_ref()?),
        Strategy::LeastRequests => least_requests::choose(candidates, draw.chance),
        Strategy::Random => random::choose(candidates, draw.chance),
        Strategy::IpHash => ip_hash::choose(candidates, draw.caller, draw.chance),
    }
}
