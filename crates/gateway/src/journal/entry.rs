//! What a journal says of an attempt: an [`ApiLog`] as JSON, and back.
//!
//! What is absent has its default, and unknown fields are passed over, so that a journal of an
//! older or newer version is read as far as both know.

use std::borrow::Cow;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, UserId};

use super::frame::{self, Frame, Kind, MAX_FRAME_BYTES, Prefix};

/// The error of an attempt that a crash, or the end of the process, cut off.
const INTERRUPTED: &str = "interrupted";

/// One attempt. Short names, since there are millions of them.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    /// When the call arrived, and when the attempt began, in milliseconds since 1970.
    arrived: i64,
    started: i64,
    status: CallStatus,
    #[serde(borrow)]
    endpoint: Cow<'a, str>,
    source: UsageSource,
    #[serde(default, skip_serializing_if = "is_default")]
    stream: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    client_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    user: Option<UserId>,
    #[serde(default, skip_serializing_if = "is_default")]
    app: Option<AppTokenId>,
    #[serde(default, skip_serializing_if = "is_default")]
    end_user: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    provider: Option<ProviderId>,
    #[serde(default, skip_serializing_if = "is_default")]
    key: Option<ApiKeyId>,
    #[serde(default, skip_serializing_if = "is_default")]
    model: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    requested: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    http: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    error: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    message: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    prompt: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    cached: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    cache_write: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    cache_write_1h: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    completion: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    reasoning: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    price: Option<PriceId>,
    /// In nano-USD.
    #[serde(default, skip_serializing_if = "is_default")]
    cost: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    latency: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    first_token: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    finish: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    routing: Option<Cow<'a, Value>>,
    #[serde(default, skip_serializing_if = "is_default")]
    ip: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_default")]
    agent: Option<Cow<'a, str>>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// `log` as a frame that says that the attempt is over, or, as [`Kind::Start`], being made. It is
/// cut to what a record holds, as whoever decodes the frame will have it: texts to their columns,
/// moments to milliseconds; what is told of the way goes where that is not enough.
pub(crate) fn encode(kind: Kind, log: &mut ApiLog) -> Vec<u8> {
    fit(log);
    let prefix = Prefix {
        kind,
        is_final: log.is_final,
        attempt: log.attempt,
        call: *log.request_id.as_bytes(),
        at_ms: log.ended_at().timestamp_millis(),
    };
    let frame = Entry::of(log).framed(&prefix);
    if frame.len() <= MAX_FRAME_BYTES {
        return frame;
    }
    log.routing = Some(json!({"isCut": true}));
    Entry::of(log).framed(&prefix)
}

/// The attempt that a frame tells of; `None` where this version cannot read it.
pub(crate) fn decode(frame: &Frame<'_>) -> Option<ApiLog> {
    let (request_id, attempt) = frame.prefix.attempt_id()?;
    let entry: Entry<'_> = serde_json::from_slice(frame.json).ok()?;
    let created_at = DateTime::from_timestamp_millis(entry.arrived)?;
    let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    Some(ApiLog {
        request_id,
        attempt,
        is_final: frame.prefix.is_final,
        created_at,
        started_at: DateTime::from_timestamp_millis(entry.started)?,
        client_request_id: text(entry.client_id),
        user_id: entry.user,
        app_id: entry.app,
        end_user: text(entry.end_user),
        provider_id: entry.provider,
        key_id: entry.key,
        model_code: text(entry.model),
        requested_model: text(entry.requested),
        endpoint: entry.endpoint.into_owned(),
        is_stream: entry.stream,
        status: entry.status,
        http_status: entry.http,
        error_code: text(entry.error),
        error_message: text(entry.message),
        usage: TokenUsage {
            prompt: entry.prompt,
            cached: entry.cached,
            cache_write: entry.cache_write,
            cache_write_1h: entry.cache_write_1h,
            completion: entry.completion,
            reasoning: entry.reasoning,
        },
        usage_source: entry.source,
        price_id: entry.price,
        cost: entry.cost.map(NanoUsd::new),
        latency_ms: entry.latency,
        first_token_ms: entry.first_token,
        finish_reason: text(entry.finish),
        routing: entry.routing.map(Cow::into_owned),
        ip_address: text(entry.ip),
        user_agent: text(entry.agent),
    })
}

/// The attempt of a start, as it is recorded when no end of it is: nobody knows what it used, so it
/// has no tokens and no cost, and how long it took is not known either.
pub(crate) fn interrupted(start: ApiLog, is_final: bool) -> ApiLog {
    ApiLog {
        is_final,
        status: CallStatus::Error,
        http_status: None,
        error_code: Some(INTERRUPTED.to_owned()),
        error_message: Some("the gateway ended before the answer did".to_owned()),
        usage: TokenUsage::default(),
        usage_source: UsageSource::Estimated,
        cost: None,
        latency_ms: 0,
        first_token_ms: None,
        ..start
    }
}

/// When what a frame tells of happened.
pub(crate) fn happened(prefix: &Prefix) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(prefix.at_ms).unwrap_or_default()
}

