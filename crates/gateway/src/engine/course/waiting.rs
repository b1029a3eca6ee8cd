//! A call that waits for its first attempt, whose caller may leave meanwhile.

use tollgate_domain::api_log::CallStatus;
use tollgate_domain::failure::FailureClass;

use super::Course;
use crate::attempt::row;

impl Drop for Course {
    /// Puts it on record where the caller left before any attempt: a call that waited for its turn, or
    /// for its part of a budget.
    fn drop(&mut self) {
        let Some(slot) = self.waiting.take() else { return };
        let now = self.core.clock.now();
        let mut log = row(&self.call, 0, &self.legs[0].route, None, now);
        log.is_final = true;
        log.latency_ms = (now - log.created_at).num_milliseconds().max(0);
        log.routing = self.why.take();
        log.status = CallStatus::Cancelled;
        log.error_code = Some(FailureClass::CallerLeft.as_str().to_owned());
        drop(slot.send(log));
    }
}
