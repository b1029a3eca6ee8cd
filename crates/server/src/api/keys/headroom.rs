//! What is left of a key's limits.

use serde::Serialize;
use tollgate_domain::api_key::KeyLimits;
use tollgate_gateway::KeyUse;
use utoipa::ToSchema;

/// What is left of each limit of a key, on this instance.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Headroom {
    /// Requests in this minute.
    rpm: Room,
    /// Tokens in this minute.
    tpm: Room,
    /// Requests on this UTC day.
    rpd: Room,
    /// Requests under way.
    concurrent: Room,
}

/// What is left of one limit.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Room {
    /// The limit that holds; null where there is none, or none is known.
    limit: Option<i64>,
    /// What is left of it; null where nothing limits.
    left: Option<i64>,
    /// Whether the provider told the limit, rather than an operator.
    is_learned: bool,
}

impl Headroom {
    /// What is left of `limits` for a key that is used so much.
    pub(crate) fn of(limits: &KeyLimits, live: &KeyUse) -> Self {
        Self {
            rpm: Room::of(limits.rpm, live.told.rpm, live.rpm_used),
            tpm: Room::of(limits.tpm, live.told.tpm, live.tpm_used),
            rpd: Room::of(limits.rpd, live.told.rpd, live.rpd_used),
            concurrent: Room::of(limits.max_concurrent, None, live.in_flight),
        }
    }

    /// What part is left of each limit, from 0 to 1, by the limit's name; `None` where nothing
    /// limits.
    pub(crate) fn ratios(&self) -> [(&'static str, Option<f64>); 4] {
        [
            ("rpm", self.rpm.ratio()),
            ("tpm", self.tpm.ratio()),
            ("rpd", self.rpd.ratio()),
            ("concurrent", self.concurrent.ratio()),
        ]
    }
}

impl Room {
    fn of(own: Option<i64>, told: Option<i64>, used: i64) -> Self {
        let limit = own.or(told).filter(|limit| *limit > 0);
        let left = limit.map(|limit| (limit - used).max(0));
        Self { limit, left, is_learned: own.is_none() && limit.is_some() }
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
    fn ratio(self) -> Option<f64> {
        Some(self.left? as f64 / self.limit? as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_limit_goes_before_a_learned_one_and_zero_is_none() {
        let told = |own, told, used| {
            let room = Room::of(own, told, used);
            (room.limit, room.left, room.is_learned)
        };

        assert_eq!(told(Some(10), Some(99), 4), (Some(10), Some(6), false));
        assert_eq!(told(None, Some(99), 100), (Some(99), Some(0), true));
        assert_eq!(told(Some(0), Some(99), 4), (None, None, false));
        assert_eq!(told(None, None, 4), (None, None, false));
    }

    #[test]
    fn what_is_left_is_told_as_a_part_too() {
        let part = |own, used| Room::of(own, None, used).ratio();

        assert_eq!(part(Some(8), 2), Some(0.75));
        assert_eq!(part(Some(8), 9), Some(0.0));
        assert_eq!((part(Some(0), 2), part(None, 2)), (None, None));
    }
}
