//! What an error of an OpenAI-shaped provider means.
//!
//! The status alone does not tell: 429 has two opposite meanings, key problems hide behind 400,
//! and errors come inside a 200. So an error's own words go first, in the order of [`word_class`],
//! and its status decides what they leave open.

mod class;

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::error::redact;
use crate::hint::retry_after;
use crate::protocol::WireReply;
use class::{message_class, status_class, word_class};

/// The longest code or parameter that is kept, in characters.
const MAX_WORD: usize = 100;

/// What a reply with a bad status means.
pub(super) fn of_reply(reply: &WireReply, now: DateTime<Utc>) -> Failure {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let error = body.as_ref().and_then(Told::any).unwrap_or_default();
    let mut failure = error.failure(reply.status.as_u16());
    failure.http_status = Some(reply.status.as_u16());
    if failure.message.is_empty() {
        failure.message = unexplained(reply);
    }
    failure.retry_after = retry_after(&reply.headers, error.message.unwrap_or_default(), now);
    failure
}

/// The failure that a body or event with a good status holds, if it holds one.
pub(super) fn error_in(body: &Value) -> Option<Failure> {
    let error = Told::marked(body)?;
    let mut failure = error.failure(error.status().unwrap_or(200));
    failure.http_status = error.status();
    if failure.message.is_empty() {
        "the provider sent an error without a message".clone_into(&mut failure.message);
    }
    let message = error.message.unwrap_or_default();
    failure.retry_after = retry_after(&HeaderMap::new(), message, DateTime::UNIX_EPOCH);
    Some(failure)
}

/// A reply without an error that could be read. Its text is not passed on: it may be a page of
/// HTML, or repeat the prompt.
fn unexplained(reply: &WireReply) -> String {
    if reply.status.is_redirection() {
        return format!("the provider redirects ({}); is the base URL right?", reply.status);
    }
    format!("the provider answered {} without an error message", reply.status)
}

/// What an error says of itself.
#[derive(Clone, Debug, Default)]
struct Told<'a> {
    message: Option<&'a str>,
    kind: Option<&'a str>,
    code: Option<String>,
    param: Option<&'a str>,
    /// The error object, for what stands deeper in it.
    object: Option<&'a Value>,
    /// DashScope's answers carry their `request_id` beside the error.
    is_dashscope: bool,
}

impl<'a> Told<'a> {
    /// The error in a body that is known to be one, in whatever shape.
    fn any(body: &'a Value) -> Option<Self> {
        if let Some(error) = Self::marked(body) {
            return Some(error);
        }
        let message = body["message"].as_str().or_else(|| body["detail"].as_str());
        let message = message.or_else(|| body["detail"][0]["msg"].as_str());
        message.map(|message| Self { message: Some(message), ..Self::default() })
    }

    /// The error in a body that says so itself.
    fn marked(body: &'a Value) -> Option<Self> {
        if let Value::Array(items) = body {
            return items.first().and_then(Self::marked);
        }
        let request_id = body.get("request_id").is_some();
        match body.get("error").or_else(|| body.get("errors")) {
            Some(Value::Array(items)) => items.first().map(|item| Self::of(item, request_id)),
            Some(Value::String(text)) if !text.is_empty() => {
                Some(Self { message: Some(text), ..Self::default() })
            }
            Some(error @ Value::Object(fields)) if !fields.is_empty() => {
                Some(Self::of(error, request_id))
            }
            _ if body["object"] == "error" => Some(Self::of(body, request_id)),
            _ if body["message"].is_string()
                && body.get("code").is_some_and(|code| !code.is_null())
                && body.get("choices").is_none() =>
            {
                Some(Self::of(body, request_id))
            }
            _ => None,
        }
    }

    fn of(error: &'a Value, is_dashscope: bool) -> Self {
        let code = match &error["code"] {
            Value::String(code) if !code.is_empty() => Some(code.clone()),
            Value::Number(code) => Some(code.to_string()),
            _ => None,
        };
        Self {
            message: error["message"].as_str().or_else(|| error.as_str()),
            kind: error["type"].as_str().filter(|kind| !kind.is_empty()),
            code,
            param: error["param"].as_str().filter(|param| !param.is_empty()),
            object: Some(error),
            is_dashscope,
        }
    }

