//! Recorded whole answers, embeddings and model lists.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, CallFacts, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;

use crate::schema::assert_valid;
use crate::support::{
    call_of, chat_with, events, fixture, json_of, openai, streamed, target, upstream,
};

fn read(body: Bytes) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    openai().answer(&chat_with(json!({})), &target(&upstream, "m"), &body)
}

fn embed(body: Bytes) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    let facts = CallFacts { prompt_bytes: 40, ..CallFacts::default() };
    let call = call_of(Endpoint::Embeddings, Bytes::from_static(b"{}"), facts);
    openai().answer(&call, &target(&upstream, "m"), &body)
}

fn usage(
    prompt: i64,
    cached: i64,
    cache_write: i64,
    completion: i64,
    reasoning: i64,
) -> TokenUsage {
    TokenUsage { prompt, cached, cache_write, cache_write_1h: 0, completion, reasoning }
}

/// (fixture, text, reasoning, number of calls, finish, usage)
fn cases() -> Vec<(&'static str, &'static str, &'static str, usize, &'static str, TokenUsage)> {
    let weather = usage(78, 0, 0, 36, 0);
    vec![
        (
            "openai/chat.json",
            "The capital of France is Paris.",
            "",
            0,
            "stop",
            usage(24, 0, 0, 8, 0),
        ),
        (
            "openai/chat.length.json",
            "Once upon a time there",
            "",
            0,
            "length",
            usage(12, 0, 0, 5, 0),
        ),
        ("openai/chat.reasoning.json", "42", "", 0, "stop", usage(134, 2048, 128, 20, 192)),
        ("openai/chat.tools.json", "", "", 2, "tool_calls", weather),
        ("deepseek/chat.json", "Hello!", "", 0, "stop", usage(5, 0, 0, 3, 0)),
        (
            "deepseek/chat.leading_blank_lines.body.txt",
            "Hello!",
            "",
            0,
            "stop",
            usage(5, 0, 0, 3, 0),
        ),
        (
            "deepseek/reasoner.json",
            "9.8 is larger.",
            "9.11 vs 9.8: compare tenths. 8 > 1.",
            0,
            "stop",
            usage(18, 0, 0, 7, 20),
        ),
        ("moonshot/chat.json", "Hello!", "", 0, "stop", usage(0, 2989, 0, 4, 0)),
        ("qwen/chat.json", "Hello!", "", 0, "stop", usage(13, 0, 0, 3, 0)),
    ]
}

#[test]
fn every_recorded_answer_says_what_it_was_made_to_say() {
    for (name, text, reasoning, calls, finish, usage) in cases() {
        let answer = read(fixture(name)).unwrap_or_else(|failure| panic!("{name}: {failure}"));

        let body = json_of(&answer.body);
        assert_valid("CreateChatCompletionResponse", &body);
        let message = &body["choices"][0]["message"];
        assert_eq!(message["content"].as_str().unwrap_or_default(), text, "{name}");
        assert_eq!(message["reasoning_content"].as_str().unwrap_or_default(), reasoning, "{name}");
        assert_eq!(message["tool_calls"].as_array().map_or(0, Vec::len), calls, "{name}");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(finish), "{name}");
        assert_eq!(answer.facts.usage, Some(usage), "{name}");
        assert_eq!(answer.facts.reasoning_bytes, reasoning.len(), "{name}");
        if calls == 0 {
            assert_eq!(answer.facts.output_bytes, text.len(), "{name}");
        }
    }
}

#[test]
fn openais_own_answers_are_relayed_byte_for_byte() {
    for name in ["chat.json", "chat.length.json", "chat.reasoning.json", "chat.tools.json"] {
        let body = fixture(&format!("openai/{name}"));
        assert_eq!(read(body.clone()).unwrap().body, body.trim_ascii(), "{name}");
    }
    for name in ["embeddings.json", "embeddings.base64.json"] {
        let body = fixture(&format!("openai/{name}"));
        assert_eq!(embed(body.clone()).unwrap().body, body.trim_ascii(), "{name}");
    }
}

