//! A journal that is written as calls write it, without calls.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};

use crate::journal::{Journal, JournalError, JournalOptions, Parts};
use crate::record::Records;

/// How long it took to write records.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// How many were written.
    pub records: u64,
    /// How long that took.
    pub took: Duration,
    /// How long a caller waited for its record at the median.
    pub median_wait: Duration,
    /// What one of a hundred waited longer than.
    pub slow_wait: Duration,
}

/// Writes `records` of answered calls that arrive now to a journal, as so many `callers` at a time
/// do, and leaves it for a gateway to ship.
///
/// # Errors
/// Where the journal is in use, is full, or its disk fails.
pub async fn fill_journal(
    options: JournalOptions,
    records: u64,
    callers: u64,
    now: DateTime<Utc>,
) -> Result<Written, JournalError> {
    let Parts { room, writer, sender, shipper, keeper, .. } =
        Journal::open(options)?.begin(None)?;
    // Nothing is shipped. What it would use must live as long as the writer.
    let _unused = shipper;
    writer.start()?;
    let journal = Records::new(room, sender, None);
    let begin = Instant::now();
    let mut waits = Vec::new();
    let mut callers_at_work = FuturesUnordered::new();
    for caller in 0..callers {
        let journal = &journal;
        callers_at_work.push(async move {
            let mut waits = Vec::new();
            for number in (caller..records).step_by(usize::try_from(callers).unwrap_or(1)) {
                let Some(slot) = journal.reserve() else { break };
                let began = Instant::now();
                if slot.send(record(number, now)).wait().await.is_err() {
                    break;
                }
                waits.push(began.elapsed());
            }
            waits
        });
    }
    let work = async {
        while let Some(some) = callers_at_work.next().await {
            waits.extend(some);
        }
    };
    // Syncing beside the writer is a part of what it costs.
    tokio::select! {
        () = work => {}
        () = keeper.run() => {}
    }
    drop(callers_at_work);
    let took = begin.elapsed();
    journal.close().await;
    waits.sort_unstable();
    let at = |part: usize| waits.get(waits.len() * part / 100).copied().unwrap_or_default();
    Ok(Written { records: waits.len() as u64, took, median_wait: at(50), slow_wait: at(99) })
}

/// The record of an answer, with what most calls tell.
fn record(number: u64, now: DateTime<Utc>) -> ApiLog {
    let of = |count: u64| i64::try_from(number % count).unwrap_or(0) + 1;
    let usage = TokenUsage { prompt: 700 + of(900), completion: of(400), ..TokenUsage::default() };
    ApiLog {
        request_id: RequestId::new(now),
        attempt: 1,
        is_final: true,
        created_at: now,
        started_at: now,
        client_request_id: None,
        user_id: Some(UserId::new(of(12))),
        app_id: Some(AppTokenId::new(of(100))),
        end_user: Some(format!("customer-{:05}", of(5_000))),
        provider_id: Some(ProviderId::new(of(6))),
        key_id: Some(ApiKeyId::new(of(20))),
        model_code: Some("aurora-5-mini".to_owned()),
        requested_model: Some("aurora-5-mini".to_owned()),
        endpoint: "/v1/chat/completions".to_owned(),
        is_stream: number.is_multiple_of(2),
        status: CallStatus::Success,
        http_status: Some(200),
        error_code: None,
        error_message: None,
        usage,
        usage_source: UsageSource::Provider,
        price_id: Some(PriceId::new(1)),
        cost: Some(NanoUsd::new(usage.total() * 150)),
        latency_ms: of(3_000),
        first_token_ms: Some(of(900)),
        finish_reason: Some("stop".to_owned()),
        routing: None,
        ip_address: Some("10.1.2.3".to_owned()),
        user_agent: Some("OpenAI/Python 2.3.0".to_owned()),
    }
}
