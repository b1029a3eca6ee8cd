//! Callers that ask again as soon as they are answered.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::exchange::Caller;
use crate::report::{Report, Samples};
use crate::target::Target;

/// Lets so many callers ask for so long. An answer that comes after the end is counted, but not in the rate.
pub(crate) async fn run(target: Target, connections: usize, time: Duration) -> Report {
    let target = Arc::new(target);
    let end = Instant::now() + time;
    let mut callers = JoinSet::new();
    for _ in 0..connections {
        let target = Arc::clone(&target);
        callers.spawn(async move { ask_until(&target, end).await });
    }
    let mut samples = Samples::default();
    while let Some(seen) = callers.join_next().await {
        samples.add(seen.unwrap_or_default());
    }
    samples.report(time)
}

async fn ask_until(target: &Target, end: Instant) -> Samples {
    let mut samples = Samples::default();
    let mut caller = Caller::new(target);
    while Instant::now() < end {
        if !caller.ask(&mut samples, || ()).await {
            // What refuses at once is not asked a hundred thousand times a second.
            sleep(Duration::from_millis(10)).await;
        } else if Instant::now() <= end {
            samples.in_time += 1;
        }
    }
    samples
}
