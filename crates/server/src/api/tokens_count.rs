//! `POST /api/ai/tokens/count`: how many tokens a prompt has.

mod tokenizer;

use actix_web::HttpResponse;
use actix_web::web::Data;
use anyhow::anyhow;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tollgate_domain::chat::Endpoint;
use tollgate_domain::provider::ProtocolKind;
use tollgate_gateway::{CallReply, ReplyBody};
use tollgate_providers::HttpClient;
use utoipa::{OpenApi, ToSchema};

use self::tokenizer::{Counted, Prompt};
use crate::api::chat::{self, ChatMessage};
use crate::app::App;
use crate::calls::{Ask, head, on_record};
use crate::error::{ApiError, ApiResult};
use crate::extract::{AppCaller, Envelope, JsonBody, Meta, json};
use crate::openapi::{ProviderErrors, WriteErrors};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(count))]
pub struct Doc;

const PATH: &str = "/api/ai/tokens/count";

/// What is to be counted: `text` or `messages`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountBody {
    /// Whose tokens.
    provider_code: String,
    /// The model; without it, the provider's default one.
    model: Option<String>,
    /// A text on its own.
    text: Option<String>,
    /// Messages as a chat has them.
    #[schema(value_type = Option<Vec<ChatMessage>>)]
    messages: Option<Box<RawValue>>,
}

/// How many tokens there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountView {
    /// How many.
    tokens: i64,
    /// `exact`: the provider's count, or that of the model's own tokenizer; else `estimate`.
    #[schema(example = "exact")]
    method: &'static str,
}

/// Count tokens.
///
/// The provider counts where it can, as if the text were a user's message; for OpenAI's models,
/// their tokenizer does, of texts up to 256 KiB. Else the number is an estimate. It costs nothing.
#[utoipa::path(post, path = "/api/ai/tokens/count", tag = "chat",
    security(("bearer" = ["admin", "app"])), request_body = CountBody,
    responses((status = 200, body = Envelope<CountView>), WriteErrors, ProviderErrors))]
pub async fn count(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let (ask, prompt) = on_record(&app, &caller.0, &meta, PATH, read(&body)).await?;
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await;
    let reply = reply.map_err(|error| chat::in_our_words(error.into()))?;
    let view = match counted_here(&app, &reply, prompt).await {
        Some(Counted { tokens, is_exact }) => CountView { tokens, method: method(is_exact) },
        None => CountView { tokens: tokens_of(&reply)?, method: method(!reply.is_estimate()) },
    };
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, &caller.0);
    Ok(response.json(Envelope::ok(view)))
}

const fn method(is_exact: bool) -> &'static str {
    if is_exact { "exact" } else { "estimate" }
}

/// The call that has the provider count, and what it counts.
fn read(body: &[u8]) -> ApiResult<(Ask, Prompt)> {
    let body: CountBody = json::read(body)?;
    let asked = |messages: &Value| {
        let mut asked = json!({"providerCode": body.provider_code, "messages": messages});
        if let Some(model) = &body.model {
            asked["model"] = Value::from(model.as_str());
        }
        chat::read(asked.to_string().as_bytes())
    };
    let (ask, prompt) = match (body.text, body.messages) {
        (Some(text), None) => {
            let ask = asked(&json!([{"role": "user", "content": text}]))?;
            (ask, Prompt::Text(text))
        }
        (None, Some(messages)) => {
            let messages: Value = serde_json::from_str(messages.get())
                .map_err(|_| ApiError::invalid("messages", "must be a list of messages"))?;
            (asked(&messages)?, Prompt::Messages(messages))
        }
        (None, None) => return Err(ApiError::invalid("messages", "is required, or `text` is")),
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid("text", "must be absent where `messages` is given"));
        }
    };
    Ok((Ask { endpoint: Endpoint::CountTokens, path: PATH, ..ask }, prompt))
}

/// What the model's tokenizer counts, where the provider did not and we have it.
async fn counted_here(app: &App, reply: &CallReply, prompt: Prompt) -> Option<Counted> {
    if !reply.is_estimate() {
        return None;
    }
    let snapshot = app.engine.snapshot();
    let provider = snapshot.provider(reply.head.provider_id)?;
    let speaks_openai = provider.provider.protocol == ProtocolKind::OpenAi;
    let encoding = tokenizer::encoding_of(&reply.head.model_code).filter(|_| speaks_openai)?;
    tokenizer::count(encoding, &reply.head.model_code, prompt).await
}

/// The number in the engine's answer, which is in Anthropic's words for every caller.
fn tokens_of(reply: &CallReply) -> ApiResult<i64> {
    let ReplyBody::Whole { answer, .. } = &reply.body else {
        return Err(ApiError::internal(anyhow!("a count came as a stream")));
    };
    answer.facts.counted.ok_or_else(|| ApiError::internal(anyhow!("a count without a number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_as_a_users_message() {
        let body = br#"{"providerCode":"openai","model":"gpt-4o","text":"Hi \"there\""}"#;

        let (ask, prompt) = read(body).unwrap();

        assert_eq!((ask.endpoint, ask.path), (Endpoint::CountTokens, PATH));
        assert_eq!(ask.facts.provider.as_deref(), Some("openai"));
        assert_eq!(ask.facts.model.as_deref(), Some("gpt-4o"));
        let sent: Value = serde_json::from_slice(&ask.body).unwrap();
        assert_eq!(sent["messages"], json!([{"role": "user", "content": "Hi \"there\""}]));
        assert!(matches!(prompt, Prompt::Text(text) if text == "Hi \"there\""));
    }

    #[test]
    fn what_cannot_be_counted_is_refused_by_its_field() {
        let cases = [
            ("{}", "providerCode: is required"),
            (r#"{"providerCode":"openai"}"#, "messages: is required, or `text` is"),
            (
                r#"{"providerCode":"openai","text":"a","messages":[]}"#,
                "text: must be absent where `messages` is given",
            ),
            (r#"{"providerCode":"openai","messages":[]}"#, "messages: must not be empty"),
            (r#"{"providerCode":"openai","text":7}"#, "text: must be a text"),
            (r#"{"providerCode":"openai","text":"a","tools":[]}"#, "tools: is not a known field"),
        ];
        for (body, message) in cases {
            let error = read(body.as_bytes()).unwrap_err();
            assert!(error.message.starts_with(message), "{body}: {}", error.message);
        }
    }
}
