//! Answers of providers, whole and streamed, on their way to a caller.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{CallFacts, ChatCall, ChatEvent, Dialect};
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::ProtocolKind;
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::{Protocol, SseItem, SseReader, StreamItem, Target, protocol};

use super::order::Order;
use super::{CONSTRAINTS, assert_bounded, call, object, target, upstream};

/// The longest event that is taken.
const LIMIT: usize = 1 << 20;

type Streamed = (Vec<StreamItem>, Result<(), Failure>);

/// Whatever a provider sends, the caller gets JSON of their dialect, in bounds, with tokens that
/// sum up; and the same however the bytes are cut.
pub(super) fn check(kind: ProtocolKind, dialect: Dialect, data: &[u8]) {
    let upstream = upstream(kind);
    let is_translated = kind.as_str() != dialect.as_str();
    let target = target(&upstream, &CONSTRAINTS[0]);
    let pair = Pair { protocol: protocol(kind), target, dialect, is_translated };
    let body = Bytes::copy_from_slice(data);

    pair.assert_answer(&body);
    let streamed = pair.stream([data]);
    assert_eq!(pair.stream(data.chunks(7)), streamed);
    pair.assert_events(&streamed, data);
    pair.assert_events(&pair.stream_of_whole(&body), data);
}

/// One provider and one caller.
struct Pair<'a> {
    protocol: &'static dyn Protocol,
    target: Target<'a>,
    dialect: Dialect,
    /// Whether they speak different dialects, so that all of the answer is ours.
    is_translated: bool,
}

impl Pair<'_> {
    fn call(&self, is_stream: bool) -> ChatCall {
        let facts = CallFacts {
            model: Some("m".to_owned()),
            is_stream,
            wants_stream_usage: is_stream,
            ..CallFacts::default()
        };
        let body = json!({
            "model": "m", "max_tokens": 64, "stream": is_stream,
            "messages": [{"role": "user", "content": "Hi"}],
        });
        call(self.dialect, body.to_string().into(), facts)
    }

    fn assert_answer(&self, body: &Bytes) {
        let Ok(answer) = self.protocol.answer(&self.call(false), &self.target, body) else {
            return;
        };
        let text = object(&answer.body);
        assert_bounded(answer.body.len(), body);
        if let Some(usage) = answer.facts.usage {
            assert_usage(usage);
            if self.is_translated {
                assert_eq!(told(self.dialect, &text["usage"]), usage.total(), "{text}");
            }
        }
    }

    fn stream<'a>(&self, chunks: impl IntoIterator<Item = &'a [u8]>) -> Streamed {
        let mut decoder = self.protocol.decoder(&self.call(true), &self.target);
        let mut reader = SseReader::new(LIMIT);
        let mut items = Vec::new();
        for chunk in chunks {
            reader.push(Bytes::copy_from_slice(chunk));
            while !decoder.is_done()
                && let Ok(Some(item)) = reader.next_item()
            {
                let SseItem::Event(event) = item else { continue };
                if let Err(failure) = decoder.event(&event, &mut items) {
                    return (items, Err(failure));
                }
            }
        }
        if !decoder.is_done()
            && let Ok(Some(event)) = reader.finish()
            && let Err(failure) = decoder.event(&event, &mut items)
        {
            return (items, Err(failure));
        }
        let end = decoder.end(&mut items);
        (items, end)
    }

    fn stream_of_whole(&self, body: &Bytes) -> Streamed {
        let mut decoder = self.protocol.decoder(&self.call(true), &self.target);
        let mut items = Vec::new();
        let end = decoder.whole(body, &mut items).and_then(|()| decoder.end(&mut items));
        (items, end)
    }

    fn assert_events(&self, (items, end): &Streamed, read: &[u8]) {
        let events: Vec<&ChatEvent> = items.iter().filter_map(event).collect();
        assert_bounded(events.iter().map(|event| event.data.len()).sum(), read);
        let mut order = Order::default();
        for event in events {
            assert!(!event.data.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
            assert_eq!(event.name.is_some(), self.dialect == Dialect::Anthropic);
            event.facts.usage.into_iter().for_each(assert_usage);
            let data = object(&event.data);
            if self.is_translated && self.dialect == Dialect::Anthropic {
                order.take(&data);
            }
        }
        if self.is_translated && self.dialect == Dialect::Anthropic && end.is_ok() {
            assert!(order.is_over(), "no message_stop");
        }
    }
}

fn event(item: &StreamItem) -> Option<&ChatEvent> {
    match item {
        StreamItem::Event(event) => Some(event),
        StreamItem::KeepAlive => None,
    }
}

fn assert_usage(usage: TokenUsage) {
    let TokenUsage { prompt, cached, cache_write, cache_write_1h, completion, reasoning } = usage;
    let buckets = [prompt, cached, cache_write, cache_write_1h, completion, reasoning];
    assert!(buckets.iter().all(|tokens| (0..=TokenUsage::MAX).contains(tokens)), "{usage:?}");
    assert_eq!(usage.total(), buckets.iter().sum::<i64>());
}

/// All tokens, as the caller adds them up.
fn told(dialect: Dialect, usage: &Value) -> i64 {
    let tokens = |name: &str| usage[name].as_i64().unwrap_or_else(|| panic!("{name} in {usage}"));
    match dialect {
        Dialect::OpenAi => {
            let total = tokens("total_tokens");
            assert_eq!(tokens("prompt_tokens") + tokens("completion_tokens"), total);
            total
        }
        Dialect::Anthropic => {
            let prompt = tokens("input_tokens") + tokens("cache_read_input_tokens");
            prompt + tokens("cache_creation_input_tokens") + tokens("output_tokens")
        }
    }
}
