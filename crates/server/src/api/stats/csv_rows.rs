//! Attempts as lines of CSV (RFC 4180).

use chrono::{DateTime, SecondsFormat, Utc};
use csv::{Terminator, Writer, WriterBuilder};
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::usage::UsageSource;
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, ProviderId, UserId};
use tollgate_store::api_logs::LoggedCall;

/// The names of the columns, in their order.
pub(super) const HEADER: [&str; 36] = [
    "requestId",
    "attempt",
    "isFinal",
    "createdAt",
    "startedAt",
    "providerId",
    "providerCode",
    "keyId",
    "keyName",
    "model",
    "requestedModel",
    "endpoint",
    "isStream",
    "status",
    "httpStatus",
    "errorCode",
    "errorMessage",
    "promptTokens",
    "cachedTokens",
    "cacheWriteTokens",
    "cacheWrite1hTokens",
    "completionTokens",
    "reasoningTokens",
    "totalTokens",
    "isEstimated",
    "priceId",
    "costUsd",
    "latencyMs",
    "firstTokenMs",
    "finishReason",
    "appId",
    "userId",
    "endUser",
    "ipAddress",
    "userAgent",
    "clientRequestId",
];

/// The header line.
pub(super) fn header() -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer();
    writer.write_record(HEADER)?;
    finished(writer)
}

/// A line for each attempt.
pub(super) fn lines(calls: &[LoggedCall]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer();
    for call in calls {
        writer.write_record(cells(call))?;
    }
    finished(writer)
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn finished(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn cells(call: &LoggedCall) -> [String; HEADER.len()] {
    let log: &ApiLog = &call.log;
    [
        log.request_id.to_string(),
        log.attempt.to_string(),
        log.is_final.to_string(),
        time(log.created_at),
        time(log.started_at),
        number(log.provider_id.map(ProviderId::get)),
        text(call.provider_code.as_deref()),
        number(log.key_id.map(ApiKeyId::get)),
        text(call.key_name.as_deref()),
        text(log.model_code.as_deref()),
        text(log.requested_model.as_deref()),
        text(Some(&log.endpoint)),
        log.is_stream.to_string(),
        log.status.to_string(),
        number(log.http_status.map(i64::from)),
        text(log.error_code.as_deref()),
        text(log.error_message.as_deref()),
        log.usage.prompt.to_string(),
        log.usage.cached.to_string(),
        log.usage.cache_write.to_string(),
        log.usage.cache_write_1h.to_string(),
        log.usage.completion.to_string(),
        log.usage.reasoning.to_string(),
        log.usage.total().to_string(),
        (log.usage_source == UsageSource::Estimated).to_string(),
        number(log.price_id.map(tollgate_domain::PriceId::get)),
        log.cost.map_or(String::new(), |cost: NanoUsd| cost.to_string()),
        log.latency_ms.to_string(),
        number(log.first_token_ms),
        text(log.finish_reason.as_deref()),
        number(log.app_id.map(AppTokenId::get)),
        number(log.user_id.map(UserId::get)),
        text(log.end_user.as_deref()),
        text(log.ip_address.as_deref()),
        text(log.user_agent.as_deref()),
        text(log.client_request_id.as_deref()),
    ]
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn number(number: Option<i64>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

/// A text of a caller or a provider. One that a spreadsheet would take for a formula gets an
/// apostrophe in front (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn text(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_stays_a_text() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("＝1＋1", "'＝1＋1"),
            ("\t=1", "'\t=1"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(text(Some(given)), expected);
        }
    }

    #[test]
    fn lines_end_as_rfc_4180_says() {
        let header = String::from_utf8(header().unwrap()).unwrap();

        assert!(header.starts_with("requestId,attempt,isFinal,"), "{header}");
        assert!(header.ends_with(",clientRequestId\r\n"), "{header}");
        assert_eq!(lines(&[]).unwrap(), b"");
    }
}
