//! A person who signs in.

use chrono::{DateTime, Utc};

use crate::UserId;
use crate::words::words;

words! {
    /// What a user may do.
    Role {
        /// Everything.
        Admin = "admin",
        /// Read statistics, providers, models and masked keys.
        Analyst = "analyst",
        /// Call models and see their own usage.
        App = "app",
    }
}

/// A row of `t_users`, without the password hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they sign in with.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether somebody else chose their password.
    pub must_change_password: bool,
    /// Counted up to end every session at once.
    pub token_version: i64,
    /// When they last signed in.
    pub last_login_at: Option<DateTime<Utc>>,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}
