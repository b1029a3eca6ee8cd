//! One try of a call: from the moment its key is charged until it is on record.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::chat::{Answer, CallFacts, ChatCall, Endpoint, EventFacts};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::price::bill;
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, Clock};

use crate::account::{Progress, cut, name};
use crate::app_limits::Admission;
use crate::budget::Reservation;
use crate::key_state::Change;
use crate::pool::{Charge, Moment, Outcome};
use crate::record::{NotRecorded, Recorded, Slot};
use crate::reply::CallSummary;
use crate::snapshot::KeyEntry;
use crate::target::Route;

/// The error of a try that ended in a panic of ours.
const INTERNAL: &str = "internal";
/// The error of a try that was not made, because it could not be recorded.
const UNRECORDED: &str = "storage_unavailable";

/// A try under way. Dropping it means that the caller has left: the key is given free, and what
/// was used up to then is estimated and recorded as cancelled; or, in a panic, as an error.
pub(crate) struct Attempt {
    pub(crate) key: Arc<KeyEntry>,
    route: Route,
    clock: Arc<dyn Clock>,
    endpoint: Endpoint,
    facts: CallFacts,
    started: Instant,
    first_content: Option<Instant>,
    progress: Progress,
    /// The call that it is of, as its app token is charged with it.
    admission: Option<Arc<Admission>>,
    /// What is left to do when it ends; `None` once that is done.
    open: Option<Open>,
}

struct Open {
    charge: Charge,
    /// What is kept of the app token's budget for it.
    reservation: Option<Reservation>,
    slot: Slot,
    log: ApiLog,
}

/// A failed try whose record waits for whether another one follows. Dropping it means that the
/// caller has left meanwhile.
pub(crate) struct Ended {
    pub(crate) failure: Failure,
    record: Option<(Slot, ApiLog)>,
}

impl Attempt {
    /// The try number `number` of `call`, to be sent now with `key`.
    pub(crate) fn begin(
        call: &ChatCall,
        number: u32,
        route: &Route,
        key: Arc<KeyEntry>,
        charge: Charge,
        slot: Slot,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let log = row(call, number, route, Some(key.key.id), clock.now());
        Self {
            key,
            route: route.clone(),
            clock,
            endpoint: call.endpoint,
            facts: call.facts.clone(),
            started: Instant::now(),
            first_content: None,
            progress: Progress::default(),
            admission: None,
            open: Some(Open { charge, reservation: None, slot, log }),
        }
    }

    /// Notes how the call came to this key.
    pub(crate) fn routed(&mut self, routing: Option<serde_json::Value>) {
        if let Some(open) = &mut self.open {
            open.log.routing = routing;
        }
    }

    /// Counts it for an app token.
    pub(crate) fn counted(
        &mut self,
        admission: Option<Arc<Admission>>,
        reservation: Option<Reservation>,
    ) {
        if let Some(admission) = &admission {
            admission.attempted();
        }
        self.admission = admission;
        if let Some(open) = &mut self.open {
            open.reservation = reservation;
        }
    }

    /// Returns when it is on record that it is being made, where that has to be: of a stream, which
    /// a caller sees before it ends, and of what is on a budget.
    ///
    /// # Errors
    /// Where that cannot be recorded; then it must not be sent.
    pub(crate) async fn announced(&mut self) -> Result<(), NotRecorded> {
        let Some(open) = &mut self.open else { return Ok(()) };
        if !self.facts.is_stream && open.reservation.is_none() {
            return Ok(());
        }
        open.slot.start(&mut open.log).wait().await
    }

    /// It is not sent, and the caller gets `http_status`, because it cannot be recorded.
    pub(crate) fn unsent(mut self, http_status: Option<u16>) {
        let Some(open) = self.open.take() else { return };
        open.charge.settle(Outcome::Untold, 0, self.now());
        let (usage, source) = (TokenUsage::default(), UsageSource::Estimated);
        let mut log = self.fill(open.log, open.reservation, usage, source);
        log.is_final = true;
        log.http_status = http_status;
        log.error_code = Some(UNRECORDED.to_owned());
        drop(open.slot.send(log));
    }

