//! What handlers receive and return.

pub mod caller;
pub mod envelope;
pub mod id;
pub mod json;
pub mod meta;
pub mod new;
pub mod query;
pub mod validate;

pub use caller::{Admin, Analyst, Anybody, AppCaller, SignedIn};
pub use envelope::{Created, Done, Envelope, Listed};
pub use id::Id;
pub use json::{JsonBody, Valid};
pub use meta::Meta;
pub use new::{Make, New};
pub use query::{ListQuery, PageQuery, Params};
pub use validate::{Checks, Validate};
