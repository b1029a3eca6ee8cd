//! What arrived, and how it ended.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

/// A call which the simulator got.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its number, from 1 in order of arrival.
    pub number: u64,
    /// The TCP connection it came on, numbered from 1: equal numbers shared a connection.
    pub connection: u64,
    /// Its method, such as `POST`.
    pub method: String,
    /// Its path, such as `/v1/chat/completions`.
    pub path: String,
    /// What follows the `?` of its address.
    pub query: Option<String>,
    /// The key it came with.
    pub key: Option<String>,
    /// All its headers, names in lower case; a value which is not text is missing.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Bytes,
    /// The status it was answered with, once the head was sent.
    pub status: Option<u16>,
    /// How it ended.
    pub end: CallEnd,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// Not yet.
    Running,
    /// Everything was sent that was to be sent.
    Answered,
    /// The client went away before that.
    ClientLeft,
    /// The simulator broke the connection: a fault, or it was stopped.
    Broken,
}

impl Call {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `model` of the body.
    pub fn model(&self) -> Option<String> {
        self.json().get("model")?.as_str().map(str::to_owned)
    }
}

/// How many calls there were, also of those forgotten.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) arrived: usize,
    pub(crate) answered: usize,
    pub(crate) client_left: usize,
    pub(crate) broken: usize,
}

impl Counts {
    pub(crate) fn running(&self) -> usize {
        self.arrived - self.answered - self.client_left - self.broken
    }
}

/// The last calls.
#[derive(Debug)]
pub(crate) struct CallLog {
    most: usize,
    calls: Mutex<VecDeque<Call>>,
    counts: watch::Sender<Counts>,
}

impl CallLog {
    pub(crate) fn new(most: usize) -> Self {
        let counts = watch::Sender::new(Counts::default());
        Self { most, calls: Mutex::default(), counts }
    }

    /// Records a call, and gives it its number.
    pub(crate) fn begin(self: &Arc<Self>, mut call: Call) -> CallGuard {
        let mut calls = self.calls.lock();
        let mut number = 0;
        // The lock is held over both, so that whoever sees the count finds the call.
        self.counts.send_modify(|counts| {
            counts.arrived += 1;
            number = counts.arrived as u64;
        });
        call.number = number;
        calls.push_back(call);
        while calls.len() > self.most {
            calls.pop_front();
        }
        CallGuard { log: Arc::clone(self), number, has_ended: false }
    }

    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls.lock().iter().cloned().collect()
    }

    pub(crate) fn of(&self, key: &str) -> Vec<Call> {
        let calls = self.calls.lock();
        calls.iter().filter(|call| call.key.as_deref() == Some(key)).cloned().collect()
    }

    /// Forgets the recorded calls, not the counts.
    pub(crate) fn forget(&self) {
        self.calls.lock().clear();
    }

    pub(crate) fn counts(&self) -> watch::Receiver<Counts> {
        self.counts.subscribe()
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.lock().iter_mut().rev().find(|call| call.number == number) {
            change(call);
        }
    }
}

/// Belongs to whoever answers a call. Dropped before the end, it notes that the client went away: the
/// server drops an answer only when nobody is left to read it.
#[derive(Debug)]
pub(crate) struct CallGuard {
    log: Arc<CallLog>,
    number: u64,
    has_ended: bool,
}

impl CallGuard {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn answers_with(&self, status: u16) {
        self.log.change(self.number, |call| call.status = Some(status));
    }

    pub(crate) fn end(&mut self, end: CallEnd) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        self.log.change(self.number, |call| call.end = end);
        self.log.counts.send_modify(|counts| match end {
            CallEnd::Answered => counts.answered += 1,
            CallEnd::ClientLeft => counts.client_left += 1,
            CallEnd::Broken => counts.broken += 1,
            CallEnd::Running => {}
        });
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        self.end(CallEnd::ClientLeft);
    }
}
