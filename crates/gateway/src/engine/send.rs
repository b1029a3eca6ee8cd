//! Sending an attempt with the value that its key has now.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};
use tollgate_domain::Clock;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Upstream;

use crate::engine::course::Course;
use crate::sender::{Sender, Sent};
use crate::snapshot::KeyEntry;

/// Sends `course`'s call with `key`: once more where the provider refuses a value that can be
/// replaced by another one.
pub(super) async fn send<S: Sender>(
    sender: &S,
    course: &Course,
    key: &KeyEntry,
) -> Result<Sent<S::Events>, Failure> {
    let deadline = course.deadline;
    let clock = course.clock();
    let upstream = upstream_of(key, clock, deadline).await?;
    let sent = sender.send(&course.call, &course.target(&upstream), deadline).await;
    match sent {
        Err(failure) if failure.class == FailureClass::KeyRefused => {
            match another(key, &upstream, clock, deadline).await {
                Some(upstream) => {
                    sender.send(&course.call, &course.target(&upstream), deadline).await
                }
                None => Err(better_told(failure, key, clock)),
            }
        }
        sent => sent,
    }
}

/// Where a key's requests go, with the value that its credential has now; it is waited for until
/// `deadline` where there is none yet.
pub(super) async fn upstream_of(
    key: &KeyEntry,
    clock: &Arc<dyn Clock>,
    deadline: Instant,
) -> Result<Arc<Upstream>, Failure> {
    let refused = || Failure::new(FailureClass::KeyRefused, "the key does not open");
    let upstream = key.upstream.as_ref().ok_or_else(refused)?;
    let Some(live) = &key.live else { return Ok(Arc::clone(upstream)) };
    let value = timeout_at(deadline, live.value(|| clock.now())).await.map_err(|_| {
        Failure::new(FailureClass::Deadline, "the key's value did not come in time")
    })?;
    let secret = value.map_err(|lost| lost.failure())?;
    Ok(Arc::new(upstream.with_secret(&secret)))
}

/// The same with another value, where the provider refused the one in `upstream` and another one
/// can be had.
pub(super) async fn another(
    key: &KeyEntry,
    upstream: &Upstream,
    clock: &Arc<dyn Clock>,
    deadline: Instant,
) -> Option<Arc<Upstream>> {
    let live = key.live.as_ref()?;
    let asking = live.instead_of(&upstream.secret, || clock.now());
    let secret = timeout_at(deadline, asking).await.ok()??;
    Some(Arc::new(upstream.with_secret(&secret)))
}

/// Why a key is refused: that its account has to be signed in again, where that is known, says more
/// than the provider does.
fn better_told(failure: Failure, key: &KeyEntry, clock: &Arc<dyn Clock>) -> Failure {
    let known = key.live.as_ref().and_then(|live| live.current(clock.now())).and_then(Result::err);
    let known = known.map(|lost| lost.failure());
    known.filter(|known| known.class == FailureClass::KeyRefused).unwrap_or(failure)
}
