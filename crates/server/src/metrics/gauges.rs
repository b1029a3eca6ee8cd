//! Families of gauges that are filled at the moment of a scrape.

use prometheus::{GaugeVec, Opts, Registry};

/// One family of a scrape.
#[derive(Clone, Debug)]
pub(super) struct Gauges(GaugeVec);

impl Gauges {
    /// A family without values, in `registry`.
    ///
    /// # Errors
    /// Fails only when two families share a name or one has no good name, that is, never.
    pub(super) fn new(
        registry: &Registry,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<Self> {
        let gauges = GaugeVec::new(Opts::new(name, help), labels)?;
        registry.register(Box::new(gauges.clone()))?;
        Ok(Self(gauges))
    }

    pub(super) fn set(&self, labels: &[&str], value: f64) {
        self.0.with_label_values(labels).set(value);
    }

    /// Sets what is counted.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a float; far below 2^53 it is exact"
    )]
    pub(super) fn count(&self, labels: &[&str], count: i64) {
        self.set(labels, count as f64);
    }

    /// Sets 1 where something is so, else 0.
    pub(super) fn flag(&self, labels: &[&str], is_so: bool) {
        self.set(labels, f64::from(u8::from(is_so)));
    }
}
