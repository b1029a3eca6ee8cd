//! `POST /api/ai/chat/completions`: chat for app backends, in our words.

pub mod answer;
mod body;
pub mod event;
mod stream;

use actix_web::HttpResponse;
use actix_web::web::Data;
use anyhow::anyhow;
use serde::Serialize;
use tollgate_domain::NanoUsd;
use tollgate_domain::chat::{Answer, Endpoint};
use tollgate_domain::usage::TokenUsage;
use tollgate_gateway::{CallReply, ReplyBody, ReplyHead};
use tollgate_providers::{HttpClient, openai};
use utoipa::{OpenApi, ToSchema};

use self::answer::{AnswerView, Told, ToolCallView};
use self::event::EventView;
use crate::app::App;
use crate::calls::{Ask, head, on_record};
use crate::error::{ApiError, ApiResult, ErrorKind};
use crate::extract::{AppCaller, Envelope, JsonBody, Meta};
use crate::openapi::{ProviderErrors, SpendErrors, WriteErrors};
use crate::sse_body;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(complete))]
pub struct Doc;

const PATH: &str = "/api/ai/chat/completions";

/// What is asked; fields that are not named here travel to the provider as they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatBody {
    /// Whom to ask; without it, the model's provider, or the default one.
    provider_code: Option<String>,
    /// A route's alias, a model's code, or `provider/model`; without it, the provider's default
    /// model.
    model: Option<String>,
    /// Where else the call goes after a failure, in order.
    #[schema(max_items = 5)]
    fallbacks: Option<Vec<FallbackBody>>,
    messages: Vec<ChatMessage>,
    #[schema(minimum = 1)]
    max_tokens: Option<i64>,
    #[schema(minimum = 0, maximum = 2)]
    temperature: Option<f64>,
    #[schema(minimum = 0, maximum = 1)]
    top_p: Option<f64>,
    /// A text or up to four at which the answer stops.
    stop: Option<serde_json::Value>,
    /// Whether the answer comes as server-sent events.
    stream: Option<bool>,
    /// The tools that the model may call, as OpenAI describes them.
    tools: Option<Vec<serde_json::Value>>,
    /// `none`, `auto`, `required`, or a tool.
    tool_choice: Option<serde_json::Value>,
    /// `{"type": "json_object"}`, or `{"type": "json_schema", "jsonSchema": {…}}`.
    response_format: Option<serde_json::Value>,
    /// The end user that the call is for, at most 128 characters.
    user: Option<String>,
    /// The longest that the call may take, in milliseconds.
    #[schema(minimum = 1)]
    timeout_ms: Option<u64>,
}

/// Where else a call goes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Fallback)]
pub struct FallbackBody {
    /// The provider's code.
    provider_code: String,
    /// The model; without it, the provider's default one.
    model: Option<String>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    /// `system`, `developer`, `user`, `assistant`, `tool`.
    role: String,
    /// A text, or a list of parts: `{"type": "text", "text": …}`,
    /// `{"type": "image_url", "imageUrl": {"url": …}}`.
    content: Option<serde_json::Value>,
    name: Option<String>,
    /// The tools that the model wanted called.
    tool_calls: Option<Vec<ToolCallView>>,
    /// Which of them a `tool` message answers.
    tool_call_id: Option<String>,
}

/// Answer messages.
///
/// With `stream`, the answer is server-sent events whose data is an `EventView`; the last one has
/// `usage` and `cost`, and `[DONE]` follows. A failure after the first is an event named `error`.
#[utoipa::path(post, path = "/api/ai/chat/completions", tag = "chat",
    security(("bearer" = ["admin", "app"])), request_body = ChatBody,
    responses((status = 200, description = "The answer", content(
        (Envelope<AnswerView> = "application/json"), (EventView = "text/event-stream"))),
        WriteErrors, ProviderErrors, SpendErrors))]
pub async fn complete(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let ask = on_record(&app, &caller.0, &meta, PATH, read(&body)).await?;
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await;
    let reply = reply.map_err(|error| in_our_words(error.into()))?;
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, &caller.0);
    Ok(match reply.body {
        ReplyBody::Whole { answer, usage, cost, .. } => {
            let view = whole(&app, &reply.head, &answer, &usage, cost)?;
            head::tell_cost(&mut response, cost);
            response.json(Envelope::ok(view))
        }
        ReplyBody::Stream(stream) => {
            sse_body::response(&mut response, stream::frames(stream, meta.request_id))
        }
    })
}

