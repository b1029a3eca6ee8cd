//! Streams that are open at the same time.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::exchange::Caller;
use crate::report::{Report, Samples};
use crate::target::Target;

/// Opens so many streams over this time and reads each to its end. Prints a line once all of them are open.
pub(crate) async fn run(target: Target, streams: usize, over: Duration) -> Report {
    let (target, opened) = (Arc::new(target), Arc::new(AtomicUsize::new(0)));
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for nth in 0..streams {
        let (target, opened) = (Arc::clone(&target), Arc::clone(&opened));
        let due = begin + over.mul_f64(nth as f64 / streams as f64);
        callers.spawn(async move {
            sleep_until(due).await;
            stream(&target, || {
                if opened.fetch_add(1, Ordering::Relaxed) + 1 == streams {
                    tell_all_are_open(streams);
                }
            })
            .await
        });
    }
    let mut samples = Samples::default();
    while let Some(seen) = callers.join_next().await {
        samples.add(seen.unwrap_or_default());
    }
    samples.report(begin.elapsed())
}

async fn stream(target: &Target, on_open: impl FnMut()) -> Samples {
    let mut samples = Samples::default();
    if Caller::new(target).ask(&mut samples, on_open).await {
        samples.in_time += 1;
    }
    samples
}

/// Who reads this may have gone, which changes nothing for the streams.
fn tell_all_are_open(streams: usize) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{{\"open\":{streams}}}").and_then(|()| out.flush());
}