    /// The HTTP status that an error inside a 200 claims to be.
    fn status(&self) -> Option<u16> {
        let names = ["status", "status_code", "http_status", "code"];
        let object = self.object?;
        names.iter().find_map(|name| {
            let value = &object[*name];
            let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
            u16::try_from(number).ok().filter(|status| (400..600).contains(status))
        })
    }

    fn failure(&self, status: u16) -> Failure {
        let word = |word: &str| redact(word, "").chars().take(MAX_WORD).collect::<String>();
        let mut failure =
            Failure::new(self.class(status), redact(self.message.unwrap_or_default(), ""));
        failure.code = self.code.as_deref().or(self.kind).map(word);
        failure.param = self.param.map(word);
        failure
    }

    fn class(&self, status: u16) -> FailureClass {
        let words = [self.code.as_deref(), self.kind, self.inner_code(), self.google_status()];
        let by_word =
            words.into_iter().flatten().find_map(|word| word_class(&word.to_ascii_lowercase()));
        let message = self.message.unwrap_or_default().to_ascii_lowercase();
        // The words of a key's problem or of a rate are free to mention anything.
        let is_about_request = !matches!(status, 401..=403 | 429);
        let class = by_word.or_else(|| message_class(&message).filter(|_| is_about_request));
        match class {
            // DashScope says this of a token rate as well as of a spent allocation, and an hour's
            // rest is milder than being out for the day.
            Some(FailureClass::QuotaSpent) if self.is_dashscope && status == 429 => {
                FailureClass::RateLimited
            }
            // OpenAI's projects: the model exists, and this key may not use it.
            Some(FailureClass::ModelMissing) if status == 403 => FailureClass::KeyDeniedForModel,
            // A busy provider may still use the words of a wrong request.
            Some(class) if status < 500 || class == FailureClass::Overloaded => class,
            _ if status == 403 && self.was_moderated() => FailureClass::ContentRefused,
            _ if status == 429 && self.is_daily() => FailureClass::QuotaSpent,
            _ => status_class(status, self.kind),
        }
    }

    /// Azure's and Google's more exact code inside the error.
    fn inner_code(&self) -> Option<&'a str> {
        let object = self.object?;
        object["innererror"]["code"].as_str().or_else(|| object["details"][0]["reason"].as_str())
    }

    /// Google's name of a status, which its OpenAI-compatible endpoint passes on.
    fn google_status(&self) -> Option<&'a str> {
        self.object?["status"].as_str().filter(|status| status.parse::<u16>().is_err())
    }

    /// OpenRouter refuses content with 403 and the reasons in `metadata`.
    fn was_moderated(&self) -> bool {
        self.object.is_some_and(|error| error["metadata"]["reasons"].is_array())
    }

    /// Google names the quota that is spent: `…PerDayPerProject…`.
    fn is_daily(&self) -> bool {
        self.object.is_some_and(|error| error["details"].to_string().contains("PerDay"))
    }
}