impl<'a> Entry<'a> {
    fn of(log: &'a ApiLog) -> Self {
        Self {
            arrived: log.created_at.timestamp_millis(),
            started: log.started_at.timestamp_millis(),
            status: log.status,
            endpoint: Cow::Borrowed(&log.endpoint),
            source: log.usage_source,
            stream: log.is_stream,
            client_id: text(log.client_request_id.as_ref()),
            user: log.user_id,
            app: log.app_id,
            end_user: text(log.end_user.as_ref()),
            provider: log.provider_id,
            key: log.key_id,
            model: text(log.model_code.as_ref()),
            requested: text(log.requested_model.as_ref()),
            http: log.http_status,
            error: text(log.error_code.as_ref()),
            message: text(log.error_message.as_ref()),
            prompt: log.usage.prompt,
            cached: log.usage.cached,
            cache_write: log.usage.cache_write,
            cache_write_1h: log.usage.cache_write_1h,
            completion: log.usage.completion,
            reasoning: log.usage.reasoning,
            price: log.price_id,
            cost: log.cost.map(NanoUsd::get),
            latency: log.latency_ms,
            first_token: log.first_token_ms,
            finish: text(log.finish_reason.as_ref()),
            routing: log.routing.as_ref().map(Cow::Borrowed),
            ip: text(log.ip_address.as_ref()),
            agent: text(log.user_agent.as_ref()),
        }
    }

    fn framed(&self, prefix: &Prefix) -> Vec<u8> {
        frame::encode(prefix, |bytes| {
            serde_json::to_writer(bytes, self).expect("it holds nothing that JSON cannot say");
        })
    }
}

fn text(text: Option<&String>) -> Option<Cow<'_, str>> {
    text.map(|text| Cow::Borrowed(text.as_str()))
}

fn fit(log: &mut ApiLog) {
    log.created_at = log.created_at.trunc_subsecs(3);
    log.started_at = log.started_at.trunc_subsecs(3);
    cut(&mut log.endpoint, 100);
    for (text, length) in [
        (&mut log.client_request_id, 128),
        (&mut log.end_user, 128),
        (&mut log.model_code, 200),
        (&mut log.requested_model, 200),
        (&mut log.error_code, 100),
        (&mut log.error_message, 500),
        (&mut log.finish_reason, 64),
        (&mut log.ip_address, 64),
        (&mut log.user_agent, 255),
    ] {
        if let Some(text) = text {
            cut(text, length);
        }
    }
}

/// At most so many characters, as its column takes.
fn cut(text: &mut String, length: usize) {
    if text.len() > length
        && let Some((end, _)) = text.char_indices().nth(length)
    {
        text.truncate(end);
        // It is kept until it is shipped.
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::journal::testing::{full_log, log};

    fn read(bytes: &[u8]) -> ApiLog {
        decode(&frame::decode(bytes).unwrap()).unwrap()
    }

    #[test]
    fn an_attempt_is_read_as_written() {
        for mut log in [log(1), full_log()] {
            let before = log.clone();
            assert_eq!(read(&encode(Kind::Record, &mut log)), log);
            assert_eq!(log, before);
        }
    }

    #[test]
    fn what_a_newer_version_adds_is_passed_over_and_what_an_older_one_lacks_has_its_default() {
        let mut log = log(1);
        let written = encode(Kind::Record, &mut log);
        let prefix = frame::decode(&written).unwrap().prefix;
        let json = format!(
            r#"{{"arrived":{0},"started":{0},"status":"success","endpoint":"/v1","source":"provider",
            "something":{{"new":[1,2]}}}}"#,
            log.created_at.timestamp_millis()
        );

        let other = frame::encode(&prefix, |bytes| bytes.extend_from_slice(json.as_bytes()));

        let read = read(&other);
        assert_eq!((read.request_id, read.endpoint.as_str()), (log.request_id, "/v1"));
        assert_eq!((read.key_id, read.cost, read.usage), (None, None, TokenUsage::default()));
    }

    #[test]
    fn the_longest_record_fits_its_place() {
        let long = "\u{1}".repeat(2_000);
        let mut log = full_log();
        for text in [
            &mut log.client_request_id,
            &mut log.end_user,
            &mut log.model_code,
            &mut log.requested_model,
            &mut log.error_code,
            &mut log.error_message,
            &mut log.finish_reason,
            &mut log.ip_address,
            &mut log.user_agent,
        ] {
            *text = Some(long.clone());
        }
        log.endpoint = long.clone();
        log.routing = Some(json!({"targets": vec!["t"; 8_000]}));

        log.started_at += TimeDelta::nanoseconds(1);
        let bytes = encode(Kind::Record, &mut log);

        assert!(bytes.len() <= MAX_FRAME_BYTES, "{}", bytes.len());
        let read = read(&bytes);
        assert_eq!(read, log, "whoever has it in memory has the same");
        assert_eq!(read.routing, Some(json!({"isCut": true})));
        assert_eq!(read.error_message, Some("\u{1}".repeat(500)));
    }
}
