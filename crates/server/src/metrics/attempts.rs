//! What providers were asked and what came of it: counted with each record.

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::failure::FailureClass;

use super::SECONDS;

/// Counts calls, and their attempts by provider.
#[derive(Clone, Debug)]
pub(super) struct Attempts {
    calls: IntCounterVec,
    requests: IntCounterVec,
    errors: IntCounterVec,
    tokens: IntCounterVec,
    cost_nanousd: IntCounterVec,
    unpriced: IntCounterVec,
    seconds: HistogramVec,
    first_content_seconds: HistogramVec,
}

impl Attempts {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
            let histogram = HistogramVec::new(options, labels)?;
            registry.register(Box::new(histogram.clone()))?;
            Ok::<_, prometheus::Error>(histogram)
        };
        let calls = counter(
            "aiproxy_calls_total",
            "Calls of models that have ended, whatever attempts they took, by how they ended.",
            &["status"],
        )?;
        // A counter that begins at its first event hides that event from Prometheus' rates.
        for status in CallStatus::ALL {
            calls.with_label_values(&[status.as_str()]);
        }
        Ok(Self {
            calls,
            requests: counter(
                "aiproxy_provider_requests_total",
                "Attempts sent to a provider, by how they ended.",
                &["provider", "status"],
            )?,
            errors: counter(
                "aiproxy_provider_errors_total",
                "Failed attempts, by the class of the failure.",
                &["provider", "class"],
            )?,
            tokens: counter(
                "aiproxy_provider_tokens_used_total",
                "Tokens used, in disjoint kinds.",
                &["provider", "kind"],
            )?,
            cost_nanousd: counter(
                "aiproxy_provider_cost_nanousd_total",
                "What attempts cost, in billionths of a US dollar.",
                &["provider"],
            )?,
            unpriced: counter(
                "aiproxy_provider_unpriced_requests_total",
                "Attempts that used tokens of a model without a known price.",
                &["provider"],
            )?,
            seconds: histogram(
                "aiproxy_provider_request_duration_seconds",
                "Seconds from sending an attempt to its end, streams included.",
                &["provider", "status"],
            )?,
            first_content_seconds: histogram(
                "aiproxy_provider_first_content_seconds",
                "Seconds from sending a streamed attempt to its first content.",
                &["provider"],
            )?,
        })
    }

    /// Counts what a record tells of the call.
    pub(super) fn count_call(&self, log: &ApiLog) {
        if log.is_final {
            self.calls.with_label_values(&[log.status.as_str()]).inc();
        }
    }

    /// Counts the attempt that a record tells of.
    pub(super) fn count_attempt(&self, provider: &str, log: &ApiLog) {
        let status = log.status.as_str();
        self.requests.with_label_values(&[provider, status]).inc();
        if log.status == CallStatus::Error {
            let class = log.error_code.as_deref().and_then(|code| code.parse().ok());
            let class = class.map_or("other", FailureClass::as_str);
            self.errors.with_label_values(&[provider, class]).inc();
        }
        self.seconds.with_label_values(&[provider, status]).observe(seconds(log.latency_ms));
        if let Some(first) = log.first_token_ms.filter(|_| log.is_stream) {
            self.first_content_seconds.with_label_values(&[provider]).observe(seconds(first));
        }
        self.count_usage(provider, log);
    }

    fn count_usage(&self, provider: &str, log: &ApiLog) {
        let kinds = [
            ("prompt", log.usage.prompt),
            ("cached", log.usage.cached),
            ("cache_write", log.usage.cache_write),
            ("cache_write_1h", log.usage.cache_write_1h),
            ("completion", log.usage.completion),
            ("reasoning", log.usage.reasoning),
        ];
        for (kind, tokens) in kinds {
            if let Ok(tokens @ 1..) = u64::try_from(tokens) {
                self.tokens.with_label_values(&[provider, kind]).inc_by(tokens);
            }
        }
        match log.cost {
            Some(cost) => {
                let cost = u64::try_from(cost.get()).unwrap_or(0);
                self.cost_nanousd.with_label_values(&[provider]).inc_by(cost);
            }
            None if log.usage.total() > 0 => {
                self.unpriced.with_label_values(&[provider]).inc();
            }
            None => {}
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of one attempt")]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}
