//! What the caller is told of a call that ends without an answer, and its record.

use tollgate_domain::failure::{Failure, FailureClass};

use super::Course;
use crate::account::{RefusedCall, name};
use crate::attempt::Ended;
use crate::error::{CallError, KeyRefusal};
use crate::pool::Try;
use crate::record::{Recorded, Slot};

impl Course {
    /// Records that the call ends before any attempt; answers what the caller is told.
    pub(super) async fn refuse(&mut self, slot: Slot, error: CallError) -> CallError {
        let status = self.core.status_of(self.call.path, &error);
        let mut log = RefusedCall::new(&self.call, &error, status).into_log(self.core.clock.now());
        let route = &self.legs[0].route;
        log.provider_id = Some(route.provider.provider.id);
        log.model_code = Some(name(&route.model_code));
        log.routing = self.why.take();
        told_once(slot.send(log), error).await
    }

    /// The call ends with its last failure.
    pub(super) async fn give_up(&mut self, mut ended: Ended) -> CallError {
        let error = self.told(&ended.failure);
        ended.tell_rest(self.why.take());
        let recorded = ended.ends_call(self.core.status_of(self.call.path, &error));
        told_once(recorded, error).await
    }

    /// What the caller is told when `failure` was the last.
    fn told(&self, failure: &Failure) -> CallError {
        use FailureClass as Class;
        match failure.class {
            Class::ClientFault | Class::ContextTooLong | Class::ContentRefused => {
                CallError::Rejected(failure.clone())
            }
            Class::ModelMissing => {
                CallError::ModelNotFound { model: self.leg().route.model_code.clone() }
            }
            Class::KeyRefused
            | Class::KeyDeniedForModel
            | Class::QuotaSpent
            | Class::RateLimited => self.no_key(),
            Class::Silent | Class::Deadline => CallError::Timeout(failure.clone()),
            Class::Overloaded | Class::Transient | Class::AfterContent | Class::CallerLeft => {
                CallError::Provider(failure.clone())
            }
        }
    }

    /// No target that the call came to has a key left that could carry it.
    pub(super) fn no_key(&self) -> CallError {
        let (mut providers, mut keys): (Vec<String>, Vec<KeyRefusal>) = Default::default();
        let seen = self.legs.iter().enumerate().take(self.seen);
        // Not of those that no failure leads to.
        for (place, leg) in seen.filter(|(place, leg)| *place == 0 || leg.takes_over_failures()) {
            let provider = &leg.route.provider;
            let wanted = |key| !leg.has_tried(key);
            let ask = self.ask(place, Try::Again);
            keys.extend(provider.pool.refusals(&provider.keys, &ask, wanted));
            if !providers.contains(&provider.provider.code) {
                providers.push(provider.provider.code.clone());
            }
        }
        let now = self.core.clock.now();
        let first = keys.iter().filter_map(|key| key.available_at).min();
        let retry_after = first.map(|at| (at - now).to_std().unwrap_or_default());
        CallError::NoAvailableKey { providers, retry_after, keys }
    }
}

/// `error`, once it is on record; another one where it cannot be.
pub(super) async fn told_once(recorded: Recorded, error: CallError) -> CallError {
    recorded.wait().await.map_or_else(CallError::from, |()| error)
}