#[test]
fn an_answer_cut_short_by_its_provider_is_a_failure() {
    assert_eq!(read(fixture("deepseek/busy.json")).unwrap_err().class, FailureClass::Overloaded);
}

#[test]
fn what_is_no_answer_is_a_failure() {
    let cases = [
        ("<html>", FailureClass::Transient),
        ("", FailureClass::Transient),
        ("{\"choices\":[", FailureClass::Transient),
        ("{\"choices\":[]}", FailureClass::Transient),
        ("[]", FailureClass::Transient),
        ("{\"error\":{\"code\":429,\"message\":\"x\"}}", FailureClass::RateLimited),
        ("[{\"error\":{\"code\":503}}]", FailureClass::Overloaded),
        ("{\"code\":\"Arrearage\",\"message\":\"x\"}", FailureClass::QuotaSpent),
    ];
    for (body, class) in cases {
        assert_eq!(read(Bytes::from(body)).unwrap_err().class, class, "{body}");
    }
}

#[test]
fn a_poor_answer_is_brought_to_openais_schema() {
    let body = json!({
        "choices": [{"message": {
            "content": "", "reasoning": "r",
            "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}, {"id": "x", "type": null, "function": {"name": "g"}}],
        }, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2, "cached_tokens": 4},
        "vendor": {"kept": [1.5]},
    });

    let answer = read(Bytes::from(body.to_string())).unwrap();

    let body = json_of(&answer.body);
    assert_valid("CreateChatCompletionResponse", &body);
    let choice = &body["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["reasoning_content"], "r");
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
    assert_eq!(choice["message"]["tool_calls"][1]["function"]["arguments"], "{}");
    assert_eq!(body["usage"]["prompt_tokens_details"]["cached_tokens"], 4);
    assert_eq!(body["vendor"], json!({"kept": [1.5]}));
    assert_eq!(
        (body["model"].as_str(), body["created"].as_i64()),
        (Some("m"), Some(1_795_996_800))
    );
    assert_eq!(answer.facts.usage, Some(usage(5, 4, 0, 2, 0)));
}

#[test]
fn a_finish_reason_is_one_that_openai_has() {
    let call =
        json!([{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let cases = [
        (json!({"content": "x"}), json!(null), "stop"),
        (json!({"content": "x"}), json!("eos"), "stop"),
        (json!({"content": "x"}), json!("max_tokens"), "length"),
        (json!({"content": "x"}), json!("SAFETY"), "content_filter"),
        (json!({"tool_calls": call}), json!(null), "tool_calls"),
        (json!({"tool_calls": call}), json!(""), "tool_calls"),
        (json!({"tool_calls": call}), json!("length"), "length"),
        (json!({"function_call": {"name": "f"}}), json!("function_call"), "function_call"),
    ];
    for (message, reason, expected) in cases {
        let body = json!({"choices": [{"message": message, "finish_reason": reason}]});
        let answer = read(Bytes::from(body.to_string())).unwrap();

        assert_valid("CreateChatCompletionResponse", &json_of(&answer.body));
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn a_stream_where_an_answer_was_asked_for_is_put_together() {
    for (name, text) in [
        ("openai/chat.stream.sse", "The capital of France is Paris."),
        ("deepseek/chat.stream.keepalive.sse", "Hello!"),
    ] {
        let answer = read(fixture(name)).unwrap();

        let body = json_of(&answer.body);
        assert_valid("CreateChatCompletionResponse", &body);
        assert_eq!(body["choices"][0]["message"]["content"], text);
        assert_eq!(answer.facts.finish_reason.as_deref(), Some("stop"));
        assert!(answer.facts.usage.is_some());
    }
    let tools = json_of(&read(fixture("openai/chat.tools.stream.sse")).unwrap().body);
    assert_valid("CreateChatCompletionResponse", &tools);
    let whole = json_of(&fixture("openai/chat.tools.json"));
    assert_eq!(
        tools["choices"][0]["message"]["tool_calls"],
        whole["choices"][0]["message"]["tool_calls"]
    );
    assert_eq!(tools["usage"], whole["usage"]);
}

#[test]
fn an_answer_where_a_stream_was_asked_for_becomes_one() {
    let upstream = upstream("http://h/v1", json!({}));
    for (name, _, reasoning, calls, finish, usage) in cases() {
        let mut decoder = openai().decoder(&streamed(), &target(&upstream, "m"));
        let mut items = Vec::new();

        decoder.whole(&fixture(name), &mut items).unwrap();
        decoder.end(&mut items).unwrap();

        let events = events(&items);
        let chunks: Vec<Value> = events.iter().map(|event| json_of(&event.data)).collect();
        chunks.iter().for_each(|chunk| assert_valid("CreateChatCompletionStreamResponse", chunk));
        let [message, end, last] = &chunks[..] else { panic!("{chunks:#?}") };
        let delta = &message["choices"][0]["delta"];
        assert_eq!(delta["role"], "assistant");
        assert_eq!(delta["reasoning_content"].as_str().unwrap_or_default(), reasoning);
        assert_eq!(delta["tool_calls"].as_array().map_or(0, Vec::len), calls);
        assert_eq!(end["choices"][0]["finish_reason"], finish);
        assert_eq!(last["choices"], json!([]));
        assert_eq!(events[2].facts.usage, Some(usage));
        assert!(events[2].facts.is_usage_only && events[0].facts.has_content);
    }
}

#[test]
fn embeddings_count_their_prompt_alone() {
    for (name, tokens) in [("openai/embeddings.json", 2), ("openai/embeddings.base64.json", 1)] {
        let answer = embed(fixture(name)).unwrap();

        assert_valid("CreateEmbeddingResponse", &json_of(&fixture("openai/embeddings.json")));
        assert_eq!(answer.facts.usage, Some(usage(tokens, 0, 0, 0, 0)), "{name}");
        assert_eq!(answer.facts.finish_reason, None);
    }
}

#[test]
fn poor_embeddings_are_mended_without_touching_a_vector() {
    let answer =
        embed(Bytes::from_static(b"{\"data\":[{\"embedding\":[0.10,1e-7]},{\"embedding\":[2]}]}"))
            .unwrap();

    assert_valid("CreateEmbeddingResponse", &json_of(&answer.body));
    assert!(str::from_utf8(&answer.body).unwrap().contains("[0.10,1e-7]"));
    assert_eq!(json_of(&answer.body)["data"][1]["index"], 1);
    assert_eq!(json_of(&answer.body)["usage"]["prompt_tokens"], 10);
    assert_eq!(answer.facts.usage, None);

    let total = embed(Bytes::from_static(b"{\"data\":[],\"usage\":{\"total_tokens\":7}}")).unwrap();
    assert_eq!(total.facts.usage, Some(usage(7, 0, 0, 0, 0)));

    let failure = embed(Bytes::from_static(b"{\"error\":{\"code\":429}}")).unwrap_err();
    assert_eq!(failure.class, FailureClass::RateLimited);
}

#[test]
fn every_recorded_model_list_is_read() {
    let cases = [
        ("openai/models.json", vec!["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]),
        ("deepseek/models.json", vec!["deepseek-v4-flash", "deepseek-v4-pro"]),
        ("moonshot/models.json", vec!["kimi-k2.6", "kimi-k3"]),
        ("qwen/models.json", vec!["qwen-plus", "qwen3.8-max"]),
    ];
    for (name, expected) in cases {
        let page = openai().models(&fixture(name)).unwrap();
        let codes: Vec<_> = page.models.iter().map(|model| model.code.as_str()).collect();
        assert_eq!(codes, expected, "{name}");
        assert_eq!(page.next, None);
    }
    let moonshot = openai().models(&fixture("moonshot/models.json")).unwrap().models;
    assert_eq!(moonshot[1].max_input_tokens, Some(1_048_576));
    assert_eq!(moonshot[1].supports_vision, Some(true));
    let openai = openai().models(&fixture("openai/models.json")).unwrap().models;
    assert_eq!(openai[0].shutdown_date.unwrap().to_string(), "2027-01-14");
}
