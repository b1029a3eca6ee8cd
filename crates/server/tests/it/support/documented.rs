//! What the OpenAPI document says may be answered; every answer in these tests is held against it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let document = serde_json::to_value(tollgate_server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let routes = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(|(method, operation)| Route::new(method, path, operation))
    });
    routes.collect()
});

struct Route {
    method: Method,
    segments: Vec<String>,
    statuses: BTreeSet<u16>,
}

impl Route {
    fn new(method: &str, path: &str, operation: &Value) -> Self {
        let statuses = operation["responses"].as_object().unwrap().keys();
        Self {
            method: method.to_uppercase().parse().unwrap(),
            segments: path.split('/').map(str::to_owned).collect(),
            statuses: statuses.map(|status| status.parse().unwrap()).collect(),
        }
    }

    /// How many of the path's segments it names literally; `None` where it is another path.
    fn fits(&self, method: &Method, path: &[&str]) -> Option<usize> {
        let is_variable = |segment: &String| segment.starts_with('{');
        let is_same = |(own, given): (&String, &&str)| is_variable(own) || own == given;
        let fits = self.method == *method
            && self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(is_same);
        fits.then(|| self.segments.iter().filter(|segment| !is_variable(segment)).count())
    }
}

/// Refuses an answer that the document does not know.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, status: u16) {
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    let fitting = ROUTES.iter().filter_map(|route| Some((route.fits(method, &segments)?, route)));
    let Some((_, route)) = fitting.max_by_key(|(literal, _)| *literal) else { return };
    assert!(
        route.statuses.contains(&status),
        "{method} {path} answered {status}, which the document does not know"
    );
}
