//! What it costs to select a key, by strategy and by how many keys there are:
//! `cargo bench -p tollgate-gateway --features bench --bench pick`.
//!
//! One pick is everything that a call holds the pool's lock for: limits and health of every key,
//! the strategy's choice, and the charge.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::time::Instant;
use tollgate_domain::provider::Strategy;
use tollgate_gateway::bench::Picks;

fn pick(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pick");
    for count in [10, 1_000] {
        for strategy in Strategy::ALL {
            let mut picks = Picks::among(count);
            let now = Instant::now();
            group.bench_function(BenchmarkId::new(strategy.as_str(), count), |bencher| {
                bencher.iter_with_large_drop(|| picks.pick(*strategy, now));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().without_plots();
    targets = pick
}
criterion_main!(benches);
