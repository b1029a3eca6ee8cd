//! Schemas of the enums that are one word in JSON.

use tollgate_domain::alert::{AlertEvent, AlertKind, AlertLevel, DeliveryState};
use tollgate_domain::api_key::{CredentialKind, KeyStatus};
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::app_token::Scope;
use tollgate_domain::audit::Action;
use tollgate_domain::channel::{SmtpTls, WebhookKind};
use tollgate_domain::credential::TokenRequest;
use tollgate_domain::limit::BudgetPeriod;
use tollgate_domain::model::{Lifecycle, ModelSource, ModelType};
use tollgate_domain::price::Bucket;
use tollgate_domain::provider::{ProtocolKind, Strategy};
use tollgate_domain::route::FallbackOn;
use tollgate_domain::user::Role;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, Type};

macro_rules! one_of {
    ($($(#[$doc:meta])* $name:ident: $words:ty;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name() -> Object {
            let words = <$words>::ALL.iter().map(|word| word.as_str());
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
        }
    )+};
}

one_of! {
    /// What a user may do.
    role: Role;
    /// The wire protocol of a provider.
    protocol: ProtocolKind;
    /// How a provider's keys share its load.
    strategy: Strategy;
    /// Where a key's header value comes from.
    credential_kind: CredentialKind;
    /// How a token is asked for.
    token_request: TokenRequest;
    /// Whether a key can be used.
    key_status: KeyStatus;
    /// What a model does.
    model_type: ModelType;
    /// Where a model's row came from.
    model_source: ModelSource;
    /// Where a model is in its life.
    lifecycle: Lifecycle;
    /// What an app token may do.
    scope: Scope;
    /// How long a budget is for.
    budget_period: BudgetPeriod;
    /// When a call goes on to the next target.
    fallback: FallbackOn;
    /// What was done.
    action: Action;
    /// A kind of token, as it is counted and charged.
    bucket: Bucket;
    /// How a call ended.
    call_status: CallStatus;
    /// What an alert is about.
    alert_kind: AlertKind;
    /// How much an alert matters.
    alert_level: AlertLevel;
    /// What of an alert a notice tells.
    alert_event: AlertEvent;
    /// What became of a notice.
    delivery_state: DeliveryState;
    /// Which template a webhook is sent in.
    webhook_kind: WebhookKind;
    /// How a mail server is spoken to.
    smtp_tls: SmtpTls;
}

/// When a call goes on to the next target, all of it.
pub(crate) fn fallbacks() -> Schema {
    ArrayBuilder::new().items(fallback()).build().into()
}

/// What an app token may do, all of it.
pub(crate) fn scopes() -> Schema {
    ArrayBuilder::new().items(scope()).build().into()
}

/// What alerts may be about, several of it.
pub(crate) fn alert_kinds() -> Schema {
    ArrayBuilder::new().items(alert_kind()).build().into()
}

/// How much alerts may matter, several of it.
pub(crate) fn alert_levels() -> Schema {
    ArrayBuilder::new().items(alert_level()).build().into()
}
