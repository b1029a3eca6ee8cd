//! Connections that wait for their next request.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hyper::rt::Executor;
use hyper_util::rt::TokioExecutor;
use parking_lot::Mutex;
use tokio::time::{Instant, sleep};

use super::Host;
use super::line::Line;
use crate::client::exchange::IDLE;

/// How often idle connections are looked through.
const SWEEP: Duration = Duration::from_secs(10);

/// The idle connections of one client.
#[derive(Debug)]
pub(super) struct Idle {
    /// How many are kept for each host.
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Those to each host, and since when; the one that was used last is the last.
    lines: HashMap<Host, Vec<(Instant, Line)>>,
    /// Whether a task closes those that nobody uses.
    is_swept: bool,
}

impl Idle {
    pub(super) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    /// The connection to `host` that was used last of those that stand.
    pub(super) fn take(&self, host: &Host) -> Option<Line> {
        let mut state = self.state.lock();
        let lines = state.lines.get_mut(host)?;
        while let Some((since, mut line)) = lines.pop() {
            if since.elapsed() > IDLE {
                lines.clear();
            } else if line.is_ready() {
                return Some(line);
            }
        }
        None
    }

    /// Keeps a connection that is ready for another request.
    pub(super) fn put(self: &Arc<Self>, host: Host, line: Line) {
        if self.most == 0 {
            return;
        }
        let mut state = self.state.lock();
        let lines = state.lines.entry(host).or_default();
        if lines.len() < self.most {
            lines.push((Instant::now(), line));
        }
        if !std::mem::replace(&mut state.is_swept, true) {
            TokioExecutor::new().execute(sweep(Arc::clone(self)));
        }
    }

    /// Closes what nobody has used for a while, and what the server closed. Whether anything is left.
    fn is_left(&self) -> bool {
        let mut state = self.state.lock();
        state.lines.retain(|_, lines| {
            lines.retain_mut(|(since, line)| since.elapsed() <= IDLE && line.is_ready());
            !lines.is_empty()
        });
        state.is_swept = !state.lines.is_empty();
        state.is_swept
    }
}

async fn sweep(idle: Arc<Idle>) {
    loop {
        sleep(SWEEP).await;
        // Else the client is gone.
        if Arc::strong_count(&idle) == 1 || !idle.is_left() {
            return;
        }
    }
}
