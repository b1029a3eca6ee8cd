//! What reports can be asked for.

use serde::Deserialize;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, RequestId, UserId};
use tollgate_store::api_logs::LogFilter;
use tollgate_store::reports::{GroupBy, UsageFilter};
use utoipa::{IntoParams, ToSchema};

use super::range::Bounds;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Checks, Validate};
use crate::openapi::words;

/// The most days that a trend covers.
const MAX_DAYS: i64 = 366;

/// What a row of usage stands for.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GroupWord {
    /// A clock hour.
    Hour,
    /// A calendar day.
    #[default]
    Day,
    /// A calendar month.
    Month,
    /// A provider.
    Provider,
    /// The model that was called, whoever serves it.
    Model,
    /// An upstream key.
    Key,
    /// An app token.
    App,
    /// A user.
    User,
}

impl From<GroupWord> for GroupBy {
    fn from(word: GroupWord) -> Self {
        match word {
            GroupWord::Hour => Self::Hour,
            GroupWord::Day => Self::Day,
            GroupWord::Month => Self::Month,
            GroupWord::Provider => Self::Provider,
            GroupWord::Model => Self::Model,
            GroupWord::Key => Self::Key,
            GroupWord::App => Self::App,
            GroupWord::User => Self::User,
        }
    }
}

/// Which usage, and how it is grouped.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct UsageParams {
    /// From when: a date in `tz`, or RFC 3339; 30 days before the end where absent.
    pub start_date: Option<String>,
    /// Until when; a date is included; now where absent.
    pub end_date: Option<String>,
    /// What a row stands for.
    #[serde(default)]
    #[param(inline, required = false)]
    pub group_by: GroupWord,
    /// An IANA time zone; the server's default where absent.
    pub tz: Option<String>,
    /// Only calls to this provider.
    pub provider_id: Option<i64>,
    /// Only calls to this model, by its code.
    pub model: Option<String>,
    /// Only calls with this key.
    pub key_id: Option<i64>,
    /// Only calls of this app token.
    pub app_id: Option<i64>,
    /// Only calls of this user.
    pub user_id: Option<i64>,
    /// Only calls for this end user.
    pub end_user: Option<String>,
}

impl Validate for UsageParams {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("model", self.model.as_deref(), 1..=200);
        checks.maybe_length("endUser", self.end_user.as_deref(), 1..=128);
    }
}

impl UsageParams {
    /// Which attempts count.
    #[must_use]
    pub fn filter(&self) -> UsageFilter {
        UsageFilter {
            provider_id: self.provider_id.map(ProviderId::new),
            model: self.model.clone(),
            key_id: self.key_id.map(ApiKeyId::new),
            app_id: self.app_id.map(AppTokenId::new),
            user_id: self.user_id.map(UserId::new),
            end_user: self.end_user.clone(),
        }
    }
}

/// How many calendar days, today included.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DaysParams {
    /// Calendar days in `tz`, today included.
    #[param(minimum = 1, maximum = 366)]
    pub days: Option<u32>,
    /// An IANA time zone; the server's default where absent.
    pub tz: Option<String>,
}

impl Validate for DaysParams {
    fn validate(&self, checks: &mut Checks) {
        checks.range("days", self.days.map(i64::from), 1..=MAX_DAYS);
    }
}

/// Which errors are counted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RangeParams {
    /// From when: a date in `tz`, or RFC 3339; 30 days before the end where absent.
    pub start_date: Option<String>,
    /// Until when; a date is included; now where absent.
    pub end_date: Option<String>,
    /// An IANA time zone; the server's default where absent.
    pub tz: Option<String>,
}

impl Validate for RangeParams {
    fn validate(&self, _: &mut Checks) {}
}

/// Which calls.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CallParams {
    /// Only calls that ended so.
    #[param(schema_with = words::call_status, required = false)]
    pub status: Option<CallStatus>,
    /// Only calls to this provider.
    pub provider_id: Option<i64>,
    /// Only calls with this key.
    pub key_id: Option<i64>,
    /// Only calls to this model, by its code.
    pub model: Option<String>,
    /// Only calls that named this model or alias.
    pub requested_model: Option<String>,
    /// Only calls of this app token.
    pub app_id: Option<i64>,
    /// Only calls of this user.
    pub user_id: Option<i64>,
    /// Only calls for this end user.
    pub end_user: Option<String>,
    /// Only calls that failed with this code.
    pub error_code: Option<String>,
    /// Only calls of which some attempt failed with this key, whatever came of them.
    pub failed_key_id: Option<i64>,
    /// Only the call with this id.
    pub request_id: Option<String>,
    /// True: only what used tokens, or was answered, and has no price.
    #[serde(default)]
    #[param(required = false)]
    pub unpriced: bool,
    /// From when: a date in `tz`, or RFC 3339.
    pub start_date: Option<String>,
    /// Until when; a date is included.
    pub end_date: Option<String>,
    /// An IANA time zone; the server's default where absent.
    pub tz: Option<String>,
}

