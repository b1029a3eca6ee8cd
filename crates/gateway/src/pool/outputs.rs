//! How long a model's answers are of late.

use std::collections::HashMap;

/// Tokens that an answer is expected to have before any of the model's was seen.
const START: i64 = 256;
/// Models whose answers are remembered; callers may name any.
const MAX_MODELS: usize = 256;
/// The longest model name that is remembered, in bytes.
const MAX_NAME: usize = 200;
/// The newest answer moves the mean by this part of its difference: about the last sixteen count.
const PART: i64 = 8;
/// Means are kept in this part of a token.
const UNIT: i64 = 1 << 10;
/// The longest answer that is believed.
const MAX_TOKENS: i64 = 1 << 32;

/// The recent mean length of each model's answers.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    means: HashMap<String, i64>,
}

impl Outputs {
    /// How many tokens the next answer of `model` is expected to have.
    pub(super) fn expected(&self, model: &str) -> i64 {
        self.means.get(model).map_or(START, |mean| (mean + UNIT - 1) / UNIT)
    }

    /// Takes in an answer of `tokens`.
    pub(super) fn answered(&mut self, model: &str, tokens: i64) {
        let tokens = tokens.clamp(0, MAX_TOKENS) * UNIT;
        if let Some(mean) = self.means.get_mut(model) {
            *mean += (tokens - *mean) / PART;
        } else if model.len() <= MAX_NAME && self.means.len() < MAX_MODELS {
            let start = START * UNIT;
            self.means.insert(model.to_owned(), start + (tokens - start) / PART);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_begins_at_its_start_and_follows_the_answers() {
        let mut outputs = Outputs::default();
        assert_eq!(outputs.expected("m"), 256);

        outputs.answered("m", 0);
        assert_eq!(outputs.expected("m"), 224);
        for _ in 0..100 {
            outputs.answered("m", 1_000);
        }

        assert_eq!(outputs.expected("m"), 1_000);
        assert_eq!(outputs.expected("another"), 256);
    }

    #[test]
    fn names_that_callers_make_up_do_not_fill_the_memory() {
        let mut outputs = Outputs::default();
        outputs.answered(&"x".repeat(MAX_NAME + 1), 1);

        for number in 0..1_000 {
            outputs.answered(&format!("model {number}"), 1);
        }

        assert_eq!(outputs.means.len(), MAX_MODELS);
    }
}
