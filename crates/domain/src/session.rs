//! A user's session: what a refresh token stands for.

use chrono::{DateTime, Utc};

use crate::{SessionId, UserId};

/// A row of `t_sessions`, without the refresh token's hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When its refresh token stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The address it began from.
    pub ip: Option<String>,
    /// The program it began in.
    pub user_agent: Option<String>,
    /// When it was last refreshed.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it began.
    pub created_at: DateTime<Utc>,
}
