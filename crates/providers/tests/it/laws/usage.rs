//! Tokens that a provider counts, however wrongly.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tollgate_domain::provider::ProtocolKind;
use tollgate_domain::usage::TokenUsage;

use crate::fixtures::{CALLERS, answer};
use crate::support::{ask, json_of};

/// Every name under which a provider may tell tokens, flat or nested.
const NAMES: [&[&str]; 3] = [
    &[
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "prompt_cache_miss_tokens",
        "prompt_tokens_details/cached_tokens",
        "prompt_tokens_details/cache_write_tokens",
        "completion_tokens_details/reasoning_tokens",
    ],
    &[
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation/ephemeral_5m_input_tokens",
        "cache_creation/ephemeral_1h_input_tokens",
        "output_tokens_details/thinking_tokens",
    ],
    &[
        "promptTokenCount",
        "candidatesTokenCount",
        "totalTokenCount",
        "cachedContentTokenCount",
        "thoughtsTokenCount",
        "toolUsePromptTokenCount",
    ],
];

fn any_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..5000_i64).prop_map(Value::from),
        1 => prop::sample::select(vec![
            json!(-1), json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(1e300), json!(-0.5),
            json!(1.0), json!("7"), json!(null), json!([]), json!({}), json!(true),
        ]),
    ]
}

fn any_usage(at: usize) -> impl Strategy<Value = Value> {
    let numbers = proptest::collection::vec(prop::option::of(any_number()), NAMES[at].len());
    numbers.prop_map(move |numbers| {
        let mut usage = Map::new();
        for (name, number) in NAMES[at].iter().zip(numbers) {
            let Some(number) = number else { continue };
            match name.split_once('/') {
                None => {
                    usage.insert((*name).to_owned(), number);
                }
                Some((outer, inner)) => {
                    let nested = usage.entry(outer).or_insert_with(|| json!({}));
                    nested[inner] = number;
                }
            }
        }
        Value::Object(usage)
    })
}

fn any_counted() -> impl Strategy<Value = (ProtocolKind, Value)> {
    (0..ProtocolKind::ALL.len())
        .prop_flat_map(|at| any_usage(at).prop_map(move |usage| (ProtocolKind::ALL[at], usage)))
}

fn body(kind: ProtocolKind, usage: &Value) -> Bytes {
    let body = match kind {
        ProtocolKind::OpenAi => json!({
            "id": "a", "object": "chat.completion", "created": 1, "model": "m", "usage": usage,
            "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                "message": {"role": "assistant", "content": "Hi", "refusal": null}}],
        }),
        ProtocolKind::Anthropic => json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "usage": usage,
            "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn",
        }),
        ProtocolKind::Gemini => json!({
            "candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}],
            "usageMetadata": usage, "responseId": "r", "modelVersion": "m",
        }),
    };
    body.to_string().into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_buckets_sum_to_the_total_whatever_a_provider_counts(
        (kind, usage) in any_counted(),
    ) {
        for (dialect, _) in CALLERS {
            let answer = answer(kind, &ask(dialect, false), &body(kind, &usage));
            // Nothing a provider counts makes an answer a failure.
            let answer = answer.unwrap();
            let Some(counted) = answer.facts.usage else { continue };
            let buckets = [
                counted.prompt, counted.cached, counted.cache_write, counted.cache_write_1h,
                counted.completion, counted.reasoning,
            ];
            prop_assert!(buckets.iter().all(|it| (0..=TokenUsage::MAX).contains(it)), "{:?}", counted);
            prop_assert_eq!(buckets.iter().sum::<i64>(), counted.total());
            if kind.as_str() != dialect.as_str() {
                let told = &json_of(&answer.body)["usage"];
                let tokens = |name: &str| told[name].as_i64().unwrap_or(0);
                let prompt = tokens("prompt_tokens") + tokens("input_tokens")
                    + tokens("cache_read_input_tokens") + tokens("cache_creation_input_tokens");
                prop_assert_eq!(prompt, counted.whole_prompt());
                let completion = tokens("completion_tokens") + tokens("output_tokens");
                prop_assert_eq!(completion, counted.whole_completion());
            }
        }
    }
}
