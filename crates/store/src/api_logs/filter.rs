//! Which calls are wanted.

use chrono::{DateTime, Utc};
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, RequestId, UserId};

use crate::conditions::{Conditions, UNPRICED};
use crate::moment::comparable;
use crate::reports::UsageFilter;

/// Which calls are wanted; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// How the call ended.
    pub status: Option<CallStatus>,
    /// Where its final attempt went.
    pub provider_id: Option<ProviderId>,
    /// With which key its final attempt went.
    pub key_id: Option<ApiKeyId>,
    /// The model that it was sent to.
    pub model: Option<String>,
    /// The model or alias that the caller named.
    pub requested_model: Option<String>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The caller's end user.
    pub end_user: Option<String>,
    /// With which code it failed.
    pub error_code: Option<String>,
    /// One of whose attempts, not only the final one, failed with this key.
    pub failed_key_id: Option<ApiKeyId>,
    /// The one call.
    pub request_id: Option<RequestId>,
    /// Only what used tokens, or was answered, and has no price.
    pub is_unpriced: bool,
    /// Arrived not before.
    pub from: Option<DateTime<Utc>>,
    /// Arrived before.
    pub to: Option<DateTime<Utc>>,
}

impl LogFilter {
    /// The rows it leaves of those that meet `first`.
    pub(super) fn conditions(&self, first: &'static str) -> Conditions<'_> {
        let request_id = self.request_id.as_ref().map(|id| id.as_bytes().as_slice());
        let conditions = Conditions::new(first)
            .given(self.status_condition(), self.status.map(CallStatus::as_str))
            .given("provider_id = ?", self.provider_id.map(ProviderId::get))
            .given("key_id = ?", self.key_id.map(ApiKeyId::get))
            .given("model_code = ?", self.model.as_deref())
            .given(self.requested_model_condition(), self.requested_model.as_deref())
            .given("app_id = ?", self.app_id.map(AppTokenId::get))
            .given("user_id = ?", self.user_id.map(UserId::get))
            .given("end_user = ?", self.end_user.as_deref())
            .given("request_id = ?", request_id)
            // An id tells when its call arrived, and so which day's partition it is in.
            .given("created_at = ?", self.request_id.map(|id| id.arrived_at()))
            .given("created_at >= ?", self.from)
            .given("created_at < ?", self.to);
        let conditions = match &self.error_code {
            // What was answered has no code.
            Some(code) => conditions
                .also("status IN ('error', 'cancelled')")
                .given("error_code = ?", Some(code.as_str())),
            None => conditions,
        };
        let conditions = match self.failed_key_id {
            // The sum keeps a database from reading all calls of the key for the few that failed.
            Some(key) => conditions
                .given(
                    "request_id IN (
                        SELECT failed.request_id
                        FROM t_ai_api_logs AS failed
                        WHERE failed.status = 'error' AND failed.key_id + 0 = ?",
                    Some(key.get()),
                )
                .given("failed.created_at >= ?", self.from)
                .given("failed.created_at < ?", self.to)
                .also("failed.attempt > 0)"),
            None => conditions,
        };
        if self.is_unpriced { conditions.also(UNPRICED) } else { conditions }
    }

    /// Within a function no index is considered: nearly all calls succeed, and nearly no end user has
    /// many of them, so that the index of any other filter leaves fewer rows to look at. SQLite, which
    /// keeps no statistics, would take that of the status.
    const fn status_condition(&self) -> &'static str {
        let is_success = matches!(self.status, Some(CallStatus::Success));
        let has_other = self.provider_id.is_some()
            || self.key_id.is_some()
            || self.model.is_some()
            || self.requested_model.is_some()
            || self.app_id.is_some()
            || self.user_id.is_some()
            || self.failed_key_id.is_some()
            || self.is_unpriced;
        match self.end_user.is_some() || (is_success && has_other) {
            true => "COALESCE(status, '') = ?",
            false => "status = ?",
        }
    }

    /// Likewise: of a model that many ask for, few calls fail with one code, and the status' index has
    /// the codes.
    const fn requested_model_condition(&self) -> &'static str {
        match self.error_code.is_some() {
            true => "COALESCE(requested_model, '') = ?",
            false => "requested_model = ?",
        }
    }

    /// The same as the tables of usage have it, the status apart; `None` where they do not.
    pub(super) fn of_usage(&self) -> Option<UsageFilter> {
        let is_theirs = self.requested_model.is_none()
            && self.error_code.is_none()
            && self.failed_key_id.is_none()
            && self.request_id.is_none()
            && !self.is_unpriced;
        is_theirs.then(|| UsageFilter {
            provider_id: self.provider_id,
            model: self.model.clone(),
            key_id: self.key_id,
            app_id: self.app_id,
            user_id: self.user_id,
            end_user: self.end_user.clone(),
        })
    }

    /// From when to before when.
    pub(super) fn range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.from.unwrap_or(DateTime::<Utc>::MIN_UTC);
        let to = self.to.unwrap_or(DateTime::<Utc>::MAX_UTC);
        (comparable(from), comparable(to))
    }
}
