//! Holding answers until a test lets them go.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

/// A gate answers wait at. It starts closed; clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate(Arc<State>);

#[derive(Debug)]
struct State {
    passes: Semaphore,
    waiting: watch::Sender<usize>,
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(State { passes: Semaphore::new(0), waiting: watch::Sender::new(0) }))
    }

    /// Lets everybody through, now and later.
    pub fn open(&self) {
        self.0.passes.close();
    }

    /// Lets so many through: first those who wait, then the next to come.
    pub fn let_through(&self, calls: usize) {
        self.0.passes.add_permits(calls);
    }

    /// How many wait right now.
    pub fn waiting(&self) -> usize {
        *self.0.waiting.borrow()
    }

    /// Returns once at least so many wait. It has no time limit of its own.
    pub async fn wait_for_waiting(&self, calls: usize) {
        let mut waiting = self.0.waiting.subscribe();
        waiting.wait_for(|now| *now >= calls).await.expect("the sender lives in self");
    }

    /// Returns once nobody waits: all were let through, or left. It has no time limit of its own.
    pub async fn wait_for_nobody(&self) {
        let mut waiting = self.0.waiting.subscribe();
        waiting.wait_for(|now| *now == 0).await.expect("the sender lives in self");
    }

    pub(crate) async fn pass(&self) {
        let _counted = Waiting::new(&self.0.waiting);
        if let Ok(permit) = self.0.passes.acquire().await {
            permit.forget();
        }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts one who waits, also when the wait is dropped.
struct Waiting<'a>(&'a watch::Sender<usize>);

impl<'a> Waiting<'a> {
    fn new(waiting: &'a watch::Sender<usize>) -> Self {
        waiting.send_modify(|now| *now += 1);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|now| *now -= 1);
    }
}
