//! Why a call ended without an answer, or an operation on the engine failed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tollgate_domain::ApiKeyId;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::limit::{Budget, BudgetPeriod};
use tollgate_store::StoreError;

use crate::pool::SkipReason;
use crate::record::NotRecorded;

/// Why a call got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No provider is called that.
    #[error("there is no provider `{provider}`")]
    ProviderNotFound {
        /// As the caller named it.
        provider: String,
    },
    /// The provider is switched off.
    #[error("the provider `{provider}` is not active")]
    ProviderInactive {
        /// Its code.
        provider: String,
    },
    /// Neither the provider nor any active key of it has a base URL.
    #[error(
        "the provider `{provider}` has no base URL yet: an operator has to set its `baseUrl` to that \
         of an endpoint which speaks its protocol, and to switch it on"
    )]
    ProviderWithoutUrl {
        /// Its code.
        provider: String,
    },
    /// No provider serves the model.
    #[error("there is no model `{model}`")]
    ModelNotFound {
        /// As the caller named it.
        model: String,
    },
    /// The model is switched off.
    #[error("the model `{model}` of `{provider}` is not active")]
    ModelInactive {
        /// Its provider's code.
        provider: String,
        /// Its code.
        model: String,
    },
    /// The route is switched off.
    #[error("the route `{alias}` is not active")]
    RouteInactive {
        /// What callers name it by.
        alias: String,
    },
    /// The caller's access list does not name the model or its provider.
    #[error("this caller may not use the model `{model}` of `{provider}`")]
    NotAllowed {
        /// The provider's code.
        provider: String,
        /// The model's code.
        model: String,
    },
    /// What is asked cannot be done with this model or provider.
    #[error("{message}")]
    Unsupported {
        /// What, and what would work.
        message: String,
    },
    /// The provider refused the request itself; another key would not help.
    #[error("{}", .0.message)]
    Rejected(Failure),
    /// The provider failed: overloaded where [`Failure::class`] says so, else broken.
    #[error("{}", .0.message)]
    Provider(Failure),
    /// The provider, or the call as a whole, took too long.
    #[error("{}", .0.message)]
    Timeout(Failure),
    /// No key of any provider that the call may go to can carry it now.
    #[error("no key of the provider `{}` is available", providers.join("` or `"))]
    NoAvailableKey {
        /// The providers' codes.
        providers: Vec<String>,
        /// When the first of them will be, where a time is known.
        retry_after: Option<Duration>,
        /// Each active key and why it cannot.
        keys: Vec<KeyRefusal>,
    },
    /// The app token has asked for as much as it may at a time.
    #[error("{what}")]
    RateLimited {
        /// Which limit has no room.
        what: Limited,
        /// When it will have some.
        retry_after: Duration,
    },
    /// The app token's budget does not allow the call.
    #[error("{reason}")]
    BudgetExceeded {
        /// Why.
        reason: BudgetReason,
    },
    /// The call could not be accounted for: the journal is full or its disk fails, or a budget is
    /// used up as far as it is known while the database is away.
    #[error("calls cannot be accounted for at the moment")]
    Unavailable,
}

impl From<NotRecorded> for CallError {
    fn from(_: NotRecorded) -> Self {
        Self::Unavailable
    }
}

impl CallError {
    /// The error's stable name, as the API and the record call it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ProviderNotFound { .. }
            | Self::ProviderInactive { .. }
            | Self::ProviderWithoutUrl { .. }
            | Self::ModelNotFound { .. }
            | Self::ModelInactive { .. }
            | Self::RouteInactive { .. } => "not_found",
            Self::NotAllowed { .. } => "forbidden",
            Self::Unsupported { .. } => "validation_failed",
            Self::Rejected(_) => "provider_rejected",
            Self::Provider(_) => "provider_error",
            Self::Timeout(_) => "provider_timeout",
            Self::NoAvailableKey { .. } => "no_available_key",
            Self::RateLimited { .. } => "rate_limited",
            Self::BudgetExceeded { .. } => "budget_exceeded",
            Self::Unavailable => "storage_unavailable",
        }
    }

    /// Whether the provider has no capacity, rather than being broken.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        matches!(self, Self::Provider(failure) if failure.class == FailureClass::Overloaded)
    }
}

/// Which limit of an app token has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limited {
    /// Requests of the last minute.
    #[error("this app token has used up its requests of this minute")]
    Rpm,
    /// Tokens of the last minute.
    #[error("this app token has used up its tokens of this minute")]
    Tpm,
    /// Requests of the UTC day.
    #[error("this app token has used up its requests of this day (UTC)")]
    Rpd,
    /// Requests under way.
    #[error("this app token has as many requests in flight as it may")]
    Concurrent,
    /// What is left of its budget is kept for requests under way, which may cost less.
    #[error("what is left of this app token's budget is kept for its requests in flight")]
    Budget,
}

/// Why a budget does not allow a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BudgetReason {
    /// Nothing is left that would pay for it.
    #[error("this app token has spent its budget{}", of_period(*.0))]
    Spent(Budget),
    /// Nobody knows what it costs.
    #[error("the model `{model}` has no known price, and this app token has a budget")]
    Unpriced {
        /// The model, as its provider calls it.
        model: String,
    },
}

fn of_period(budget: Budget) -> String {
    let period = match budget.period {
        BudgetPeriod::Total => "",
        BudgetPeriod::Day => " for this day (UTC)",
        BudgetPeriod::Month => " for this month (UTC)",
    };
    budget.cap.map(|cap| format!(" of {cap} USD{period}")).unwrap_or_default()
}

/// Why one key cannot carry a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRefusal {
    /// The key.
    pub key_id: ApiKeyId,
    /// What people call it.
    pub key_name: String,
    /// What keeps it.
    pub reason: SkipReason,
    /// When it can again, where a time is known.
    pub available_at: Option<DateTime<Utc>>,
}

/// Why an operation on a key failed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such key, or it was deleted.
    #[error("there is no key {0}")]
    NotFound(ApiKeyId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
