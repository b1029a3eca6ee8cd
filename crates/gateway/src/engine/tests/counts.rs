//! Counts of tokens, by a provider that makes them and for one that does not.

use super::*;

fn count(given: &Given, dialect: Dialect) -> ChatCall {
    let mut call = given.call(true);
    call.dialect = dialect;
    call.endpoint = Endpoint::CountTokens;
    call.path = "/v1/messages/count_tokens";
    call
}

fn counts(tokens: i64) -> Play {
    let usage = Some(TokenUsage::default());
    Play::Whole(Answer {
        body: Bytes::from(format!(r#"{{"input_tokens":{tokens}}}"#)),
        facts: AnswerFacts { usage, counted: Some(tokens), ..AnswerFacts::default() },
    })
}

/// The number in a reply, after a look at what it cost.
fn told(reply: CallReply) -> i64 {
    let ReplyBody::Whole { answer, usage, cost, .. } = reply.body else { panic!("never a stream") };
    assert_eq!((usage, cost), (TokenUsage::default(), Some(NanoUsd::ZERO)));
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    assert_eq!(answer.facts.counted, body["input_tokens"].as_i64());
    body["input_tokens"].as_i64().unwrap()
}

#[tokio::test]
async fn a_provider_that_counts_is_asked_like_for_any_call_and_nothing_is_used() {
    for protocol in [ProtocolKind::Anthropic, ProtocolKind::Gemini] {
        for dialect in [Dialect::Anthropic, Dialect::OpenAi] {
            let plays = vec![fails(FailureClass::RateLimited), counts(42)];
            let limits = KeyLimits { tpm: Some(1), ..KeyLimits::default() };
            let given =
                given_with(2, plays, |new| new.protocol = protocol, |key| key.limits = limits)
                    .await;

            let reply =
                given.engine.call_with(given.script.clone(), count(&given, dialect)).await.unwrap();

            assert!(!reply.is_estimate() && reply.head.key_id.is_some());
            assert_eq!(told(reply), 42);
            assert_eq!(given.sent(), [at("sk-1", 0), at("sk-2", 0)], "{protocol} {dialect}");
            assert_eq!(given.rows(), [row(1, false, "rate_limited"), success(2)]);
            let rows = given.rows.lock();
            assert_eq!(rows[1].endpoint, "/v1/messages/count_tokens");
            assert_eq!((rows[1].usage.total(), rows[1].cost), (0, Some(NanoUsd::ZERO)));
            assert_eq!(rows[1].usage_source, UsageSource::Provider);
            assert!(!rows[1].is_stream);
            let used = given.engine.live(rows[1].key_id.unwrap());
            assert_eq!((used.rpm_used, used.tpm_used), (1, 0));
        }
    }
}

#[tokio::test]
async fn a_provider_that_does_not_count_is_not_asked_and_the_answer_is_an_estimate() {
    for dialect in [Dialect::Anthropic, Dialect::OpenAi] {
        for keys in [0, 1] {
            let given = given(keys, vec![]).await;

            let reply =
                given.engine.call_with(given.script.clone(), count(&given, dialect)).await.unwrap();

            assert!(reply.is_estimate(), "{dialect}");
            assert_eq!((reply.head.attempts, reply.head.provider_code.as_str()), (0, "sim"));
            assert_eq!(told(reply), 10, "a token for four bytes");
            assert!(given.sent().is_empty());
            assert_eq!(given.rows(), [success(0)]);
            let row = given.rows.lock()[0].clone();
            assert_eq!((row.key_id, row.provider_id), (None, Some(given.provider)));
            assert_eq!((row.usage, row.cost), (TokenUsage::default(), Some(NanoUsd::ZERO)));
            assert_eq!(row.usage_source, UsageSource::Estimated);
            assert_eq!((row.http_status, row.model_code.as_deref()), (Some(200), Some("m")));
        }
    }
}

#[tokio::test]
async fn a_caller_who_leaves_while_tokens_are_counted_has_used_none() {
    let given = given_with(1, vec![], |new| new.protocol = ProtocolKind::Gemini, |_| {}).await;
    let call = given.engine.call_with(given.script.clone(), count(&given, Dialect::Anthropic));

    assert!(timeout(Duration::from_secs(2), call).await.is_err());

    let row = given.rows.lock()[0].clone();
    assert_eq!(row.status, CallStatus::Cancelled);
    assert_eq!((row.usage, row.cost), (TokenUsage::default(), Some(NanoUsd::ZERO)));
}

#[tokio::test]
async fn an_estimate_that_could_not_be_recorded_is_not_given() {
    let given = given(1, vec![]).await;
    let _slots: Vec<_> = std::iter::from_fn(|| given.engine.core.records.reserve()).collect();

    let call = count(&given, Dialect::Anthropic);
    let error = given.engine.call_with(given.script.clone(), call).await.unwrap_err();

    assert_eq!(error, CallError::Unavailable);
}
