//! Playing a script to one client.

use std::collections::VecDeque;
use std::future::pending;
use std::io;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio_util::sync::CancellationToken;

use crate::calls::{CallEnd, CallGuard};
use crate::connection::Peer;
use crate::script::{Script, Step};

/// Answers a call with a script. Waits end early, with a broken connection, once `stopping` is cancelled.
pub(crate) async fn play(
    script: Script,
    mut call: CallGuard,
    peer: &Peer,
    stopping: CancellationToken,
) -> Response {
    for step in script.before_head {
        if !wait(step, &stopping).await {
            call.end(CallEnd::Broken);
            peer.break_connection();
            return Response::default();
        }
    }
    call.answers_with(script.status.as_u16());
    let player = Player { steps: script.after_head, call, stopping };
    let mut response = Response::new(Body::from_stream(player.into_stream()));
    *response.status_mut() = script.status;
    *response.headers_mut() = script.headers;
    response
}

struct Player {
    steps: VecDeque<Step>,
    call: CallGuard,
    stopping: CancellationToken,
}

impl Player {
    fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        unfold(self, Self::next)
    }

    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        loop {
            match self.steps.pop_front() {
                None => {
                    self.call.end(CallEnd::Answered);
                    return None;
                }
                Some(Step::Send(bytes)) => {
                    // The server may drop the body as soon as it has the last byte.
                    if self.steps.is_empty() {
                        self.call.end(CallEnd::Answered);
                    }
                    return Some((Ok(bytes), self));
                }
                Some(Step::Stall(Some(every))) => {
                    self.steps.push_front(Step::Stall(Some(every)));
                    self.steps.push_front(Step::Pause(every));
                    return Some((Ok(Bytes::from_static(b": keep-alive\n\n")), self));
                }
                Some(step) => {
                    if !wait(step, &self.stopping).await {
                        self.call.end(CallEnd::Broken);
                        let broken = io::Error::from(io::ErrorKind::ConnectionReset);
                        return Some((Err(broken), self));
                    }
                }
            }
        }
    }
}

/// Takes a step which sends nothing; says whether to go on.
async fn wait(step: Step, stopping: &CancellationToken) -> bool {
    let step = async {
        match step {
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Hold(gate) => gate.pass().await,
            Step::Stall(_) => pending().await,
            // The server writes what it has whenever a body lets it wait.
            Step::Flush => tokio::task::yield_now().await,
            Step::Send(_) => {}
            Step::Cut => return false,
        }
        true
    };
    tokio::select! {
        biased;
        go_on = step => go_on,
        () = stopping.cancelled() => false,
    }
}
