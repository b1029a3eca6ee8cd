//! Any answer, of any protocol, to any caller.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use tollgate_domain::chat::Dialect;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::protocol;

use super::reply::{Reply, any_reply};
use super::said::Said;
use super::wire;
use crate::fixtures::{CALLERS, answer, facts_of, sse, streamed_answer};
use crate::support::{ask, events, json_of, replay_by};

fn any_protocol() -> impl Strategy<Value = ProtocolKind> {
    prop::sample::select(ProtocolKind::ALL.to_vec())
}

fn any_caller() -> impl Strategy<Value = Dialect> {
    prop::sample::select(CALLERS.map(|(dialect, _)| dialect).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The assembled stream equals the whole answer, and both are what the provider said.
    #[test]
    fn every_caller_is_told_what_the_provider_said_whole_or_streamed(
        kind in any_protocol(), dialect in any_caller(), reply in any_reply(), size in 1_usize..20,
    ) {
        let reply = reply.by(kind);
        let (whole, stream) = (wire::whole(kind, &reply), wire::streamed(kind, &reply, size));
        let body = Bytes::from(whole);

        let answer = answer(kind, &ask(dialect, false), &body).unwrap();
        let (streamed, end) = replay_by(protocol(kind), &ask(dialect, true), [stream.as_bytes()]);
        prop_assert!(end.is_ok(), "{:?}", end);
        let (late, end) = streamed_answer(kind, &ask(dialect, true), &body);
        prop_assert!(end.is_ok(), "{:?}", end);

        let said = Said::of_answer(dialect, &json_of(&answer.body));
        let assembled = Said::of_stream(dialect, &events(&streamed));
        prop_assert_eq!(Reply::told(dialect, &said), reply.clone());
        prop_assert_eq!(Reply::told(dialect, &assembled), reply.clone(), "{}", sse(&streamed));
        prop_assert_eq!(&Said::of_stream(dialect, &events(&late)), &said);
        for items in [&streamed, &late] {
            let facts = facts_of(items);
            prop_assert_eq!(facts.usage, answer.facts.usage);
            prop_assert_eq!(&facts.finish_reason, &answer.facts.finish_reason);
            prop_assert_eq!(facts.reasoning_bytes, answer.facts.reasoning_bytes);
        }
        let usage = answer.facts.usage.unwrap();
        let sum = reply.usage.prompt + reply.usage.cached + reply.usage.written
            + reply.usage.seen + reply.usage.thought;
        prop_assert_eq!(usage.total(), sum);
    }

    /// Any split of a stream into chunks gives the same events, whatever ends its lines and
    /// whatever comments stand between them.
    #[test]
    fn any_split_of_a_stream_gives_the_same_events(
        kind in any_protocol(), dialect in any_caller(), reply in any_reply(), size in 1_usize..20,
        cuts in vec(any::<prop::sample::Index>(), 0..8),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]), has_comments in any::<bool>(),
    ) {
        let mut stream = wire::streamed(kind, &reply.by(kind), size).replace("\r\n", "\n");
        if has_comments {
            stream = stream.replace("\n\n", "\n: hi\n\n").replace("data: ", "data:");
        }
        let stream = stream.replace('\n', line_end);
        let whole = replay_by(protocol(kind), &ask(dialect, true), [stream.as_bytes()]);
        prop_assert!(whole.1.is_ok());

        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|cut| &stream.as_bytes()[cut[0]..cut[1]]);
        prop_assert_eq!(&replay_by(protocol(kind), &ask(dialect, true), parts), &whole);
        let bytes = stream.as_bytes().chunks(1);
        prop_assert_eq!(&replay_by(protocol(kind), &ask(dialect, true), bytes), &whole);
    }
}
