//! `POST /api/ai/chat/batch`: several chats in one request.

use actix_web::web::Data;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tollgate_domain::RequestId;
use tollgate_domain::caller::Caller;
use tollgate_providers::HttpClient;
use utoipa::{OpenApi, ToSchema};

use crate::api::chat::answer::AnswerView;
use crate::api::chat::{self, ChatBody};
use crate::app::App;
use crate::calls::{Ask, on_record};
use crate::error::body::ErrorInfo;
use crate::error::{ApiError, ApiResult};
use crate::extract::{AppCaller, Checks, Envelope, JsonBody, Meta, Validate, json};
use crate::openapi::WriteErrors;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(complete))]
pub struct Doc;

const PATH: &str = "/api/ai/chat/batch";
/// The most requests of a batch.
const MAX_REQUESTS: usize = 100;
/// Requests under way at a time, where the caller does not say.
const CONCURRENCY: usize = 5;
/// The most requests under way at a time.
const MAX_CONCURRENCY: usize = 20;

/// Several chats.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BatchBody {
    /// Bodies of `POST /api/ai/chat/completions`, without `stream`.
    #[schema(value_type = Vec<ChatBody>, min_items = 1, max_items = 100)]
    requests: Vec<Box<RawValue>>,
    /// How many are asked at a time; 5 where absent.
    #[schema(minimum = 1, maximum = 20)]
    concurrency: Option<i64>,
}

impl Validate for BatchBody {
    fn validate(&self, checks: &mut Checks) {
        let count = self.requests.len();
        if count == 0 {
            checks.wrong("requests", "must not be empty");
        } else if count > MAX_REQUESTS {
            checks.wrong("requests", format!("must have at most {MAX_REQUESTS}, and has {count}"));
        }
        let most = i64::try_from(MAX_CONCURRENCY).unwrap_or(i64::MAX);
        checks.range("concurrency", self.concurrency, 1..=most);
    }
}

/// What came of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// What came of each request, in their order.
    results: Vec<BatchResult>,
}

/// What came of one request: `data`, or `message` and `error`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchResult {
    /// The HTTP status that it would have had alone.
    #[schema(example = 200)]
    code: u16,
    /// Its own id, by which it is on record.
    request_id: String,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<AnswerView>,
    /// Why there is none, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The same for programs; its fields are those of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorInfo>,
    /// Seconds after which it may go better, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

/// Answer several chats at once.
///
/// Each is a call of its own: with its own record, limits and budget, and its own result or error,
/// in the order of the requests. Leaving cancels those that are under way.
#[utoipa::path(post, path = "/api/ai/chat/batch", tag = "chat",
    security(("bearer" = ["admin", "app"])), request_body = BatchBody,
    responses((status = 200, body = Envelope<BatchView>), WriteErrors))]
pub async fn complete(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    JsonBody(body): JsonBody,
) -> ApiResult<Envelope<BatchView>> {
    let body = on_record(&app, &caller.0, &meta, PATH, read(&body)).await?;
    let width = body.concurrency.and_then(|width| usize::try_from(width).ok());
    let width = width.unwrap_or(CONCURRENCY).clamp(1, MAX_CONCURRENCY);
    let (app, http, caller, meta) = (&app, &http, &caller.0, &meta);
    let calls = body.requests.into_iter().enumerate().map(|(place, request)| async move {
        let request = Bytes::copy_from_slice(request.get().as_bytes());
        (place, one(app, http, caller, meta, &request).await)
    });
    // In any order, so that one slow answer keeps none of the others waiting.
    let mut results: Vec<_> = stream::iter(calls).buffer_unordered(width).collect().await;
    results.sort_by_key(|(place, _)| *place);
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok(Envelope::ok(BatchView { results }))
}

fn read(body: &[u8]) -> ApiResult<BatchBody> {
    let body: BatchBody = json::read(body)?;
    let mut checks = Checks::default();
    body.validate(&mut checks);
    checks.finish()?;
    Ok(body)
}

/// One request of a batch, from its body to its result.
async fn one(
    app: &App,
    http: &HttpClient,
    caller: &Caller,
    meta: &Meta,
    body: &[u8],
) -> BatchResult {
    let meta = Meta { request_id: RequestId::new(app.clock.now()), ..meta.clone() };
    match answer(app, http, caller, &meta, body).await {
        Ok(view) => BatchResult::good(meta.request_id, view),
        Err(error) => BatchResult::bad(meta.request_id, &error),
    }
}

async fn answer(
    app: &App,
    http: &HttpClient,
    caller: &Caller,
    meta: &Meta,
    body: &[u8],
) -> ApiResult<AnswerView> {
    let ask = on_record(app, caller, meta, PATH, asked(body)).await?;
    let reply = app.engine.call(http, ask.of(caller, meta)).await;
    let reply = reply.map_err(|error| chat::in_our_words(error.into()))?;
    chat::whole_of(app, &reply)
}

fn asked(body: &[u8]) -> ApiResult<Ask> {
    let ask = chat::read(body)?;
    if ask.facts.is_stream {
        return Err(ApiError::invalid("stream", "must be false or absent in a batch"));
    }
    Ok(Ask { path: PATH, ..ask })
}

impl BatchResult {
    fn good(request: RequestId, view: AnswerView) -> Self {
        Self {
            code: 200,
            request_id: request.to_string(),
            data: Some(view),
            message: None,
            error: None,
            retry_after: None,
        }
    }

    fn bad(request: RequestId, error: &ApiError) -> Self {
        let body = error.envelope(request);
        Self {
            code: body.code,
            request_id: request.to_string(),
            data: None,
            message: Some(body.message),
            error: Some(body.error),
            retry_after: error.retry_after_seconds(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_keep_their_bytes() {
        let body = br#"{"requests": [{"a": 1.10, "b": [1,  2]}, 7], "concurrency": 20}"#;

        let read = read(body).unwrap();

        let texts: Vec<&str> = read.requests.iter().map(|request| request.get()).collect();
        assert_eq!(texts, [r#"{"a": 1.10, "b": [1,  2]}"#, "7"]);
        assert_eq!(read.concurrency, Some(20));
    }

    #[test]
    fn a_batch_that_cannot_be_is_refused_by_its_field() {
        let many = format!(r#"{{"requests":[{}]}}"#, vec!["{}"; 101].join(","));
        let cases = [
            ("{}", "requests: is required"),
            (r#"{"requests":[]}"#, "requests: must not be empty"),
            (r#"{"requests":{}}"#, "requests: must be a list"),
            (many.as_str(), "requests: must have at most 100, and has 101"),
            (r#"{"requests":[{}],"concurrency":0}"#, "concurrency: must be between 1 and 20"),
            (r#"{"requests":[{}],"concurrency":21}"#, "concurrency: must be between 1 and 20"),
            (r#"{"requests":[{}],"stream":true}"#, "stream: is not a known field"),
        ];
        for (body, message) in cases {
            assert_eq!(read(body.as_bytes()).unwrap_err().message, message, "{body}");
        }
    }

    #[test]
    fn a_request_for_a_stream_is_refused() {
        let body = br#"{"messages":[{"role":"user","content":"hi"}],"stream":true}"#;

        let error = asked(body).unwrap_err();

        assert_eq!(error.message, "stream: must be false or absent in a batch");
    }
}
