//! Every recorded file of every provider, played to the callers of every dialect.
//!
//! What the callers get is in `tests/golden/replay`; what is noted down of each is in its
//! `notes.txt`.

mod errors;
mod others;
mod play;
mod requests;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use bytes::Bytes;
use tollgate_domain::chat::Dialect;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::protocol;

use crate::golden::{Golden, files, pretty};
use crate::laws::Said;
use crate::schema::assert_valid;
use crate::support::{ask, events, fixture, json_of, replay_by};

pub(crate) use play::{
    Played, answer, facts_of, note_of_failure, play, played_stream, sse, streamed_answer,
};
pub(crate) use requests::{PROTOCOLS, sent, sent_to};
pub(crate) use table::{Kind, Recorded, recorded};

/// Callers of every dialect, and what tells their results apart.
pub(crate) const CALLERS: [(Dialect, &str); 2] =
    [(Dialect::OpenAi, "openai"), (Dialect::Anthropic, "anthropic")];

/// The recordings of that kind.
fn of_kind(kind: Kind) -> impl Iterator<Item = Recorded> {
    recorded().into_iter().filter(move |recorded| recorded.kind == kind)
}

/// Adds what a caller got to what is expected: the bytes where they are not the provider's own,
/// and the note.
pub(crate) fn check(
    golden: &mut Golden,
    notes: &mut String,
    name: &str,
    body: &Bytes,
    played: &Played,
) {
    let sent = str::from_utf8(body).unwrap().replace("data: [DONE]\n\n", "");
    let is_relayed = sent.trim() == played.text.trim();
    notes.push_str(&format!("{name}: {}", played.note));
    notes.push_str(if is_relayed { " (relayed)\n" } else { "\n" });
    if !is_relayed && !played.text.is_empty() {
        let is_stream = name.ends_with(".sse");
        let text = if is_stream { played.text.clone() } else { pretty(&played.text) };
        golden.check(name, &text);
    }
}

/// Panics unless what an OpenAI caller got meets OpenAI's schema.
pub(crate) fn assert_openai(text: &str, is_stream: bool) {
    if !is_stream {
        return assert_valid("CreateChatCompletionResponse", &json_of(text.as_bytes()));
    }
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        assert_valid("CreateChatCompletionStreamResponse", &json_of(data.as_bytes()));
    }
}

#[test]
fn every_recorded_file_has_its_row() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
    let name = |file: &Path| file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    let on_disk: BTreeSet<String> = files(folder).iter().map(|file| name(file)).collect();
    let in_table: Vec<String> = recorded().into_iter().map(|recorded| recorded.name).collect();

    assert_eq!(on_disk, in_table.iter().cloned().collect());
    assert_eq!(on_disk.len(), in_table.len(), "a file has two rows");
}

#[test]
fn every_recorded_answer_and_stream_is_what_each_caller_should_get() {
    let mut golden = Golden::new("replay");
    let mut notes = String::new();
    for (kind, end) in [(Kind::Answer, "json"), (Kind::Stream, "sse")] {
        for recorded in of_kind(kind) {
            let body = fixture(&recorded.name);
            for (dialect, caller) in CALLERS {
                let call = ask(dialect, kind == Kind::Stream);
                let played = play(recorded.protocol(), &call, &body);
                if dialect == Dialect::OpenAi && !played.text.is_empty() {
                    assert_openai(&played.text, kind == Kind::Stream);
                }
                let stem = recorded.name.rsplit_once('.').unwrap().0;
                let name = format!("{stem}.{caller}.{end}");
                check(&mut golden, &mut notes, &name, &body, &played);
            }
        }
    }
    for recorded in of_kind(Kind::List) {
        let body = fixture(&recorded.name);
        for (dialect, caller) in CALLERS {
            let (items, end) = streamed_answer(recorded.protocol(), &ask(dialect, true), &body);
            let stem = recorded.name.rsplit_once('.').unwrap().0;
            let played = played_stream((items, end));
            check(&mut golden, &mut notes, &format!("{stem}.{caller}.sse"), &body, &played);
        }
    }
    golden.check("notes.txt", &notes);
    golden.finish();
}

#[test]
fn a_recorded_stream_cut_at_any_byte_is_the_same_to_each_caller() {
    for recorded in of_kind(Kind::Stream) {
        let (body, protocol) = (fixture(&recorded.name), protocol(recorded.protocol()));
        for (dialect, caller) in CALLERS {
            let call = ask(dialect, true);
            let whole = replay_by(protocol, &call, [&body[..]]);
            assert_eq!(replay_by(protocol, &call, body.chunks(1)), whole, "{}", recorded.name);
            for cut in 1..body.len() {
                let (head, tail) = body.split_at(cut);
                let cut_up = replay_by(protocol, &call, [head, tail]);
                assert_eq!(cut_up, whole, "{} for {caller}, cut at {cut}", recorded.name);
            }
        }
    }
}

#[test]
fn every_event_is_one_line_with_a_name_where_the_dialect_has_names() {
    for recorded in of_kind(Kind::Stream) {
        let body = fixture(&recorded.name);
        for (dialect, _) in CALLERS {
            let (items, _) =
                replay_by(protocol(recorded.protocol()), &ask(dialect, true), [&body[..]]);
            for event in events(&items) {
                assert!(!event.data.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
                let kind = json_of(&event.data)["type"].clone();
                let named = event.name.as_deref().map(|name| str::from_utf8(name).unwrap());
                let expected = (dialect == Dialect::Anthropic).then(|| kind.as_str().unwrap());
                assert_eq!(named, expected, "{}", recorded.name);
            }
        }
    }
}

/// A whole answer where a stream was asked for, and the other way round, say the same.
#[test]
fn a_recording_of_one_form_answers_a_call_of_the_other_form_too() {
    // Gemini has an address for each form, and an answer of the other is none.
    let of_both = |it: &Recorded| it.kind == Kind::Answer || it.protocol() != ProtocolKind::Gemini;
    for recorded in of_kind(Kind::Answer).chain(of_kind(Kind::Stream)).filter(of_both) {
        let (body, protocol_kind) = (fixture(&recorded.name), recorded.protocol());
        for (dialect, caller) in CALLERS {
            let whole = answer(protocol_kind, &ask(dialect, false), &body);
            let (items, end) = match recorded.kind {
                Kind::Answer => streamed_answer(protocol_kind, &ask(dialect, true), &body),
                _ => replay_by(protocol(protocol_kind), &ask(dialect, true), [&body[..]]),
            };
            let name = format!("{} for {caller}", recorded.name);
            match (whole, end) {
                (Ok(whole), Ok(())) => {
                    assert_eq!(facts_of(&items).usage, whole.facts.usage, "{name}");
                    let assembled = Said::of_stream(dialect, &events(&items));
                    assert_eq!(
                        assembled,
                        Said::of_answer(dialect, &json_of(&whole.body)),
                        "{name}"
                    );
                }
                (Err(whole), Err(streamed)) => assert_eq!(whole.class, streamed.class, "{name}"),
                (whole, end) => panic!("{name}: {whole:?} but {end:?}"),
            }
        }
    }
}
