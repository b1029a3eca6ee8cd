//! Requests translated, and translated back.

use proptest::prelude::*;
use serde_json::Value;
use tollgate_domain::chat::Dialect;
use tollgate_domain::provider::ProtocolKind;

use super::talk::{any_talk, normal_anthropic, normal_openai};
use crate::fixtures::sent;
use crate::support::{chat_in, json_of};

fn translated(dialect: Dialect, kind: ProtocolKind, body: &Value) -> Value {
    let sent = sent(kind, &chat_in(dialect, body.to_string())).unwrap();
    json_of(sent.as_bytes())
}

fn to_anthropic(body: &Value) -> Value {
    translated(Dialect::OpenAi, ProtocolKind::Anthropic, body)
}

fn to_openai(body: &Value) -> Value {
    translated(Dialect::Anthropic, ProtocolKind::OpenAi, body)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_both_dialects_can_say_survives_there_and_back(talk in any_talk()) {
        let (openai, anthropic) = (talk.openai(), talk.anthropic());

        prop_assert_eq!(&to_anthropic(&openai), &anthropic);
        prop_assert_eq!(normal_openai(to_openai(&anthropic)), normal_openai(openai.clone()));
        prop_assert_eq!(normal_anthropic(to_anthropic(&to_openai(&anthropic))), anthropic);
        prop_assert_eq!(normal_openai(to_openai(&to_anthropic(&openai))), normal_openai(openai));
    }

    #[test]
    fn gemini_is_asked_the_same_by_callers_of_either_dialect(talk in any_talk()) {
        let by_openai = translated(Dialect::OpenAi, ProtocolKind::Gemini, &talk.openai());
        let by_anthropic = translated(Dialect::Anthropic, ProtocolKind::Gemini, &talk.anthropic());

        prop_assert_eq!(by_anthropic, by_openai);
    }
}
