//! A call, its answer, and the events of a streamed answer.
//!
//! A call keeps the dialect it came in and its bytes. Beside them stand the few facts that
//! routing, limits and accounting need, so that nothing else has to parse the body again.

pub mod answer;
pub mod call;
pub mod event;

pub use answer::{Answer, AnswerFacts};
pub use call::{CallFacts, ChatCall, Dialect, Endpoint, Fallback};
pub use event::{ChatEvent, EventFacts};
