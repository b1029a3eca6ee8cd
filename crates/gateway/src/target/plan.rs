//! The targets of a call, in the order in which they are tried.

use std::sync::Arc;

use tollgate_domain::ApiKeyId;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, Endpoint, Fallback};
use tollgate_domain::route::{self, FallbackOn, RouteTarget};

use super::{Route, by_name, explicit, provider, usable};
use crate::error::CallError;
use crate::snapshot::Snapshot;

/// Where a call may go.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The route that the caller named; `None` for a model's own name.
    pub alias: Option<String>,
    /// Where it goes, in order; one at least.
    pub targets: Vec<Planned>,
    /// Targets that it cannot go to.
    pub left_out: Vec<LeftOut>,
}

/// A target, and when a call comes to it from one that failed.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Where it goes.
    pub route: Route,
    /// After which failures of an earlier target; of the first target it says nothing.
    pub on: Vec<FallbackOn>,
}

/// A target that a call cannot go to, whatever comes of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The provider's code, as it was written.
    pub provider: String,
    /// The model, as it was written.
    pub model: Option<String>,
    /// What keeps the call from it.
    pub error: CallError,
}

/// Where the call of `facts` goes: to the targets of the route that they name, else to a model;
/// then to the caller's own fallbacks. Those that `access` does not allow or that cannot do what
/// is asked are left out. `chance` (0 to 1, 1 not reached) draws among weighted targets.
///
/// # Errors
/// None is left; why that is so for the first of them, before others that the caller may not use.
pub fn resolve(
    snapshot: &Snapshot,
    facts: &CallFacts,
    endpoint: Endpoint,
    access: &Access,
    chance: f64,
) -> Result<Plan, CallError> {
    let mut building = Building { snapshot, endpoint, access, plan: Plan::empty() };
    match (&facts.provider, &facts.model) {
        (None, Some(name)) => match snapshot.routes.get(name) {
            Some(route) => building.targets_of(route, chance)?,
            None => building.add(name_of(None, Some(name)), by_name(snapshot, name, access)),
        },
        (Some(code), model) => building.add_explicit(code, model.as_deref()),
        (None, None) => building.add_explicit(&snapshot.settings.default_provider, None),
    }
    for Fallback { provider, model } in &facts.fallbacks {
        building.add_explicit(provider, model.as_deref());
    }
    building.finish()
}

impl Plan {
    const fn empty() -> Self {
        Self { alias: None, targets: Vec::new(), left_out: Vec::new() }
    }

    /// The same for one attempt with that key, at the first target alone.
    #[must_use]
    pub fn only(mut self, key: ApiKeyId) -> Self {
        self.targets.truncate(1);
        for target in &mut self.targets {
            target.route.provider = Arc::new(target.route.provider.only(key));
        }
        self
    }

    /// The target that is tried first.
    ///
    /// # Panics
    /// Never: a plan has one.
    #[must_use]
    pub fn first(&self) -> &Route {
        &self.targets.first().expect("a plan without targets is an error").route
    }
}

/// A provider and model as they were written.
type Name = (String, Option<String>);

fn name_of(provider: Option<&str>, model: Option<&str>) -> Name {
    (provider.unwrap_or_default().to_owned(), model.map(str::to_owned))
}

struct Building<'a> {
    snapshot: &'a Snapshot,
    endpoint: Endpoint,
    access: &'a Access,
    plan: Plan,
}

impl Building<'_> {
    /// The targets of `route`, those with a weight in a drawn order.
    fn targets_of(&mut self, route: &route::Route, chance: f64) -> Result<(), CallError> {
        if !route.is_active {
            return Err(CallError::RouteInactive { alias: route.alias.clone() });
        }
        self.plan.alias = Some(route.alias.clone());
        let mut found: Vec<(RouteTarget, Route)> = Vec::with_capacity(route.targets.len());
        for target in &route.targets {
            let (code, model) = (&target.provider_code, target.model_code.as_str());
            let at = provider(self.snapshot, code).and_then(|it| explicit(it, Some(model)));
            match self.check(at, Some(&route.alias)) {
                Ok(at) => found.push((target.clone(), at)),
                Err(error) => self.leave_out(name_of(Some(code), Some(model)), error),
            }
        }
        // Weights share the calls among those that are left.
        let (targets, routes): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        for place in route::order(&targets, chance) {
            self.push(routes[place].clone(), route.fallback_on.clone());
        }
        Ok(())
    }

    fn add_explicit(&mut self, code: &str, model: Option<&str>) {
        let route = provider(self.snapshot, code).and_then(|it| explicit(it, model));
        self.add(name_of(Some(code), model), route);
    }

    /// A target that is no route's, which is come to after any failure.
    fn add(&mut self, name: Name, route: Result<Route, CallError>) {
        match self.check(route, None) {
            Ok(route) => self.push(route, vec![FallbackOn::Failure]),
            Err(error) => self.leave_out(name, error),
        }
    }

    fn check(
        &self,
        route: Result<Route, CallError>,
        alias: Option<&str>,
    ) -> Result<Route, CallError> {
        route.and_then(|route| usable(route, self.endpoint, self.access, alias))
    }

    /// Adds a target that is not there yet.
    fn push(&mut self, route: Route, on: Vec<FallbackOn>) {
        let place = |route: &Route| (route.provider.provider.id, route.model_code.clone());
        if self.plan.targets.iter().all(|other| place(&other.route) != place(&route)) {
            self.plan.targets.push(Planned { route, on });
        }
    }

    fn leave_out(&mut self, (provider, model): Name, error: CallError) {
        self.plan.left_out.push(LeftOut { provider, model, error });
    }

    fn finish(self) -> Result<Plan, CallError> {
        if !self.plan.targets.is_empty() {
            return Ok(self.plan);
        }
        let errors = self.plan.left_out.into_iter().map(|left_out| left_out.error);
        let alias = self.plan.alias.unwrap_or_default();
        // Of equal ones the first.
        Err(errors.min_by_key(rank).unwrap_or(CallError::ModelNotFound { model: alias }))
    }
}

/// Lower is closer to a call that works, and so tells more of what to do about it.
const fn rank(error: &CallError) -> u8 {
    match error {
        CallError::NotAllowed { .. } => 0,
        CallError::Unsupported { .. } => 1,
        CallError::ModelInactive { .. } => 2,
        CallError::ProviderInactive { .. } => 3,
        CallError::ProviderWithoutUrl { .. } => 4,
        _ => 5,
    }
}
