//! A route: a name of our own for an ordered chain of models.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::RouteId;
use crate::words::words;

words! {
    /// When a call goes on to the next target.
    FallbackOn {
        /// The target failed in a way that is not the call's own fault.
        Failure = "failure",
        /// The prompt is too long for the target's model.
        ContextTooLong = "context_too_long",
        /// The target refuses the content.
        ContentRefused = "content_refused",
    }
}

/// A row of `t_ai_routes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// What callers name as their model.
    pub alias: String,
    /// What people say of it.
    pub description: Option<String>,
    /// Where calls go, in order. Where any has a weight, those that do share the first tries in
    /// proportion to it; all others follow in order.
    pub targets: Vec<RouteTarget>,
    /// When a call goes on to the next target.
    pub fallback_on: Vec<FallbackOn>,
    /// Whether callers may use it; `false` hides and refuses.
    pub is_active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Route {
    /// The most targets of a route.
    pub const MAX_TARGETS: usize = 20;
    /// The largest weight of a target.
    pub const MAX_WEIGHT: u32 = 1_000_000;
}

/// One place that a call may go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTarget {
    /// The provider's code.
    pub provider_code: String,
    /// What the provider calls the model.
    pub model_code: String,
    /// Its share of the first tries; 0 is none.
    #[serde(default)]
    pub weight: u32,
}

/// The order in which `targets` are tried, as their places in the list. `chance` (0 to 1, 1 not
/// reached) draws the first among those with a weight; all others follow as they are listed.
#[must_use]
pub fn order(targets: &[RouteTarget], chance: f64) -> Vec<usize> {
    let total: u64 = targets.iter().map(|target| u64::from(target.weight)).sum();
    let first = first(targets, chance, total);
    first.into_iter().chain((0..targets.len()).filter(|place| Some(*place) != first)).collect()
}

fn first(targets: &[RouteTarget], chance: f64, total: u64) -> Option<usize> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the sum of twenty weights is exact in a double, and the product is not negative"
    )]
    let drawn = (chance.clamp(0.0, 1.0) * total as f64) as u64;
    let mut drawn = drawn.min(total.checked_sub(1)?);
    targets.iter().position(|target| {
        let weight = u64::from(target.weight);
        let is_it = drawn < weight;
        drawn = drawn.saturating_sub(weight);
        is_it
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn targets(weights: &[u32]) -> Vec<RouteTarget> {
        let target = |weight: &u32| RouteTarget {
            provider_code: "p".to_owned(),
            model_code: "m".to_owned(),
            weight: *weight,
        };
        weights.iter().map(target).collect()
    }

    #[test]
    fn without_weights_the_order_is_that_of_the_list() {
        assert_eq!(order(&targets(&[0, 0, 0]), 0.7), [0, 1, 2]);
        assert!(order(&[], 0.5).is_empty());
    }

    #[test]
    fn the_first_is_drawn_by_weight_and_the_rest_follow_as_listed() {
        let three = targets(&[1, 0, 3]);
        let orders: Vec<_> = [0.0, 0.24, 0.25, 0.999].map(|chance| order(&three, chance)).into();

        assert_eq!(orders, [[0, 1, 2], [0, 1, 2], [2, 0, 1], [2, 0, 1]]);
    }

    proptest! {
        #[test]
        fn every_target_is_tried_once_and_the_first_has_a_weight_where_any_has(
            weights in prop::collection::vec(0..1_000_000_u32, 0..20), chance in 0.0..1.0,
        ) {
            let places = order(&targets(&weights), chance);

            let mut sorted = places.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..weights.len()).collect::<Vec<_>>());
            if weights.iter().any(|weight| *weight > 0) {
                prop_assert!(weights[places[0]] > 0);
            }
        }

        #[test]
        fn shares_are_those_of_the_weights(weights in prop::collection::vec(0..20_u32, 1..6)) {
            let total: u32 = weights.iter().sum();
            let targets = targets(&weights);
            let mut firsts = vec![0; weights.len()];
            for drawn in 0..total {
                firsts[order(&targets, (f64::from(drawn) + 0.5) / f64::from(total))[0]] += 1;
            }
            prop_assert!(total == 0 || firsts == weights);
        }
    }
}
