//! What can be said of a route.

use serde::{Deserialize, Serialize};
use tollgate_domain::route::{FallbackOn, Route, RouteTarget};
use tollgate_store::routes::{NewRoute, RoutePatch};
use utoipa::ToSchema;

use crate::extract::json::{clearable, present};
use crate::extract::{Checks, Make, New, Validate};
use crate::openapi::words;

/// A route to be added.
pub type NewRouteBody = New<RouteBody>;

/// One place that a call may go to.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RouteTarget)]
pub struct TargetBody {
    /// The provider's code.
    pub provider_code: String,
    /// What the provider calls the model.
    pub model_code: String,
    /// Its share of the first tries, against the weights of the others; 0 is none, and where all
    /// are 0, the first is tried first.
    #[serde(default)]
    #[schema(maximum = 1_000_000)]
    pub weight: u32,
}

impl From<RouteTarget> for TargetBody {
    fn from(target: RouteTarget) -> Self {
        let RouteTarget { provider_code, model_code, weight } = target;
        Self { provider_code, model_code, weight }
    }
}

impl From<TargetBody> for RouteTarget {
    fn from(target: TargetBody) -> Self {
        let TargetBody { provider_code, model_code, weight } = target;
        Self { provider_code, model_code: model_code.trim().to_owned(), weight }
    }
}

/// What can be said of a route; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RoutePatch)]
pub struct RouteBody {
    /// What callers name as their model; unique.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 200)]
    alias: Option<String>,
    /// What people say of it; null is nothing.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Option<String>>,
    /// Where calls go, in order; those with a weight share the first tries.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_items = 1, max_items = 20)]
    targets: Option<Vec<TargetBody>>,
    /// When a call goes on to the next target; by default after a `failure`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::fallbacks)]
    fallback_on: Option<Vec<FallbackOn>>,
    /// Whether callers may use it; by default they may.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
}

impl Make for RouteBody {
    const NAME: &'static str = "NewRoute";
    const REQUIRED: &'static [&'static str] = &["alias", "targets"];

    fn given(&self) -> Vec<bool> {
        vec![self.alias.is_some(), self.targets.is_some()]
    }
}

impl Validate for RouteBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("alias", self.alias.as_deref(), 1..=200);
        if let Some(description) = self.description.as_ref().and_then(Option::as_deref) {
            checks.length("description", description, 0..=1000);
        }
        if let Some(targets) = &self.targets {
            check_targets(targets, checks);
        }
    }
}

/// Notes what is wrong with a list of targets.
pub(super) fn check_targets(targets: &[TargetBody], checks: &mut Checks) {
    if targets.is_empty() {
        checks.wrong("targets", "must hold one at least");
    }
    checks.count("targets", targets.len(), Route::MAX_TARGETS);
    for (index, target) in targets.iter().enumerate().take(Route::MAX_TARGETS) {
        let name = |field: &str| format!("targets[{index}].{field}");
        checks.code(&name("providerCode"), &target.provider_code);
        checks.length(&name("modelCode"), &target.model_code, 1..=200);
        checks.range(
            &name("weight"),
            Some(i64::from(target.weight)),
            0..=i64::from(Route::MAX_WEIGHT),
        );
        let place =
            |one: &TargetBody| (one.provider_code.clone(), one.model_code.trim().to_owned());
        if targets[..index].iter().any(|earlier| place(earlier) == place(target)) {
            checks.wrong(format!("targets[{index}]"), "is there already");
        }
    }
}

impl RouteBody {
    pub(super) fn into_new(self) -> NewRoute {
        let patch = self.into_patch();
        NewRoute {
            alias: patch.alias.unwrap_or_default(),
            description: patch.description.flatten(),
            targets: patch.targets.unwrap_or_default(),
            fallback_on: patch.fallback_on.unwrap_or_else(|| vec![FallbackOn::Failure]),
            is_active: patch.is_active.unwrap_or(true),
        }
    }

    pub(super) fn into_patch(self) -> RoutePatch {
        let targets = self.targets;
        RoutePatch {
            alias: self.alias.map(|alias| alias.trim().to_owned()),
            description: self.description,
            targets: targets.map(|list| list.into_iter().map(RouteTarget::from).collect()),
            fallback_on: self.fallback_on.map(distinct),
            is_active: self.is_active,
        }
    }
}

fn distinct(mut conditions: Vec<FallbackOn>) -> Vec<FallbackOn> {
    conditions.sort_unstable();
    conditions.dedup();
    conditions
}