    /// The provider told its key's limits.
    pub(crate) fn told(&self, limits: &KeyLimits) {
        if let Some(open) = &self.open {
            open.charge.told(limits);
        }
    }

    /// Takes in an event of the answer.
    pub(crate) fn event(&mut self, facts: &EventFacts) {
        self.progress.event(facts);
        if facts.has_content && self.first_content.is_none() {
            self.first_content = Some(Instant::now());
            let now = self.clock.now();
            if let Some(open) = &mut self.open {
                open.charge.answers(now);
            }
        }
    }

    /// Whether the answer has said why it ends.
    pub(crate) const fn is_finished(&self) -> bool {
        self.progress.finish_reason().is_some()
    }

    /// Takes in a whole answer.
    pub(crate) fn answer(&mut self, answer: &Answer) {
        self.progress.answer(&answer.facts);
        self.first_content = Some(Instant::now());
    }

    /// The answer is complete; the caller may have it once that is recorded.
    pub(crate) fn succeed(mut self) -> (CallSummary, Recorded) {
        let (usage, usage_source) = self.usage();
        let finish_reason = self.progress.finish_reason().cloned();
        let open = self.open.take().expect("an attempt ends once");
        if self.endpoint == Endpoint::Chat {
            let answered = usage.whole_completion() / self.facts.choices.unwrap_or(1).max(1);
            self.route.provider.pool.answered(&self.route.model_code, answered);
        }
        open.charge.settle(Outcome::Answered, usage.total(), self.now());
        let mut log = self.fill(open.log, open.reservation, usage, usage_source);
        log.is_final = true;
        log.status = CallStatus::Success;
        log.http_status = Some(200);
        let summary = CallSummary { usage, usage_source, cost: log.cost, finish_reason };
        (summary, open.slot.send(log))
    }

    /// It failed before any content. The change tells whether the key has to be checked.
    pub(crate) fn fail(mut self, failure: Failure) -> (Ended, Change) {
        let (usage, source) = self.progress.usage_without_answer();
        self.end(failure, usage, source)
    }

    /// It broke after content had gone to the caller, who has that much.
    pub(crate) fn break_off(mut self, failure: Failure) -> Ended {
        let (usage, source) = self.usage();
        let failure = Failure { class: FailureClass::AfterContent, ..failure };
        self.end(failure, usage, source).0
    }

    fn end(&mut self, failure: Failure, usage: TokenUsage, source: UsageSource) -> (Ended, Change) {
        let open = self.open.take().expect("an attempt ends once");
        if let Some(limits) = &failure.limits {
            open.charge.told(limits);
        }
        let outcome = Outcome::Failed(&failure, &self.route.model_code);
        let change = open.charge.settle(outcome, usage.total(), self.now());
        let mut log = self.fill(open.log, open.reservation, usage, source);
        // A good status is not what failed; the caller is told another one.
        log.http_status = failure.http_status.filter(|status| !(200..300).contains(status));
        log.error_code = Some(failure.class.as_str().to_owned());
        log.error_message = Some(cut(&failure.message));
        (Ended { failure, record: Some((open.slot, log)) }, change)
    }

    /// What was used up to now. Counting tokens uses none.
    fn usage(&self) -> (TokenUsage, UsageSource) {
        match self.endpoint {
            Endpoint::Chat | Endpoint::Embeddings => self.progress.usage(&self.facts),
            Endpoint::CountTokens => (TokenUsage::default(), UsageSource::Provider),
        }
    }

