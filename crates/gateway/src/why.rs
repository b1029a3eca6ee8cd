//! Why a call went where it did, for its record.

use serde_json::{Map, Value, json};
use tollgate_domain::failure::FailureClass;

use crate::error::KeyRefusal;
use crate::pool::MAX_NAMED;
use crate::target::{LeftOut, Plan, Route};

/// The same for each target that was passed over.
const MAX_SKIPPED_ELSEWHERE: usize = 5;

/// How an attempt came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// With another key of the same target.
    OtherKey,
    /// At another target.
    NextTarget,
    /// With a key that was tried before, after a wait.
    SameKey,
}

/// What there is to tell since the last record of the call.
#[derive(Debug, Default)]
pub(crate) struct Why {
    told: Map<String, Value>,
}

impl Why {
    /// What is to be told of `plan`: nothing of one that is a single model's.
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut why = Self::default();
        if let Some(alias) = &plan.alias {
            why.tell("alias", json!(alias));
        }
        if plan.targets.len() > 1 || plan.alias.is_some() {
            let targets: Vec<_> = plan.targets.iter().map(|target| named(&target.route)).collect();
            why.tell("targets", json!(targets));
        }
        if !plan.left_out.is_empty() {
            let left_out: Vec<_> = plan.left_out.iter().map(reason).collect();
            why.tell("leftOut", json!(left_out));
        }
        why
    }

    /// An attempt follows one that failed in `class`.
    pub(crate) fn follows(&mut self, class: FailureClass, step: Step) {
        self.tell("after", json!(class.as_str()));
        let step = match step {
            Step::OtherKey => "another_key",
            Step::NextTarget => "next_target",
            Step::SameKey => "same_key",
        };
        self.tell("by", json!(step));
    }

    /// A target was passed over: `reason` is an error's stable name, or `condition`.
    pub(crate) fn passed_over(&mut self, route: &Route, reason: &str, skipped: &[KeyRefusal]) {
        let mut one = named(route);
        one["reason"] = json!(reason);
        if !skipped.is_empty() {
            one["skipped"] = names(skipped, MAX_SKIPPED_ELSEWHERE);
        }
        let passed = self.told.entry("passedOver").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(passed) = passed {
            passed.push(one);
        }
    }

    /// Keys of the attempt's own target were passed over, those named and so many more.
    pub(crate) fn skipped(&mut self, skipped: &[KeyRefusal], more: usize) {
        if !skipped.is_empty() {
            self.tell("skipped", names(skipped, MAX_NAMED));
        }
        let more = more + skipped.len().saturating_sub(MAX_NAMED);
        if more > 0 {
            self.tell("skippedMore", json!(more));
        }
    }

    /// The call waited.
    pub(crate) fn waited(&mut self, waited_ms: u128) {
        if waited_ms > 0 {
            self.tell("waitedMs", json!(u64::try_from(waited_ms).unwrap_or(u64::MAX)));
        }
    }

    /// What there is to tell; from here on only what is new.
    pub(crate) fn take(&mut self) -> Option<Value> {
        let told = std::mem::take(&mut self.told);
        (!told.is_empty()).then_some(Value::Object(told))
    }

    fn tell(&mut self, name: &str, value: Value) {
        self.told.insert(name.to_owned(), value);
    }
}

fn named(route: &Route) -> Value {
    json!({"providerCode": route.provider.provider.code, "modelCode": route.model_code})
}

fn reason(left_out: &LeftOut) -> Value {
    json!({
        "providerCode": left_out.provider,
        "modelCode": left_out.model,
        "reason": left_out.error.code(),
        "message": left_out.error.to_string(),
    })
}

fn names(skipped: &[KeyRefusal], most: usize) -> Value {
    let named = skipped.iter().take(most).map(|key| {
        json!({
            "keyId": key.key_id,
            "keyName": key.key_name,
            "reason": key.reason.as_str(),
            "availableAt": key.available_at,
        })
    });
    Value::Array(named.collect())
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ApiKeyId;

    use super::*;
    use crate::pool::SkipReason;

    fn skipped(count: i64) -> Vec<KeyRefusal> {
        let refusal = |id| KeyRefusal {
            key_id: ApiKeyId::new(id),
            key_name: "k".to_owned(),
            reason: SkipReason::Rpm,
            available_at: None,
        };
        (0..count).map(refusal).collect()
    }

    #[test]
    fn a_record_tells_of_its_way_only_when_there_is_something_to_tell() {
        let mut why = Why::default();
        assert_eq!(why.take(), None);
        why.skipped(&[], 0);
        why.waited(0);
        assert_eq!(why.take(), None);

        why.skipped(&skipped(1), 0);
        why.waited(5);
        let one = json!({"keyId": 0, "keyName": "k", "reason": "rpm", "availableAt": null});
        assert_eq!(why.take(), Some(json!({"skipped": [one], "waitedMs": 5})));
        assert_eq!(why.take(), None, "what is told once is not told again");
    }

    #[test]
    fn of_many_keys_only_some_are_named() {
        let mut why = Why::default();
        why.skipped(&skipped(25), 3);

        let told = why.take().unwrap();

        assert_eq!(told["skipped"].as_array().unwrap().len(), 20);
        assert_eq!(told["skippedMore"], 8);
    }
}
