//! Prometheus metrics: what is counted, and who may read it.
//!
//! Labels are bounded: route patterns, methods we know, status codes, provider codes of the
//! snapshot, ids of a bounded number of its keys, failure classes. Raw input is never a label.

mod attempts;
mod gauges;
mod http;
mod journal;
mod program;
mod scrape;
mod upstreams;

use std::sync::{Arc, OnceLock, Weak};

use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use tollgate_domain::ProviderId;
use tollgate_gateway::{Engine, Observer};

use self::attempts::Attempts;
use crate::app::App;

pub use http::count_requests;
pub use scrape::{Doc, listen, scrape};
pub use upstreams::MAX_KEYS;

/// Upper bounds of durations, in seconds: from a cached list to a long answer.
const SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

/// Everything that is counted. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    http_requests: IntCounterVec,
    http_seconds: HistogramVec,
    http_active: IntGauge,
    attempts: Attempts,
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
        let registry = Registry::new();
        let metrics = Self {
            http_requests: IntCounterVec::new(
                Opts::new(
                    "aiproxy_http_requests_total",
                    "HTTP requests, by method, route pattern and status; 499 where the caller left.",
                ),
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
            attempts: Attempts::new(&registry)?,
            registry,
            engine: Arc::default(),
        };
        metrics.registry.register(Box::new(metrics.http_requests.clone()))?;
        metrics.registry.register(Box::new(metrics.http_seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.http_active.clone()))?;
        Ok(metrics)
    }

    /// What the engine tells of every record.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let metrics = self.clone();
        Arc::new(move |log| {
            metrics.attempts.count_call(log);
            if let Some(provider) = log.provider_id.filter(|_| log.attempt > 0) {
                metrics.attempts.count_attempt(&metrics.code_of(provider), log);
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

    /// Everything of `app` in Prometheus' text format: what was counted, and how it stands.
    ///
    /// # Errors
    ///
    /// Fails only when a metric has no name, that is, never.
    pub fn render(&self, app: &App) -> prometheus::Result<String> {
        let now = Registry::new();
        upstreams::gather(&app.engine, &now)?;
        program::gather(&app.engine, app.store.connections(), app.started.elapsed(), &now)?;
        journal::gather(&app.engine.journal(), app.clock.now(), &now)?;
        let mut families = self.registry.gather();
        families.extend(now.gather());
        // A family without a metric cannot be encoded.
        families.retain(|family| !family.get_metric().is_empty());
        TextEncoder::new().encode_to_string(&families)
    }
}