    /// Fills in what it used and cost, and settles that with the app token.
    fn fill(
        &self,
        mut log: ApiLog,
        reservation: Option<Reservation>,
        usage: TokenUsage,
        source: UsageSource,
    ) -> ApiLog {
        let (price_id, cost) = bill(self.route.prices(), &usage, log.created_at);
        if let Some(admission) = &self.admission {
            admission.used(usage.total());
        }
        match (reservation, cost) {
            (Some(reservation), Some(cost)) => reservation.settle(cost),
            (Some(reservation), None) => reservation.settle_whole(),
            (None, _) => {}
        }
        log.usage = usage;
        log.usage_source = source;
        log.price_id = price_id;
        log.cost = cost;
        log.latency_ms = millis(self.started, Instant::now());
        log.first_token_ms = self.first_content.map(|at| millis(self.started, at));
        log.finish_reason = self.progress.finish_reason().cloned();
        log
    }

    fn now(&self) -> Moment {
        Moment { instant: Instant::now(), utc: self.clock.now() }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let Some(open) = self.open.take() else { return };
        let (usage, source) = self.usage();
        open.charge.settle(Outcome::Untold, usage.total(), self.now());
        let mut log = self.fill(open.log, open.reservation, usage, source);
        log.is_final = true;
        if std::thread::panicking() {
            log.error_code = Some(INTERNAL.to_owned());
        } else {
            log.status = CallStatus::Cancelled;
            log.error_code = Some(FailureClass::CallerLeft.as_str().to_owned());
        }
        drop(open.slot.send(log));
    }
}

impl Ended {
    /// Notes what happened after it that no further try tells of.
    pub(crate) fn tell_rest(&mut self, rest: Option<serde_json::Value>) {
        let (Some((_, log)), Some(rest)) = (&mut self.record, rest) else { return };
        let told = log.routing.get_or_insert_with(|| serde_json::json!({}));
        told["then"] = rest;
    }

    /// Another try follows.
    pub(crate) fn goes_on(mut self) {
        if let Some((slot, log)) = self.record.take() {
            // What comes of the call waits for a later record, which is written behind this one.
            drop(slot.send(log));
        }
    }

    /// The call ends with it, and the caller gets `http_status`, which is recorded where the
    /// provider sent no bad status.
    pub(crate) fn ends_call(mut self, http_status: Option<u16>) -> Recorded {
        let (slot, mut log) = self.record.take().expect("a call ends once");
        log.is_final = true;
        log.http_status = log.http_status.or(http_status);
        slot.send(log)
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some((slot, mut log)) = self.record.take() {
            log.is_final = true;
            log.status = CallStatus::Cancelled;
            drop(slot.send(log));
        }
    }
}

/// The record of try number `number` of `call` before anything has come of it.
pub(crate) fn row(
    call: &ChatCall,
    number: u32,
    route: &Route,
    key: Option<ApiKeyId>,
    now: DateTime<Utc>,
) -> ApiLog {
    ApiLog {
        request_id: call.request_id,
        attempt: i32::try_from(number).unwrap_or(i32::MAX),
        is_final: false,
        created_at: call.request_id.arrived_at(),
        started_at: now,
        client_request_id: call.client_request_id.clone(),
        user_id: call.user_id,
        app_id: call.app_id,
        end_user: call.facts.end_user.clone(),
        provider_id: Some(route.provider.provider.id),
        key_id: key,
        model_code: Some(name(&route.model_code)),
        requested_model: call.facts.model.as_deref().map(name),
        endpoint: call.path.to_owned(),
        is_stream: call.facts.is_stream,
        status: CallStatus::Error,
        http_status: None,
        error_code: None,
        error_message: None,
        usage: TokenUsage::default(),
        usage_source: UsageSource::Estimated,
        price_id: None,
        cost: None,
        latency_ms: 0,
        first_token_ms: None,
        finish_reason: None,
        routing: None,
        ip_address: call.ip_address.clone(),
        user_agent: call.user_agent.clone(),
    }
}

fn millis(from: Instant, to: Instant) -> i64 {
    i64::try_from(to.saturating_duration_since(from).as_millis()).unwrap_or(i64::MAX)
}
