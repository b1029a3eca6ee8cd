//! Calls at the edge: what every way in shares, whatever dialect its callers speak.

pub(crate) mod error;
pub(crate) mod fallbacks;
pub(crate) mod head;
pub(crate) mod key_trial;
pub(crate) mod question;
pub(crate) mod usable;

use std::time::Duration;

use bytes::Bytes;
use tollgate_domain::caller::Caller;
use tollgate_domain::chat::{CallFacts, ChatCall, Dialect, Endpoint};
use tollgate_gateway::RefusedCall;

use crate::app::App;
use crate::error::ApiResult;
use crate::error::body::Shape;
use crate::extract::Meta;

/// What is asked, apart from who asks.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) dialect: Dialect,
    pub(crate) endpoint: Endpoint,
    /// The route it came in by.
    pub(crate) path: &'static str,
    /// In `dialect`.
    pub(crate) body: Bytes,
    pub(crate) facts: CallFacts,
    /// Headers that a provider of the same dialect gets too.
    pub(crate) forwarded: Vec<(&'static str, String)>,
    pub(crate) timeout: Option<Duration>,
}

impl Ask {
    /// What OpenAI's dialect asks in `body`.
    pub(crate) fn openai(
        endpoint: Endpoint,
        path: &'static str,
        body: Bytes,
        facts: CallFacts,
    ) -> Self {
        let (dialect, forwarded) = (Dialect::OpenAi, Vec::new());
        Self { dialect, endpoint, path, body, facts, forwarded, timeout: None }
    }

    /// What Anthropic's dialect asks in `body`, under headers of which `forwarded` go on.
    pub(crate) fn anthropic(
        endpoint: Endpoint,
        path: &'static str,
        body: Bytes,
        facts: CallFacts,
        forwarded: Vec<(&'static str, String)>,
    ) -> Self {
        let dialect = Dialect::Anthropic;
        Self { dialect, endpoint, path, body, facts, forwarded, timeout: None }
    }

    /// The call that asks it for `caller`.
    pub(crate) fn of(self, caller: &Caller, meta: &Meta) -> ChatCall {
        ChatCall {
            request_id: meta.request_id,
            client_request_id: meta.client_request_id.clone(),
            user_id: caller.user_id(),
            app_id: caller.app_id(),
            access: caller.access.clone(),
            dialect: self.dialect,
            endpoint: self.endpoint,
            path: self.path,
            body: self.body,
            facts: self.facts,
            forwarded: self.forwarded,
            timeout: self.timeout,
            ip_address: meta.ip(),
            user_agent: meta.user_agent.clone(),
        }
    }
}

/// `outcome` as it is; where it is a refusal of a body, it is put on record first.
pub(crate) async fn on_record<T>(
    app: &App,
    caller: &Caller,
    meta: &Meta,
    path: &'static str,
    outcome: ApiResult<T>,
) -> ApiResult<T> {
    let Err(error) = &outcome else { return outcome };
    let status = error.status_in(Shape::of(path));
    let refused = RefusedCall {
        request_id: meta.request_id,
        client_request_id: meta.client_request_id.clone(),
        user_id: caller.user_id(),
        app_id: caller.app_id(),
        end_user: None,
        requested_model: None,
        path,
        is_stream: false,
        http_status: Some(status.as_u16()),
        error_code: error.kind.row().0.to_owned(),
        error_message: error.message.clone(),
        ip_address: meta.ip(),
        user_agent: meta.user_agent.clone(),
    };
    app.engine.record_refused(refused).await;
    outcome
}
