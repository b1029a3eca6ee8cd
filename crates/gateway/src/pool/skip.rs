//! Why a key was passed over.

use std::fmt;

/// What keeps a key from carrying a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// It failed earlier in this call.
    Tried,
    /// It has failed of late, and no more retries are allowed for now.
    RetryBudget,
    /// Its requests of the last minute are at their limit.
    Rpm,
    /// Its tokens of the last minute leave no room.
    Tpm,
    /// Its requests of this UTC day are at their limit.
    Rpd,
    /// Its requests in flight are at their limit.
    Concurrent,
    /// The provider asked it to wait.
    RateLimited,
    /// Its credit or daily quota is spent.
    QuotaExceeded,
    /// It failed several times in a row.
    Cooling,
    /// Its address said several times in a row that it has no capacity.
    Overloaded,
    /// The provider refused it, and a check has yet to confirm that.
    Checking,
    /// The provider refuses it.
    Invalid,
    /// The provider refuses it for this model.
    ModelDenied,
    /// It does not open, or its provider's settings cannot be read.
    Undecryptable,
}

impl SkipReason {
    /// The word that stands for it in records and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tried => "tried",
            Self::RetryBudget => "retry_budget",
            Self::Rpm => "rpm",
            Self::Tpm => "tpm",
            Self::Rpd => "rpd",
            Self::Concurrent => "concurrent",
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Cooling => "cooling",
            Self::Overloaded => "overloaded",
            Self::Checking => "checking",
            Self::Invalid => "invalid",
            Self::ModelDenied => "model_denied",
            Self::Undecryptable => "undecryptable",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
