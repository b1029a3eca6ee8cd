//! Who changed what.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::words::words;
use crate::{AppTokenId, AuditLogId, UserId};

words! {
    /// What was done.
    Action {
        /// Something was made.
        Create = "create",
        /// Something was changed.
        Update = "update",
        /// Something was removed.
        Delete = "delete",
        /// A key was tried against its provider, or a channel of alerts.
        Validate = "validate",
        /// A key's errors were cleared.
        Reset = "reset",
        /// A provider's model list was fetched.
        Sync = "sync",
        /// Several things were added at once.
        Import = "import",
        /// Everything was sealed anew.
        Reseal = "reseal",
        /// Recorded calls were priced again.
        Reprice = "reprice",
        /// Somebody signed in.
        Login = "login",
        /// Somebody signed out.
        Logout = "logout",
        /// Somebody changed their password.
        Password = "password",
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user, if it was one.
    pub user_id: Option<UserId>,
    /// The app token, if it was one.
    pub app_id: Option<AppTokenId>,
    /// Their name at the time; `cli` or `system` where nobody signed in.
    pub name: String,
    /// The address the request came from.
    pub ip: Option<String>,
}

/// Something that was done, before it has a row.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// To what kind of thing: `provider`, `key`, `model`, `price`, `route`, `app_token`, `user`, `settings`, `log`.
    pub resource: &'static str,
    /// To which one.
    pub resource_id: Option<i64>,
    /// As it was, without secrets.
    pub before: Option<Value>,
    /// As it is, without secrets.
    pub after: Option<Value>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A row of `t_audit_logs`.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLog {
    /// Its id.
    pub id: AuditLogId,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// To what kind of thing.
    pub resource: String,
    /// To which one.
    pub resource_id: Option<i64>,
    /// As it was, without secrets.
    pub before: Option<Value>,
    /// As it is, without secrets.
    pub after: Option<Value>,
    /// When.
    pub at: DateTime<Utc>,
}