/// A whole answer in our words.
fn whole(
    app: &App,
    head: &ReplyHead,
    answer: &Answer,
    usage: &TokenUsage,
    cost: Option<NanoUsd>,
) -> ApiResult<AnswerView> {
    let (model, provider) = (&head.model_code, &head.provider_code);
    let told = Told { model, provider, usage, cost, now: app.clock.now() };
    AnswerView::read(&answer.body, &told).map_err(ApiError::internal)
}

/// The answer of a call that asked for no stream, in our words.
pub(super) fn whole_of(app: &App, reply: &CallReply) -> ApiResult<AnswerView> {
    match &reply.body {
        ReplyBody::Whole { answer, usage, cost, .. } => {
            whole(app, &reply.head, answer, usage, *cost)
        }
        ReplyBody::Stream(_) => Err(ApiError::internal(anyhow!("a stream that nobody asked for"))),
    }
}

/// What the body asks, with every field that is wrong in the caller's own words.
pub(super) fn read(body: &[u8]) -> ApiResult<Ask> {
    let ours = body::to_openai(body)?;
    let mut facts = openai::read_chat(&ours.body).map_err(|error| in_our_words(error.into()))?;
    facts.provider = ours.provider;
    facts.fallbacks = ours.fallbacks;
    facts.wants_stream_usage = facts.is_stream;
    let (body, timeout) = (ours.body, ours.timeout);
    Ok(Ask { timeout, ..Ask::openai(Endpoint::Chat, PATH, body, facts) })
}

/// `error` with its fields named as the caller spells them.
pub(super) fn in_our_words(mut error: ApiError) -> ApiError {
    for detail in &mut error.details {
        detail.field = detail.field.as_deref().map(body::our_name);
    }
    match error.kind {
        // Its message begins with the field's name.
        ErrorKind::ValidationFailed => ApiError::validation(error.details),
        // Its message points into OpenAI's words, which the caller did not write.
        ErrorKind::MalformedJson => {
            ApiError::new(error.kind, "the body holds a text that is not Unicode, or is too deep")
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_callers_words_become_facts() {
        let body =
            br#"{"providerCode":"deepseek","model":"m","maxTokens":7,"user":"u","stream":true,
            "timeoutMs":900,"messages":[{"role":"user","content":"hi"}]}"#;

        let ask = read(body).unwrap();

        assert_eq!(ask.facts.provider.as_deref(), Some("deepseek"));
        assert_eq!(ask.facts.model.as_deref(), Some("m"));
        assert_eq!(ask.facts.max_tokens, Some(7));
        assert_eq!(ask.facts.end_user.as_deref(), Some("u"));
        assert!(ask.facts.is_stream && ask.facts.wants_stream_usage);
        assert_eq!(ask.timeout, Some(Duration::from_millis(900)));
    }

    #[test]
    fn a_wrong_field_is_named_as_the_caller_spells_it() {
        let user = r#"[{"role":"user","content":"hi"}]"#;
        let cases = [
            (format!(r#"{{"messages":{user},"temperature":3}}"#), "temperature", "between 0 and 2"),
            (format!(r#"{{"messages":{user},"topP":1.5}}"#), "topP", "between 0 and 1"),
            (format!(r#"{{"messages":{user},"maxTokens":0}}"#), "maxTokens", "at least 1"),
            (r#"{"messages":[]}"#.to_owned(), "messages", "must not be empty"),
            ("{}".to_owned(), "messages", "is required"),
            (r#"{"messages":[{"role":"king"}]}"#.to_owned(), "messages[0].role", "one of"),
            (
                r#"{"messages":[{"role":"assistant","toolCalls":1}]}"#.to_owned(),
                "messages[0].toolCalls",
                "must be a list",
            ),
        ];
        for (body, field, message) in cases {
            let error = read(body.as_bytes()).unwrap_err();
            assert_eq!(error.kind.row().0, "validation_failed", "{body}");
            assert_eq!(error.details[0].field.as_deref(), Some(field), "{body}");
            assert!(error.details[0].message.contains(message), "{}", error.details[0].message);
        }
    }

    #[test]
    fn what_no_reader_of_json_takes_is_malformed() {
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        for content in [r#""\ud800""#, deep.as_str()] {
            let body = format!(r#"{{"messages":[{{"role":"user","content":{content}}}]}}"#);

            let error = read(body.as_bytes()).unwrap_err();

            assert_eq!(error.kind, ErrorKind::MalformedJson, "{content}: {error}");
            assert!(error.details.is_empty());
        }
    }
}
