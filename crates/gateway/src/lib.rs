//! The engine: from a call to its answer and its record.
//!
//! It holds the snapshot that calls are routed by, picks keys, retries, and accounts. It knows no
//! HTTP server, no SQL and no provider's JSON.

mod account;
mod attempt;
mod engine;
mod error;
mod key_state;
mod pool;
mod random;
mod record;
mod reply;
mod retry;
mod sender;
mod snapshot;
mod target;
#[cfg(test)]
mod testing;
mod window;

pub use account::RefusedCall;
pub use engine::{Engine, EngineOptions, Verdict};
pub use error::{CallError, KeyError, KeyRefusal};
pub use pool::{KeyUse, SkipReason};
pub use random::{Random, ThreadRandom};
pub use record::Observer;
pub use reply::{CallEvent, CallReply, CallStream, CallSummary, ReplyBody, ReplyHead};
pub use retry::Backoff;
pub use snapshot::{KeyEntry, ModelEntry, ProviderEntry, Snapshot, TokenHash};
pub use target::{Route, resolve};