impl Validate for CallParams {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("model", self.model.as_deref(), 1..=200);
        checks.maybe_length("requestedModel", self.requested_model.as_deref(), 1..=200);
        checks.maybe_length("endUser", self.end_user.as_deref(), 1..=128);
        checks.maybe_length("errorCode", self.error_code.as_deref(), 1..=100);
    }
}

impl CallParams {
    /// Which calls, within `bounds`. Fails for a request id that is none.
    pub(crate) fn filter(&self, bounds: Bounds) -> ApiResult<LogFilter> {
        let request_id = self.request_id.as_deref().map(request_id).transpose()?;
        Ok(LogFilter {
            status: self.status,
            provider_id: self.provider_id.map(ProviderId::new),
            key_id: self.key_id.map(ApiKeyId::new),
            model: self.model.clone(),
            requested_model: self.requested_model.clone(),
            app_id: self.app_id.map(AppTokenId::new),
            user_id: self.user_id.map(UserId::new),
            end_user: self.end_user.clone(),
            error_code: self.error_code.clone(),
            failed_key_id: self.failed_key_id.map(ApiKeyId::new),
            request_id,
            is_unpriced: self.unpriced,
            from: bounds.from,
            to: bounds.to,
        })
    }
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormatWord {
    /// Comma-separated values (RFC 4180), with a line of names first.
    #[default]
    Csv,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatParams {
    /// How the file is written.
    #[serde(default)]
    #[param(inline, required = false)]
    pub format: FormatWord,
}

impl Validate for FormatParams {
    fn validate(&self, _: &mut Checks) {}
}

/// Which calls are watched.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LiveParams {
    /// Only calls that ended so.
    #[param(schema_with = words::call_status, required = false)]
    pub status: Option<CallStatus>,
    /// Only calls to this provider.
    pub provider_id: Option<i64>,
    /// Only calls with this key.
    pub key_id: Option<i64>,
    /// Only calls to this model, by its code.
    pub model: Option<String>,
    /// Only calls that named this model or alias.
    pub requested_model: Option<String>,
    /// Only calls of this app token.
    pub app_id: Option<i64>,
    /// Only calls of this user.
    pub user_id: Option<i64>,
    /// Only calls for this end user.
    pub end_user: Option<String>,
    /// Only calls that failed with this code.
    pub error_code: Option<String>,
    /// True: only what used tokens, or was answered, and has no price.
    #[serde(default)]
    #[param(required = false)]
    pub unpriced: bool,
}

impl Validate for LiveParams {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("model", self.model.as_deref(), 1..=200);
        checks.maybe_length("requestedModel", self.requested_model.as_deref(), 1..=200);
        checks.maybe_length("endUser", self.end_user.as_deref(), 1..=128);
        checks.maybe_length("errorCode", self.error_code.as_deref(), 1..=100);
    }
}

impl LiveParams {
    /// Whether a call is one of them.
    #[must_use]
    pub fn wants(&self, log: &ApiLog) -> bool {
        let is = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
        let has_no_price =
            log.cost.is_none() && (log.usage.total() > 0 || log.status == CallStatus::Success);
        self.status.is_none_or(|status| log.status == status)
            && self.provider_id.is_none_or(|id| log.provider_id == Some(ProviderId::new(id)))
            && self.key_id.is_none_or(|id| log.key_id == Some(ApiKeyId::new(id)))
            && self.app_id.is_none_or(|id| log.app_id == Some(AppTokenId::new(id)))
            && self.user_id.is_none_or(|id| log.user_id == Some(UserId::new(id)))
            && is(&self.model, &log.model_code)
            && is(&self.requested_model, &log.requested_model)
            && is(&self.end_user, &log.end_user)
            && is(&self.error_code, &log.error_code)
            && (!self.unpriced || has_no_price)
    }
}

fn request_id(text: &str) -> ApiResult<RequestId> {
    text.parse().map_err(|_| ApiError::invalid("requestId", "must be a UUID"))
}
