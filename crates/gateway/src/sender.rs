//! What the engine sends calls with.

use futures_util::Stream;
use tokio::time::Instant;
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::chat::{Answer, ChatCall};
use tollgate_domain::failure::Failure;
use tollgate_providers::{EventStream, HttpClient, Reply, StreamItem, Target};

/// Sends one attempt; the HTTP client, but for tests.
pub(crate) trait Sender: Clone + Send + Sync + 'static {
    /// A streamed answer.
    type Events: Stream<Item = Result<StreamItem, Failure>> + Send + Unpin + 'static;

    /// Sends `call` to `target`, and waits for its answer, or its stream's head, at most until
    /// `deadline`.
    fn send(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> impl Future<Output = Result<Sent<Self::Events>, Failure>> + Send;
}

/// What came back.
pub(crate) enum Sent<Events> {
    /// The whole answer, and the limits that the provider told with it.
    Whole(Answer, KeyLimits),
    /// Its events; likewise.
    Stream(Events, KeyLimits),
}

impl Sender for HttpClient {
    type Events = EventStream;

    async fn send(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> Result<Sent<EventStream>, Failure> {
        Ok(match self.call(call, target, deadline).await? {
            Reply::Whole(answer, limits) => Sent::Whole(answer, limits),
            Reply::Stream(events) => {
                let limits = events.limits();
                Sent::Stream(events, limits)
            }
        })
    }
}
