//! An answer as events.

use serde_json::{Value, json};

use super::messages::{Message, SIGNATURE};
use crate::behaviour::UsageStyle;
use crate::reply::{Event, Part};

/// The events of an answer: its head, its blocks one after the other, why it ended, and its end.
pub(super) fn events(message: &Message<'_>) -> Vec<Event> {
    let head = json!({"type": "message_start", "message": message.head(1)});
    let mut events = vec![named(Part::Opening, &head), ping()];
    let mut blocks = Blocks { events: Vec::new(), next: 0 };
    let made_up = &message.made_up;
    if !made_up.reasoning.is_empty() {
        let open = json!({"type": "thinking", "thinking": "", "signature": ""});
        let signature = json!({"type": "signature_delta", "signature": SIGNATURE});
        blocks.add(&open, "thinking_delta", "thinking", &made_up.reasoning, Some(signature));
    }
    if !made_up.text.is_empty() {
        blocks.add(&json!({"type": "text", "text": ""}), "text_delta", "text", &made_up.text, None);
    }
    for call in &made_up.calls {
        let open = json!({"type": "tool_use", "id": call.id, "name": call.name, "input": {}});
        // As at Anthropic, no arguments are no fragments.
        let is_empty = call.input.concat() == "{}";
        let fragments = if is_empty { &[][..] } else { &call.input };
        blocks.add(&open, "input_json_delta", "partial_json", fragments, None);
    }
    events.extend(blocks.events);
    let delta = json!({"stop_reason": message.stop_reason(), "stop_sequence": made_up.stop});
    let mut end = json!({"type": "message_delta", "delta": delta});
    if message.asked.behaviour.usage != UsageStyle::Never {
        end["usage"] = message.usage(made_up.tokens);
    }
    events.push(named(Part::Finish, &end));
    events.push(named(Part::Done, &json!({"type": "message_stop"})));
    events
}

/// The events of blocks, which are numbered in turn.
struct Blocks {
    events: Vec<Event>,
    next: usize,
}

impl Blocks {
    /// A block whose `pieces` come as deltas of that kind, and after them perhaps a last delta.
    fn add(
        &mut self,
        open: &Value,
        kind: &str,
        field: &str,
        pieces: &[String],
        last: Option<Value>,
    ) {
        let index = self.next;
        self.next += 1;
        let start = json!({"type": "content_block_start", "index": index, "content_block": open});
        self.events.push(named(Part::Content, &start));
        for piece in pieces {
            let delta = json!({"type": kind, field: piece});
            let event = json!({"type": "content_block_delta", "index": index, "delta": delta});
            self.events.push(Event { tokens: 1, ..named(Part::Content, &event) });
        }
        if let Some(delta) = last {
            let event = json!({"type": "content_block_delta", "index": index, "delta": delta});
            self.events.push(named(Part::Content, &event));
        }
        let stop = json!({"type": "content_block_stop", "index": index});
        self.events.push(named(Part::Content, &stop));
    }
}

fn ping() -> Event {
    named(Part::Opening, &json!({"type": "ping"}))
}

/// An event under the name that its data have.
fn named(part: Part, data: &Value) -> Event {
    let name = data["type"].as_str().map(str::to_owned);
    Event { name, ..Event::new(part, data) }
}
