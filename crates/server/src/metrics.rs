//! Prometheus metrics: what is counted, and who may read it.
//!
//! Labels are bounded: route patterns, methods we know, status codes, provider codes of the
//! snapshot, ids of its keys, failure classes. Raw input is never a label.

mod http;
mod scrape;
mod upstreams;

use std::sync::{Arc, OnceLock, Weak};

use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use tollgate_domain::ProviderId;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::failure::FailureClass;
use tollgate_gateway::{Engine, Observer};

pub use http::count_requests;
pub use scrape::{Doc, listen, scrape};

/// Upper bounds of the request durations, in seconds: from a cached list to a long answer.
const SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

/// Everything that is counted. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    http_requests: IntCounterVec,
    http_seconds: HistogramVec,
    http_active: IntGauge,
    provider_requests: IntCounterVec,
    provider_errors: IntCounterVec,
    provider_tokens: IntCounterVec,
    /// Knows the providers' codes; set once it runs.
    engine: Arc<OnceLock<Weak<Engine>>>,
}

impl Metrics {
    /// Metrics that all stand at zero.
    ///
    /// # Errors
    ///
    /// Fails only when two metrics share a name, that is, never in a released build.
    pub fn new() -> prometheus::Result<Self> {
        let counter = |name: &str, help: &str, labels: &[&str]| {
            IntCounterVec::new(Opts::new(name, help), labels)
        };
        let metrics = Self {
            registry: Registry::new(),
            http_requests: counter(
                "aiproxy_http_requests_total",
                "HTTP requests, by method, route pattern and status; 499 where the caller left.",
                &["method", "route", "status"],
            )?,
            http_seconds: HistogramVec::new(
                HistogramOpts::new(
                    "aiproxy_http_request_duration_seconds",
                    "Seconds from a request's arrival to the end of its answer, streams included.",
                )
                .buckets(SECONDS.to_vec()),
                &["method", "route"],
            )?,
            http_active: IntGauge::new(
                "aiproxy_http_active_requests",
                "HTTP requests whose answer has not ended.",
            )?,
            provider_requests: counter(
                "aiproxy_provider_requests_total",
                "Attempts sent to a provider, by how they ended.",
                &["provider", "status"],
            )?,
            provider_errors: counter(
                "aiproxy_provider_errors_total",
                "Failed attempts, by the class of the failure.",
                &["provider", "class"],
            )?,
            provider_tokens: counter(
                "aiproxy_provider_tokens_used_total",
                "Tokens used, in disjoint kinds.",
                &["provider", "kind"],
            )?,
            engine: Arc::default(),
        };
        metrics.register()?;
        Ok(metrics)
    }

    fn register(&self) -> prometheus::Result<()> {
        self.registry.register(Box::new(self.http_requests.clone()))?;
        self.registry.register(Box::new(self.http_seconds.clone()))?;
        self.registry.register(Box::new(self.http_active.clone()))?;
        self.registry.register(Box::new(self.provider_requests.clone()))?;
        self.registry.register(Box::new(self.provider_errors.clone()))?;
        self.registry.register(Box::new(self.provider_tokens.clone()))
    }

    /// What the engine tells of every record.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let metrics = self.clone();
        Arc::new(move |log| {
            if let Some(provider) = log.provider_id.filter(|_| log.attempt > 0) {
                metrics.count_attempt(&metrics.code_of(provider), log);
            }
        })
    }

    /// From now on providers are called by the codes that `engine` knows.
    pub fn name_providers_by(&self, engine: &Arc<Engine>) {
        // A second engine in one process would know the same codes.
        self.engine.set(Arc::downgrade(engine)).ok();
    }

    fn code_of(&self, provider: ProviderId) -> String {
        let engine = self.engine.get().and_then(Weak::upgrade);
        let code = engine
            .and_then(|engine| Some(engine.snapshot().provider(provider)?.provider.code.clone()));
        code.unwrap_or_else(|| "unknown".to_owned())
    }

    fn count_attempt(&self, provider: &str, log: &ApiLog) {
        self.provider_requests.with_label_values(&[provider, log.status.as_str()]).inc();
        if log.status == CallStatus::Error {
            let class = log.error_code.as_deref().and_then(|code| code.parse().ok());
            let class = class.map_or("other", FailureClass::as_str);
            self.provider_errors.with_label_values(&[provider, class]).inc();
        }
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
                self.provider_tokens.with_label_values(&[provider, kind]).inc_by(tokens);
            }
        }
    }

    /// Everything in Prometheus' text format.
    ///
    /// # Errors
    ///
    /// Fails only when a metric has no name, that is, never.
    pub fn render(&self) -> prometheus::Result<String> {
        let mut families = self.registry.gather();
        if let Some(engine) = self.engine.get().and_then(Weak::upgrade) {
            families.extend(upstreams::gather(&engine)?);
        }
        // A family without a metric cannot be encoded.
        families.retain(|family| !family.get_metric().is_empty());
        TextEncoder::new().encode_to_string(&families)
    }
}
