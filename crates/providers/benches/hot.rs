//! What every call has to pay for: reading its body, making its request, reading its answer:
//! `cargo bench -p tollgate-providers --bench hot`.

#![expect(clippy::unwrap_used, reason = "a bench whose input is wrong may end")]

use std::hint::black_box;
use std::sync::LazyLock;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use serde_json::{Map, Value};
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::provider::{ProtocolKind, Timeouts};
use tollgate_domain::{RequestId, Secret};
use tollgate_providers::{Common, Quirks, SseItem, SseReader, Target, Upstream, openai, protocol};

const BODY: &str = r#"{"model":"gpt-4.1","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is the weather like in the capital of France, and what should I wear there today?"}],"max_tokens":100,"stream":true}"#;
const CHUNK: &str = r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4.1","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}],"usage":null}"#;
const ANSWER: &str = r#"{"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":"gpt-4.1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello! How can I assist you today?","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}"#;

static NO_CONSTRAINTS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

fn call() -> ChatCall {
    ChatCall {
        request_id: RequestId::new(chrono::DateTime::UNIX_EPOCH),
        client_request_id: None,
        user_id: None,
        app_id: None,
        access: Access::default(),
        dialect: Dialect::OpenAi,
        endpoint: Endpoint::Chat,
        path: "/v1/chat/completions",
        body: Bytes::from_static(BODY.as_bytes()),
        facts: openai::read_chat(BODY.as_bytes()).unwrap(),
        forwarded: Vec::new(),
        timeout: None,
        ip_address: None,
        user_agent: None,
    }
}

fn upstream() -> Upstream {
    Upstream {
        provider_code: "openai".to_owned(),
        protocol: ProtocolKind::OpenAi,
        base_url: "http://127.0.0.1:9/v1".to_owned(),
        secret: Secret::from("sk-bench"),
        extra_headers: std::collections::BTreeMap::new(),
        quirks: Quirks::default(),
        default_params: Map::new(),
        timeouts: Timeouts::default(),
        common: Common::default(),
    }
}

fn hot(c: &mut Criterion) {
    let (call, upstream) = (call(), upstream());
    let target = Target {
        upstream: &upstream,
        model_code: "gpt-4.1-2025-04-14",
        constraints: &NO_CONSTRAINTS,
        max_output_tokens: None,
        output_cap: None,
    };
    let openai_protocol = protocol(ProtocolKind::OpenAi);
    c.bench_function("facts of a body", |b| {
        b.iter(|| openai::read_chat(black_box(BODY.as_bytes())));
    });
    c.bench_function("request with another model", |b| {
        b.iter(|| openai_protocol.request(black_box(&call), &target));
    });
    let answer = Bytes::from_static(ANSWER.as_bytes());
    c.bench_function("whole answer", |b| {
        b.iter(|| openai_protocol.answer(&call, &target, black_box(&answer)));
    });
    let events = Bytes::from(format!("data: {CHUNK}\n\n").repeat(40));
    c.bench_function("40 events of a stream", |b| {
        b.iter_batched(
            || (SseReader::new(1 << 20), openai_protocol.decoder(&call, &target), Vec::new()),
            |(mut reader, mut decoder, mut items)| {
                reader.push(events.clone());
                while let Ok(Some(item)) = reader.next_item() {
                    if let SseItem::Event(event) = item {
                        decoder.event(&event, &mut items).unwrap();
                    }
                }
                items
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().without_plots();
    targets = hot
}
criterion_main!(benches);
