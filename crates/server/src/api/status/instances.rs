//! The instances of the database, as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_store::instances::Instance;
use utoipa::ToSchema;

use crate::instances::SILENT_FOR;

/// An instance that shares the database.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunningInstance {
    /// The name of this run of it, by which `holder` names it too.
    instance: String,
    /// Its machine and port.
    #[schema(example = "gateway-1:3000")]
    address: String,
    /// Its version.
    version: String,
    /// When it started.
    started_at: DateTime<Utc>,
    /// When it last said that it is there.
    seen_at: DateTime<Utc>,
    /// Records of its journal that were not in the database then.
    backlog_records: i64,
    /// Whether it is the one that answers.
    is_this: bool,
    /// Whether it has been silent for a minute: it is gone, or does not reach the database.
    is_silent: bool,
}

impl RunningInstance {
    /// The one that answers, and the others that are known.
    pub(super) fn all(this: Instance, known: Vec<Instance>) -> Vec<Self> {
        let now = this.seen_at;
        let others = known.into_iter().filter(|other| other.instance != this.instance);
        let others: Vec<Instance> = others.collect();
        let own = this.instance.clone();
        std::iter::once(this).chain(others).map(|it| Self::new(it, &own, now)).collect()
    }

    fn new(of: Instance, this: &str, now: DateTime<Utc>) -> Self {
        Self {
            is_this: of.instance == this,
            is_silent: now - of.seen_at > SILENT_FOR,
            instance: of.instance,
            address: of.address,
            version: of.version,
            started_at: of.started_at,
            seen_at: of.seen_at,
            backlog_records: of.backlog_records,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_answers_is_told_once_and_as_it_is_now() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let seen = |name: &str, seen| Instance {
            instance: name.to_owned(),
            address: String::new(),
            version: String::new(),
            started_at: at(0),
            seen_at: at(seen),
            backlog_records: 0,
        };
        let known = vec![seen("old", 39), seen("this", 90), seen("near", 40)];

        let told = RunningInstance::all(seen("this", 100), known);

        let told: Vec<_> =
            told.iter().map(|it| (it.instance.as_str(), it.is_this, it.is_silent)).collect();
        assert_eq!(told, [("this", true, false), ("old", false, true), ("near", false, false)]);
    }
}
