//! Thinking, as each generation of models wants it asked for.

use serde_json::{Value, json};

use super::super::requests::{ADAPTIVE, BUDGET, PLAIN, STRICT};
use super::becomes;

/// Opus 4.6: thinks as it likes, and within a budget still.
const BOTH: &str = r#"{"assistant_prefill": false, "adaptive_thinking": true, "reasoning": true}"#;
/// Haiku 5.5: thinks as it likes, or not at all.
const OFF: &str = r#"{"sampling_params": false, "thinking_always_on": false, "adaptive_thinking": true, "reasoning": true}"#;

#[test]
fn thinking_is_asked_for_as_the_model_takes_it() {
    let budget = |tokens: i64| json!({"type": "enabled", "budget_tokens": tokens});
    let adaptive = || json!({"type": "adaptive"});
    let (disabled, unknown) = (json!({"type": "disabled"}), json!({"type": "between_tools"}));
    let effort = |level: &str| json!({"effort": level});
    let none = || Value::Null;
    let cases = [
        // The budget becomes an effort, unless the caller has one.
        (ADAPTIVE, budget(1024), none(), adaptive(), effort("low")),
        (STRICT, budget(8192), none(), adaptive(), effort("medium")),
        (OFF, budget(32_000), none(), adaptive(), effort("high")),
        (ADAPTIVE, budget(1024), effort("max"), adaptive(), effort("max")),
        (ADAPTIVE, json!({"type": "enabled"}), none(), adaptive(), none()),
        (BOTH, budget(2000), none(), budget(2000), none()),
        (BUDGET, budget(2000), none(), budget(2000), none()),
        (PLAIN, budget(2000), none(), budget(2000), none()),
        // The effort becomes a budget: at most half of the 4096 tokens of the answer.
        (BUDGET, adaptive(), none(), budget(2048), none()),
        (BUDGET, adaptive(), effort("low"), budget(1024), none()),
        (BUDGET, adaptive(), effort("medium"), budget(2048), none()),
        (BOTH, adaptive(), effort("low"), adaptive(), effort("low")),
        (PLAIN, adaptive(), effort("low"), adaptive(), effort("low")),
        (STRICT, disabled.clone(), none(), none(), none()),
        (OFF, disabled.clone(), none(), disabled.clone(), none()),
        (BUDGET, disabled.clone(), none(), disabled, none()),
        (BUDGET, unknown.clone(), none(), unknown, none()),
    ];
    for (constraints, thinking, config, expected, expected_config) in cases {
        let mut fields = json!({"thinking": thinking});
        if !config.is_null() {
            fields["output_config"] = config;
        }
        let body = becomes(constraints, fields.clone());
        assert_eq!(body["thinking"], expected, "{constraints} {fields}");
        assert_eq!(body["output_config"], expected_config, "{constraints} {fields}");
    }
}

#[test]
fn a_budget_that_would_be_refused_is_not_asked_for() {
    let call = json!({"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}});
    let thought = json!({"type": "thinking", "thinking": "Hm.", "signature": "c2ln"});
    let result =
        json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1"}]});
    let after = |blocks: Value| json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": blocks}, result]);
    let cases = [
        (json!({}), true),
        (json!({"max_tokens": 1024}), false),
        (json!({"tool_choice": {"type": "any"}}), false),
        (
            json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "It"}]}),
            false,
        ),
        (json!({"messages": after(json!([call]))}), false),
        (json!({"messages": after(json!([thought, call]))}), true),
    ];
    for (fields, thinks) in cases {
        let mut asked = json!({"thinking": {"type": "adaptive"}, "temperature": 0.5});
        asked.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let body = becomes(BUDGET, asked);
        assert_eq!(body["thinking"].is_object(), thinks, "{fields}");
        assert_eq!(body["temperature"].is_null(), thinks, "{fields}");
    }
}

#[test]
fn sampling_that_goes_with_thinking_stays() {
    let asked = |sampling: Value| {
        let mut fields = json!({"thinking": {"type": "enabled", "budget_tokens": 2000}});
        fields.as_object_mut().unwrap().extend(sampling.as_object().unwrap().clone());
        let body = becomes(BUDGET, fields);
        [&body["temperature"], &body["top_p"], &body["top_k"]].map(|it| !it.is_null())
    };
    assert_eq!(asked(json!({"temperature": 1, "top_p": 0.95, "top_k": 5})), [true, true, false]);
    assert_eq!(asked(json!({"temperature": 0.99, "top_p": 0.9})), [false, false, false]);
}

#[test]
fn thoughts_that_anthropic_did_not_sign_do_not_go_there() {
    let thought =
        |signature: &str| json!({"type": "thinking", "thinking": "Hm.", "signature": signature});
    let call = json!({"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}});
    let result =
        json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1"}]});
    let asked = |signature: &str| {
        json!({"thinking": {"type": "enabled", "budget_tokens": 2000}, "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": [thought(signature), call]},
            result,
        ]})
    };

    let foreign = becomes(BUDGET, asked(""));
    assert_eq!(foreign["messages"][1]["content"], json!([call]));
    // The model would refuse to think after calls that it made without thinking.
    assert_eq!(foreign["thinking"], Value::Null);

    let own = becomes(BUDGET, asked("c2ln"));
    assert_eq!(own["messages"], asked("c2ln")["messages"]);
    assert_eq!(own["thinking"]["budget_tokens"], 2000);
}
