//! The order in which Anthropic's events come.

use serde_json::Value;

/// Where in a message its events are.
#[derive(Default)]
pub(super) struct Order {
    has_started: bool,
    open: Option<u64>,
    blocks: u64,
    has_finished: bool,
    is_over: bool,
}

impl Order {
    /// Whether the message has ended.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Panics unless that event may come now.
    pub(super) fn take(&mut self, event: &Value) {
        let kind = event["type"].as_str().expect("every event has a type");
        assert_eq!(self.has_started, kind != "message_start", "{event}");
        assert!(!self.is_over, "after the end: {event}");
        let index = event["index"].as_u64();
        match kind {
            "message_start" => self.has_started = true,
            "content_block_start" => {
                assert!(self.open.is_none() && !self.has_finished, "{event}");
                assert_eq!(index, Some(self.blocks));
                self.open = index;
                self.blocks += 1;
            }
            "content_block_delta" => assert!(index.is_some() && self.open == index, "{event}"),
            "content_block_stop" => {
                assert!(index.is_some() && self.open.take() == index, "{event}");
            }
            "message_delta" => {
                assert!(self.open.is_none() && !self.has_finished, "{event}");
                self.has_finished = true;
            }
            "message_stop" => {
                assert!(self.has_finished, "{event}");
                self.is_over = true;
            }
            "ping" => {}
            other => panic!("an event {other}"),
        }
    }
}
