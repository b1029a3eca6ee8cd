//! What an answer's headers tell of where it comes from.

use actix_web::HttpResponseBuilder;
use tollgate_domain::NanoUsd;
use tollgate_domain::caller::Caller;
use tollgate_domain::model::Lifecycle;
use tollgate_domain::user::Role;
use tollgate_gateway::ReplyHead;

/// Writes `x-tollgate-*`; which key it was is for admins alone.
pub(crate) fn tell(response: &mut HttpResponseBuilder, head: &ReplyHead, caller: &Caller) {
    response
        .insert_header(("x-tollgate-provider", head.provider_code.as_str()))
        .insert_header(("x-tollgate-attempts", head.attempts.to_string()));
    if let Some(lifecycle) = head.lifecycle.filter(|lifecycle| *lifecycle != Lifecycle::Active) {
        response.insert_header(("x-tollgate-model-lifecycle", lifecycle.as_str()));
    }
    if let Some(key) = head.key_id.filter(|_| caller.role == Role::Admin) {
        response.insert_header(("x-tollgate-key-id", key.to_string()));
    }
}

/// Writes what a whole answer cost, in dollars; nothing where it is unpriced.
pub(crate) fn tell_cost(response: &mut HttpResponseBuilder, cost: Option<NanoUsd>) {
    if let Some(cost) = cost {
        response.insert_header(("x-tollgate-cost-usd", cost.to_string()));
    }
}
