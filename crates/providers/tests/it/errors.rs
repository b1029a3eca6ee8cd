//! Recorded errors and their classes.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::DateTime;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::WireReply;
use tollgate_simulator::{Behaviour, ErrorReply, Fault};

use crate::support::{fixture, fixture_names, json_of, openai};

fn failure(name: &str, headers: HeaderMap) -> Failure {
    let status: u16 = name.split("error.").nth(1).unwrap()[..3].parse().unwrap();
    let reply =
        WireReply { status: StatusCode::from_u16(status).unwrap(), headers, body: fixture(name) };
    openai().failure(&reply, DateTime::UNIX_EPOCH)
}

#[test]
fn every_recorded_error_has_its_class() {
    use FailureClass::{
        ClientFault, ContentRefused, ContextTooLong, KeyDeniedForModel, KeyRefused, ModelMissing,
        Overloaded, QuotaSpent, RateLimited, Transient,
    };
    let cases = [
        ("openai/error.400.content_policy.json", ContentRefused),
        ("openai/error.400.context.json", ContextTooLong),
        ("openai/error.400.param.json", ClientFault),
        ("openai/error.401.json", KeyRefused),
        ("openai/error.403.json", KeyRefused),
        ("openai/error.404.model.json", ModelMissing),
        ("openai/error.429.quota.json", QuotaSpent),
        ("openai/error.429.rate.json", RateLimited),
        ("openai/error.500.json", Transient),
        ("openai/error.503.json", Overloaded),
        ("deepseek/error.400.reasoning.json", ClientFault),
        ("deepseek/error.401.json", KeyRefused),
        ("deepseek/error.402.json", QuotaSpent),
        ("deepseek/error.422.json", ClientFault),
        ("deepseek/error.429.json", RateLimited),
        ("deepseek/error.503.json", Overloaded),
        ("moonshot/error.400.content_filter.json", ContentRefused),
        ("moonshot/error.400.json", ContextTooLong),
        ("moonshot/error.400.temperature.json", ClientFault),
        ("moonshot/error.401.json", KeyRefused),
        ("moonshot/error.401.key.json", KeyRefused),
        ("moonshot/error.404.json", ModelMissing),
        ("moonshot/error.429.overloaded.json", Overloaded),
        ("moonshot/error.429.quota.json", QuotaSpent),
        ("moonshot/error.429.rate.json", RateLimited),
        ("moonshot/error.500.json", Transient),
        ("qwen/error.400.arrearage.json", QuotaSpent),
        ("qwen/error.400.inspection.json", ContentRefused),
        ("qwen/error.400.json", ClientFault),
        ("qwen/error.401.json", KeyRefused),
        ("qwen/error.401.native.json", KeyRefused),
        ("qwen/error.403.free_tier.json", KeyDeniedForModel),
        ("qwen/error.403.json", KeyDeniedForModel),
        ("qwen/error.404.json", ModelMissing),
        // Ambiguous there: a token rate as often as a spent allocation.
        ("qwen/error.429.quota.json", RateLimited),
        ("qwen/error.429.rate.json", RateLimited),
        ("qwen/error.500.json", Transient),
        ("openai-compatible/azure.error.400.content_filter.json", ContentRefused),
        ("openai-compatible/azure.error.401.json", KeyRefused),
        ("openai-compatible/azure.error.404.deployment.json", Transient),
        ("openai-compatible/llamacpp.error.503.json", Overloaded),
        ("openai-compatible/ollama.error.404.json", ModelMissing),
        ("openai-compatible/openrouter.error.402.json", QuotaSpent),
        ("openai-compatible/vllm.error.400.json", ContextTooLong),
        ("gemini/openai_compat.error.400.array.json", ClientFault),
    ];
    let covered: BTreeSet<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(covered, fixture_names(|name| name.contains("error.")));

    for (name, class) in cases {
        let failure = failure(name, HeaderMap::new());
        assert_eq!(failure.class, class, "{name}");
        assert!(failure.http_status.is_some() && !failure.message.is_empty(), "{name}");
    }
}

#[test]
fn the_providers_words_are_kept_but_no_part_of_a_key() {
    let param = failure("openai/error.400.param.json", HeaderMap::new());
    assert_eq!(param.param.as_deref(), Some("max_tokens"));
    assert_eq!(param.code.as_deref(), Some("unsupported_parameter"));
    assert!(param.message.starts_with("Unsupported parameter: 'max_tokens'"));

    let key = failure("openai/error.401.json", HeaderMap::new());
    assert_eq!(key.message, "Incorrect API key provided: ***");
    let masked = failure("deepseek/error.401.json", HeaderMap::new());
    assert_eq!(masked.message, "Authentication Fails, Your api key: *** is invalid");
}

/// The headers of a recorded answer.
fn headers_of(name: &str) -> Vec<(String, String)> {
    let headers = json_of(&fixture(name));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    headers.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

#[tokio::test]
async fn a_refusal_tells_the_keys_limits_as_an_answer_does() {
    let told = |rpm, tpm| KeyLimits { rpm, tpm, ..KeyLimits::default() };
    for (name, limits) in [
        ("anthropic/headers.200.json", told(Some(1_000), Some(96_000))),
        ("anthropic/headers.429.json", told(Some(1_000), Some(96_000))),
        ("openai/headers.200.json", told(Some(500), Some(30_000))),
        // It tells what is left of them alone.
        ("openai/headers.429.json", told(None, None)),
    ] {
        for error in ["429", "500"] {
            let refusal = ErrorReply::named(error).unwrap();
            let refusal = headers_of(name)
                .iter()
                .filter(|(name, _)| name != "content-type")
                .fold(refusal, |refusal, (name, value)| refusal.with_header(name, value));
            let behaviour = Behaviour::failing(Fault::Error(refusal));
            let (_simulator, upstream) = crate::http::simulator(behaviour).await;

            let failure = crate::http::whole(&upstream).await.unwrap_err();

            assert_eq!(failure.limits.as_deref().copied().unwrap_or_default(), limits, "{name}");
        }
    }
}

#[test]
fn the_recorded_headers_say_how_long_to_wait() {
    let headers = headers_of("openai/headers.429.json");
    let headers = headers.iter().map(|(name, value)| {
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    });
    let mut headers: HeaderMap = headers.collect();
    let wait = |headers: &HeaderMap| failure("openai/error.500.json", headers.clone()).retry_after;

    assert_eq!(wait(&headers), Some(Duration::from_millis(1400)));
    headers.remove("retry-after-ms");
    assert_eq!(wait(&headers), Some(Duration::from_secs(2)));
    headers.remove("retry-after");
    assert_eq!(wait(&headers), Some(Duration::from_millis(1400)));

    let spoken = failure("openai/error.429.rate.json", HeaderMap::new());
    assert_eq!(spoken.retry_after, Some(Duration::from_millis(1400)));
    let spoken = failure("moonshot/error.429.rate.json", HeaderMap::new());
    assert_eq!(spoken.retry_after, Some(Duration::from_secs(1)));
}
