//! A whole answer of Anthropic's in OpenAI's words.

use crate::anthropic::wire::{Block, Message};
use crate::translate::openai_answer::{Completion, FunctionCall};

/// What `message` says. Blocks that OpenAI has nothing for, such as those of the provider's own
/// tools, are left out.
pub(crate) fn completion(message: &Message) -> Completion {
    let mut completion = Completion::default();
    for block in message.blocks() {
        match block.kind.as_str() {
            "text" => completion.text += block.text.as_deref().unwrap_or_default(),
            "thinking" => completion.reasoning += block.thinking.as_deref().unwrap_or_default(),
            "tool_use" => {
                let n = completion.calls.len();
                completion.calls.push(call(block, n, message.id.as_deref()));
            }
            _ => {}
        }
    }
    let has_calls = !completion.calls.is_empty();
    completion.finish = finish(message.stop_reason.as_deref(), has_calls).to_owned();
    completion.usage = message.usage.and_then(|usage| usage.buckets());
    completion
}

fn call(block: Block, n: usize, message: Option<&str>) -> FunctionCall {
    let input = block.input.as_deref().map(|input| input.get());
    let arguments = input.filter(|input| input.starts_with('{')).unwrap_or("{}").to_owned();
    let id = call_id(block.id, n, message);
    FunctionCall { id, name: block.name.unwrap_or_default(), arguments }
}

/// The call's own id, or one that is unique in the conversation.
pub(super) fn call_id(id: Option<String>, n: usize, message: Option<&str>) -> String {
    let id = id.filter(|id| !id.is_empty());
    id.unwrap_or_else(|| format!("call_{}_{n}", message.unwrap_or("anthropic")))
}

/// OpenAI's word for why an answer ended.
pub(super) fn finish(stop_reason: Option<&str>, has_calls: bool) -> &'static str {
    match stop_reason {
        // A paused turn is unfinished, and OpenAI has no other word for that.
        Some("max_tokens" | "model_context_window_exceeded" | "pause_turn") => "length",
        Some("tool_use") => "tool_calls",
        Some("refusal") => "content_filter",
        Some("stop_sequence") => "stop",
        // Compatible servers say `end_turn` whatever they ask for.
        _ if has_calls => "tool_calls",
        _ => "stop",
    }
}