/// The failure of a good status with a body that is no answer.
pub(super) fn unreadable(what: &str) -> Failure {
    let mut failure = Failure::new(FailureClass::Transient, what);
    failure.http_status = Some(StatusCode::OK.as_u16());
    failure
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn class(status: u16, error: &Value) -> FailureClass {
        let reply = WireReply {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from(error.to_string()),
        };
        of_reply(&reply, DateTime::UNIX_EPOCH).class
    }

    #[test]
    fn a_status_without_words_is_classed_by_itself() {
        let cases = [
            (400, FailureClass::ClientFault),
            (401, FailureClass::KeyRefused),
            (402, FailureClass::QuotaSpent),
            (403, FailureClass::KeyRefused),
            (404, FailureClass::ModelMissing),
            (408, FailureClass::Transient),
            (409, FailureClass::Transient),
            (413, FailureClass::ClientFault),
            (422, FailureClass::ClientFault),
            (429, FailureClass::RateLimited),
            (500, FailureClass::Transient),
            (502, FailureClass::Transient),
            (503, FailureClass::Overloaded),
            (504, FailureClass::Transient),
            (522, FailureClass::Transient),
            (529, FailureClass::Overloaded),
            (302, FailureClass::Transient),
        ];
        for (status, expected) in cases {
            assert_eq!(class(status, &json!("<html>")), expected, "{status}");
        }
    }

    #[test]
    fn an_errors_words_go_before_its_status() {
        let cases = [
            (403, json!({"error": {"code": "model_not_found"}}), FailureClass::KeyDeniedForModel),
            (
                403,
                json!({"error": {"code": 403, "metadata": {"reasons": ["x"]}}}),
                FailureClass::ContentRefused,
            ),
            (
                400,
                json!({"code": "Arrearage", "message": "x", "request_id": "1"}),
                FailureClass::QuotaSpent,
            ),
            (
                403,
                json!({"code": "Model.AccessDenied", "message": "x"}),
                FailureClass::KeyDeniedForModel,
            ),
            (403, json!({"code": "AccessDenied", "message": "x"}), FailureClass::KeyRefused),
            (
                400,
                json!({"code": "DataInspectionFailed", "message": "x"}),
                FailureClass::ContentRefused,
            ),
            (
                429,
                json!({"code": "Throttling.AllocationQuota", "message": "x"}),
                FailureClass::RateLimited,
            ),
            (429, json!({"error": {"code": "insufficient_quota"}}), FailureClass::QuotaSpent),
            (
                429,
                json!({"error": {"code": "insufficient_quota"}, "request_id": "1"}),
                FailureClass::RateLimited,
            ),
            (
                429,
                json!([{"error": {"details": [{"violations": [{"quotaId": "RequestsPerDay"}]}]}}]),
                FailureClass::QuotaSpent,
            ),
            (
                400,
                json!({"error": {"message": "API key not valid. Please pass one.", "status": "INVALID_ARGUMENT"}}),
                FailureClass::KeyRefused,
            ),
            (
                400,
                json!({"object": "error", "message": "maximum context length is 5", "code": 400}),
                FailureClass::ContextTooLong,
            ),
            (404, json!({"error": {"code": "DeploymentNotFound"}}), FailureClass::Transient),
            (500, json!({"error": "model not valid"}), FailureClass::Transient),
            (
                400,
                json!({"error": {"message": "Model Not Exist", "code": "invalid_request_error"}}),
                FailureClass::ModelMissing,
            ),
            (422, json!({"detail": [{"msg": "field required"}]}), FailureClass::ClientFault),
        ];
        for (status, error, expected) in cases {
            assert_eq!(class(status, &error), expected, "{error}");
        }
    }

    #[test]
    fn an_error_inside_a_good_status_is_classed_as_if_it_had_its_own() {
        let class = |error: Value| error_in(&error).map(|failure| failure.class);
        let cases = [
            (json!({"error": {"code": 429, "message": "x"}}), Some(FailureClass::RateLimited)),
            (json!({"error": {"code": "502", "message": "x"}}), Some(FailureClass::Transient)),
            (json!({"error": {"type": "overloaded_error"}}), Some(FailureClass::Overloaded)),
            (json!({"error": {"type": "invalid_request_error"}}), Some(FailureClass::ClientFault)),
            (json!({"error": "boom"}), Some(FailureClass::Transient)),
            (json!([{"error": {"code": 503}}]), Some(FailureClass::Overloaded)),
            (json!({"code": "InvalidApiKey", "message": "x"}), Some(FailureClass::KeyRefused)),
            (json!({"error": null, "choices": []}), None),
            (json!({"error": {}, "choices": []}), None),
            (json!({"choices": [], "code": 0, "message": ""}), None),
        ];
        for (error, expected) in cases {
            assert_eq!(class(error.clone()), expected, "{error}");
        }
    }

    #[test]
    fn a_page_of_html_is_not_passed_on() {
        let reply = WireReply {
            status: StatusCode::BAD_GATEWAY,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"<html>secret prompt</html>"),
        };

        let failure = of_reply(&reply, DateTime::UNIX_EPOCH);

        assert_eq!(
            failure.message,
            "the provider answered 502 Bad Gateway without an error message"
        );
    }
}
