//! An answer with its delays and faults, as a list of steps.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;

use crate::behaviour::{Behaviour, Wire};
use crate::faults::{Fault, Interruption, Place, Rest, position};
use crate::gate::Gate;
use crate::render::{Piece, pieces};
use crate::reply::{Reply, ReplyBody};

/// One step of sending an answer.
#[derive(Debug)]
pub(crate) enum Step {
    /// Let time pass.
    Pause(Duration),
    /// Wait at a gate.
    Hold(Gate),
    /// Hand over these bytes.
    Send(Bytes),
    /// Have what was handed over written to the wire.
    Flush,
    /// Never go on; with a duration, send comments meanwhile.
    Stall(Option<Duration>),
    /// Break the connection.
    Cut,
}

/// All steps of an answer.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) before_head: VecDeque<Step>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) after_head: VecDeque<Step>,
}

impl Script {
    /// Puts a behaviour's delays, holds and fault into a reply.
    pub(crate) fn new(reply: Reply, behaviour: &Behaviour, key: &str, model: &str) -> Self {
        let Reply { status, mut headers, body } = reply;
        let fault = behaviour.fault.as_ref();
        let before_head = before_head(&body, behaviour, fault);
        let body = match fault {
            Some(fault) => fault.on_whole(body, key, model),
            None => body,
        };
        let is_stream = matches!(body, ReplyBody::Events(_));
        let pieces = pieces(body, &behaviour.wire);
        if !is_stream && !matches!(fault, Some(Fault::End(_))) {
            let length: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        if let Some(Ok(claimed)) = behaviour.wire.content_type.as_deref().map(HeaderValue::from_str)
        {
            headers.insert(CONTENT_TYPE, claimed);
        }
        let broken = fault
            .filter(|fault| fault.before_head().is_none())
            .and_then(|fault| Interruption::of(fault, &pieces, is_stream, key, model));
        let silence = behaviour.silence.filter(|_| is_stream);
        let after_head = after_head(pieces, behaviour, silence, broken);
        Self { before_head, status, headers, after_head }
    }
}

fn before_head(body: &ReplyBody, behaviour: &Behaviour, fault: Option<&Fault>) -> VecDeque<Step> {
    let mut delay = behaviour.latency.unwrap_or_default();
    if let ReplyBody::Whole { tokens, .. } = body {
        delay += behaviour.time_of(*tokens) + behaviour.silence.unwrap_or_default();
    }
    let pause = (!delay.is_zero()).then_some(Step::Pause(delay));
    let holds = behaviour.holds.iter().filter(|(place, _)| *place == Place::Head);
    let holds = holds.map(|(_, gate)| Step::Hold(gate.clone()));
    pause.into_iter().chain(holds).chain(fault.and_then(Fault::before_head)).collect()
}

fn after_head(
    pieces: Vec<Piece>,
    behaviour: &Behaviour,
    silence: Option<Duration>,
    mut broken: Option<Interruption>,
) -> VecDeque<Step> {
    let holds = behaviour.holds.iter().filter(|(place, _)| *place != Place::Head);
    let holds: Vec<(usize, &Gate)> =
        holds.map(|(place, gate)| (position(*place, &pieces), gate)).collect();
    let mut silence = silence.map(|time| (position(Place::Opening, &pieces), time));
    let mut steps = VecDeque::new();
    // One turn more than there are pieces, for what happens after the last.
    for (index, mut piece) in pieces.into_iter().map(Some).chain([None]).enumerate() {
        let here = holds.iter().filter(|(at, _)| *at == index);
        steps.extend(here.map(|(_, gate)| Step::Hold((*gate).clone())));
        if let Some((_, time)) = silence.take_if(|(at, _)| *at == index) {
            steps.extend([Step::Flush, Step::Pause(time)]);
        }
        if let Some(broken) = broken.take_if(|broken| broken.at == index) {
            steps.extend(broken.steps);
            match broken.rest {
                Rest::Follows => {}
                Rest::FollowsButOne => piece = None,
                Rest::IsDropped => break,
            }
        }
        if let Some(piece) = piece {
            send(&mut steps, piece, behaviour);
        }
    }
    while matches!(steps.back(), Some(Step::Flush | Step::Pause(_))) {
        steps.pop_back();
    }
    steps
}

fn send(steps: &mut VecDeque<Step>, piece: Piece, behaviour: &Behaviour) {
    let pause = behaviour.time_of(piece.tokens);
    if !pause.is_zero() {
        steps.push_back(Step::Pause(pause));
    }
    let Wire { bytes_at_a_time, piece_pause, .. } = behaviour.wire;
    let mut rest = piece.bytes;
    let most = bytes_at_a_time.unwrap_or(rest.len()).max(1);
    while !rest.is_empty() {
        steps.push_back(Step::Send(rest.split_to(most.min(rest.len()))));
        steps.push_back(Step::Flush);
        steps.extend(piece_pause.map(Step::Pause));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::reply::{Event, Part};

    #[test]
    fn a_silent_stream_has_sent_its_opening_when_it_falls_silent() {
        let time = Duration::from_secs(90);
        for (opening, sent_before) in [(None, 0), (Some(Part::Opening), 1)] {
            let parts = opening.into_iter().chain([Part::Content, Part::Finish]);
            let events = parts.map(|part| Event::new(part, &json!({}))).collect();

            let script =
                Script::new(Reply::events(events), &Behaviour::default().silence(time), "", "");

            assert!(script.before_head.is_empty());
            let is_pause = |step: &Step| matches!(step, Step::Pause(it) if *it == time);
            let before = script.after_head.iter().take_while(|step| !is_pause(step));
            let sent = before.filter(|step| matches!(step, Step::Send(_))).count();
            assert_eq!(sent, sent_before);
            assert!(script.after_head.iter().any(is_pause));
        }
    }
}
