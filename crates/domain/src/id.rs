//! Identifiers, one type each, so that a key's id is never taken for a provider's.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! row_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Wraps the number that the database gave the row.
            #[must_use]
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number, for binding to a query.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

row_id! {
    /// A row of `t_ai_providers`.
    ProviderId,
    /// A row of `t_ai_api_keys`: one upstream key.
    ApiKeyId,
    /// A row of `t_ai_models`.
    ModelId,
    /// A row of `t_ai_model_prices`.
    PriceId,
    /// A row of `t_ai_routes`.
    RouteId,
    /// A row of `t_users`.
    UserId,
    /// A row of `t_sessions`.
    SessionId,
    /// A row of `t_app_tokens`.
    AppTokenId,
    /// A row of `t_audit_logs`.
    AuditLogId,
    /// A row of `t_ai_alerts`.
    AlertId,
}

/// A call's id: a UUIDv7, so that ids sort by arrival and carry the arrival's milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(Uuid);

impl RequestId {
    /// A new id for a call that arrived at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let at = uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos());
        Self(Uuid::new_v7(at))
    }

    /// The 16 bytes that `t_ai_api_logs.request_id` holds.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id that those 16 bytes spell; `None` for any other length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self)
    }

    /// When the call arrived, to the millisecond: the time inside the id.
    #[must_use]
    pub fn arrived_at(&self) -> DateTime<Utc> {
        let (seconds, nanos) = self.0.get_timestamp().map_or((0, 0), |at| at.to_unix());
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        DateTime::from_timestamp(seconds, nanos).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for RequestId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_remembers_when_its_call_arrived() {
        let now = DateTime::from_timestamp_millis(1_790_000_123_456).unwrap();

        let id = RequestId::new(now);

        assert_eq!(id.arrived_at(), now);
        assert_eq!(id.to_string().parse::<RequestId>().unwrap(), id);
        assert_eq!(RequestId::from_bytes(id.as_bytes()), Some(id));
    }
}
