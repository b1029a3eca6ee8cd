//! What pricing attempts again changes, by model.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tollgate_domain::NanoUsd;

use super::Billed;

/// Models that are told apart; callers may have named any number of them. All others are one row.
const MAX_MODELS: usize = 5_000;
/// What that row is called.
const OTHERS: &str = "(all others)";

/// What pricing again changed, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepriceReport {
    models: BTreeMap<(String, String), RepricedModel>,
    /// Attempts left alone because the sums of their hour can no longer be made anew: it is past
    /// the retention.
    pub past_retention: u64,
    /// From when on calls were not looked at, where the run was to look at so many only.
    pub left_from: Option<DateTime<Utc>>,
}

/// The attempts sent to one model that used tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepricedModel {
    /// The provider's code.
    pub provider: String,
    /// The model's code.
    pub model: String,
    /// How many there are.
    pub attempts: u64,
    /// How many have another price or cost.
    pub changed: u64,
    /// How many had a cost.
    pub priced_before: u64,
    /// How many have one now.
    pub priced_after: u64,
    /// What those cost together that had a cost.
    pub cost_before: NanoUsd,
    /// What those cost together that have one now.
    pub cost_after: NanoUsd,
}

impl RepriceReport {
    /// Every model that attempts were sent to, by provider and code.
    pub fn models(&self) -> impl Iterator<Item = &RepricedModel> {
        self.models.values()
    }

    /// All models together; it has no names.
    #[must_use]
    pub fn total(&self) -> RepricedModel {
        let mut total = RepricedModel::default();
        for model in self.models() {
            total.attempts += model.attempts;
            total.changed += model.changed;
            total.priced_before += model.priced_before;
            total.priced_after += model.priced_after;
            total.cost_before += model.cost_before;
            total.cost_after += model.cost_after;
        }
        total
    }

    /// Counts an attempt sent to `provider`.
    pub(super) fn count(&mut self, provider: &str, row: &Billed) {
        let mut key = (provider.to_owned(), row.used.model_code.clone());
        if self.models.len() >= MAX_MODELS && !self.models.contains_key(&key) {
            key = (OTHERS.to_owned(), OTHERS.to_owned());
        }
        let model = self.models.entry(key).or_insert_with_key(|(provider, model)| RepricedModel {
            provider: provider.clone(),
            model: model.clone(),
            ..RepricedModel::default()
        });
        let (before, after) = (row.used.bill().1, row.now.1);
        model.attempts += 1;
        model.changed += u64::from(row.is_changed());
        model.priced_before += u64::from(before.is_some());
        model.priced_after += u64::from(after.is_some());
        model.cost_before += before.unwrap_or_default();
        model.cost_after += after.unwrap_or_default();
    }
}

impl RepricedModel {
    /// How many have no price still.
    #[must_use]
    pub const fn unpriced_left(&self) -> u64 {
        self.attempts - self.priced_after
    }
}
