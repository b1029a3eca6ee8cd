//! The engine: from a call to its answer and its record.
//!
//! It holds the snapshot that calls are routed by, picks keys, retries, and accounts. It knows no
//! HTTP server, no SQL and no provider's JSON.

mod account;
mod app_limits;
mod attempt;
#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;
mod budget;
mod credentials;
mod engine;
mod error;
pub(crate) mod journal;
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
mod why;
mod window;

pub use account::RefusedCall;
pub use app_limits::AppUse;
pub use credentials::RenewalPauses;
pub use engine::{BudgetUse, Engine, EngineOptions, StartError, Verdict};
pub use error::{BudgetReason, CallError, KeyError, KeyRefusal, Limited};
pub use journal::{
    Fsync, Journal, JournalError, JournalOptions, JournalStats, LEAST_JOURNAL_BYTES,
    UnknownSetting, WhenFull,
};
pub use pool::{KeyUse, Outlook, SkipReason};
pub use random::{Random, ThreadRandom};
pub use record::Observer;
pub use reply::{CallEvent, CallReply, CallStream, CallSummary, ReplyBody, ReplyHead};
pub use retry::Backoff;
pub use snapshot::{KeyEntry, ModelEntry, ProviderEntry, Snapshot, TokenHash};
pub use target::{LeftOut, Plan, Planned, Route, resolve};
