//! An app token: what an app backend shows Tollgate to be let in.

use chrono::{DateTime, NaiveDate, Utc};

use crate::limit::{AppLimits, Budget};
use crate::words::words;
use crate::{AppTokenId, UserId};

words! {
    /// What an app token may do.
    Scope {
        /// Call models.
        Chat = "chat",
        /// Everything an admin may.
        Admin = "admin",
    }
}

/// A row of `t_app_tokens`, without the token's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppToken {
    /// Its id.
    pub id: AppTokenId,
    /// What people call it.
    pub name: String,
    /// What lists show instead of the token.
    pub hint: String,
    /// Who made it; `None` for one from the configuration file.
    pub owner_id: Option<UserId>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Models it may call; empty is any.
    pub allowed_models: Vec<String>,
    /// Codes of providers it may call; empty is any.
    pub allowed_providers: Vec<String>,
    /// How much it may ask for at a time.
    pub limits: AppLimits,
    /// How much it may spend.
    pub budget: Budget,
    /// Calls on `counted_on`.
    pub requests_count_today: i64,
    /// The UTC day that the counter is of.
    pub counted_on: Option<NaiveDate>,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it works.
    pub is_active: bool,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}
