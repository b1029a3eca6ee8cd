//! Whether an answer or chunk is as OpenAI would have sent it, so that its bytes can be relayed.

use super::calls::Fragment;
use super::state::{ChoiceState, StreamState};
use super::wire::{Choice, Field, Part, Reply, ToolCall, Usage};

/// The finish reasons that OpenAI's schema knows.
pub(super) const FINISH_REASONS: [&str; 5] =
    ["stop", "length", "tool_calls", "content_filter", "function_call"];

/// Whether a whole answer needs no repair.
pub(super) fn is_clean_whole(reply: &Reply<'_>) -> bool {
    has_clean_head(reply, "chat.completion")
        && !reply.usage.is_null()
        && !reply.choices.is_empty()
        && reply.choices.iter().all(|choice| {
            !choice.logprobs.is_absent() && choice.delta.is_absent() && is_clean_message(choice)
        })
}

/// Whether a chunk needs no repair after what was streamed before it.
pub(super) fn is_clean_chunk(reply: &Reply<'_>, state: &StreamState) -> bool {
    has_clean_head(reply, "chat.completion.chunk")
        && reply.choices.iter().all(|choice| {
            choice.message.is_absent() && is_clean_delta(choice, state.choice(choice.index))
        })
}

fn has_clean_head(reply: &Reply<'_>, object: &str) -> bool {
    !reply.id.0.is_empty()
        && reply.object.0 == object
        && reply.created > 0
        && !reply.model.0.is_empty()
        && !reply.system_fingerprint.is_null()
        && reply.error.get().is_none()
        && reply.usage.get().is_none_or(Usage::is_clean)
}

fn is_clean_message(choice: &Choice<'_>) -> bool {
    let Some(message) = choice.message.get() else { return false };
    let calls = message.tool_calls.get().map_or(&[][..], Vec::as_slice);
    message.role.text() == "assistant"
        && !message.content.is_absent()
        && !message.refusal.is_absent()
        && !message.annotations.is_null()
        && is_clean_part(message)
        && calls.iter().all(is_whole_call)
        && ends_well(choice, !calls.is_empty())
        && choice.finish_reason.get().is_some()
}

fn is_whole_call(call: &ToolCall<'_>) -> bool {
    let is_custom = call.kind.text() == "custom" && call.custom.get().is_some();
    let function = call.function.get();
    let is_function = call.kind.text() == "function"
        && function.is_some_and(|function| {
            !function.name.text().is_empty() && function.arguments.get().is_some()
        });
    !call.id.text().is_empty() && (is_function || is_custom)
}

fn is_clean_delta(choice: &Choice<'_>, state: Option<&ChoiceState>) -> bool {
    let Some(delta) = choice.delta.get() else { return false };
    let role_is_sent = state.is_some_and(|state| state.role_is_sent);
    let role_fits = match &delta.role {
        Field::Is(role) => !role_is_sent && role.0 == "assistant",
        Field::Absent => role_is_sent,
        Field::Null => false,
    };
    let calls = delta.tool_calls.get().map_or(&[][..], Vec::as_slice);
    let has_calls = !calls.is_empty() || state.is_some_and(|state| !state.calls.is_empty());
    let is_repeated = state.is_some_and(|state| {
        state.finish.is_some()
            && state.finish.as_deref() == choice.finish_reason.get().map(|it| it.0.as_ref())
    });
    role_fits
        && !is_repeated
        && !choice.finish_reason.is_absent()
        && is_clean_part(delta)
        && ends_well(choice, has_calls)
        // Several fragments in one chunk depend on each other; the repair goes through them in turn.
        && calls.len() <= 1
        && calls.iter().all(|call| fits(call, state))
}

fn fits(call: &ToolCall<'_>, state: Option<&ChoiceState>) -> bool {
    let fragment = fragment(call);
    let function_fits = call
        .function
        .get()
        .is_none_or(|function| !function.name.is_null() && !function.arguments.is_null());
    let begins = !fragment.id.is_empty();
    let kind_fits = match &call.kind {
        Field::Is(kind) => kind.0 == "function" || kind.0 == "custom",
        Field::Absent => !begins,
        Field::Null => false,
    };
    let id_fits = begins || call.id.is_absent();
    let fits = match state {
        Some(state) => state.calls.fits(fragment),
        None => super::calls::Calls::default().fits(fragment),
    };
    function_fits && kind_fits && id_fits && fits
}

/// A call's fragment, with null and empty alike. The input of a custom tool is free text, in which
/// no end of an object is looked for.
pub(super) fn fragment<'a>(call: &'a ToolCall<'_>) -> Fragment<'a> {
    let function = call.function.get();
    let name = function.map(|function| function.name.text());
    Fragment {
        index: call.index.copied(),
        id: call.id.text(),
        name: name.or_else(|| call.custom.get().map(|it| it.name.text())).unwrap_or_default(),
        arguments: function.map_or("", |function| function.arguments.text()),
    }
}

fn is_clean_part(part: &Part<'_>) -> bool {
    !part.tool_calls.is_null()
        && !part.function_call.is_null()
        && (part.reasoning.text().is_empty() || part.reasoning_content.get().is_some())
}

fn ends_well(choice: &Choice<'_>, has_calls: bool) -> bool {
    match &choice.finish_reason {
        Field::Is(reason) => {
            FINISH_REASONS.contains(&reason.0.as_ref()) && !(has_calls && reason.0 == "stop")
        }
        Field::Absent | Field::Null => true,
    }
}
