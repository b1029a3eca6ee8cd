use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::journal::read::{Batch, Reader};
use crate::journal::testing::{full_log, log, options};
use crate::journal::{Journal, Parts, encode};

fn append(kind: Kind, number: i32) -> Append {
    let mut log = if number % 3 == 0 { full_log() } else { log(number) };
    log.attempt = number;
    Append {
        kind,
        attempt: (log.request_id, log.attempt),
        frame: encode(kind, &mut log),
        log: (kind == Kind::Record).then_some(log),
        kept: None,
        written: None,
    }
}

/// A writer of a journal in `folder` that is all there is.
fn writer(folder: &Path) -> (Arc<Room>, Writer) {
    let folder = Arc::new(Folder::take(folder).unwrap());
    let room = Arc::new(Room::new(options(folder.path())));
    let writer = Writer::new(folder, Arc::clone(&room), &Found::default(), Position::default());
    (room, writer.unwrap())
}

#[test]
fn a_disk_that_is_full_of_what_the_database_has_is_freed() {
    let folder = tempfile::tempdir().unwrap();
    let segment = |number: u64| folder.path().join(format!("{number:016}.segment"));
    let open = || Journal::open(options(folder.path())).unwrap();
    let (room, mut writer) = writer(folder.path());
    writer.group = vec![append(Kind::Start, 1), append(Kind::Record, 2)];
    writer.append_group();
    let shipped = writer.end();
    room.ship(shipped, shipped.offset, 1);
    // No other segment can be made.
    fs::create_dir(segment(2)).unwrap();
    room.set_writable(false);

    writer.group = vec![append(Kind::Record, 3)];
    writer.append_group();
    writer.take(Message::Retry);

    assert!(!room.is_writable());
    assert_eq!((fs::metadata(segment(1)).unwrap().len(), room.stats().used_bytes), (0, 0));

    fs::remove_dir(segment(2)).unwrap();
    writer.take(Message::Retry);

    assert!(room.is_writable() && segment(2).exists());
    drop(writer);
    let shipped = shipped.of_journal("");
    let Parts { room, interrupted, .. } = open().begin(Some(&shipped)).unwrap();
    let interrupted: Vec<i32> = interrupted.iter().map(|log| log.attempt).collect();
    assert_eq!((interrupted, room.stats().backlog_records), (vec![1], 1));
}

/// All that there is behind `at`: records, where each ends, and how many bytes.
fn all(
    tail: Position,
    mut at: Position,
    mut next: impl FnMut(Position) -> Batch,
) -> (Vec<ApiLog>, Vec<Position>, u64) {
    let (mut logs, mut ends, mut bytes) = (Vec::new(), Vec::new(), 0);
    while at < tail {
        let batch = next(at);
        assert!(batch.end > at && batch.logs.len() == batch.ends.len());
        assert_eq!(batch.first_at.is_some(), !batch.logs.is_empty());
        logs.extend(batch.logs);
        ends.extend(batch.ends.into_iter().map(|(end, _)| end));
        (at, bytes) = (batch.end, bytes + batch.bytes);
    }
    (logs, ends, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn memory_has_what_the_files_have_behind_any_record(
        groups in prop::collection::vec(prop::collection::vec(any::<bool>(), 1..40), 1..30),
        behind in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (room, mut writer) = writer(folder.path());
        let mut number = 0;
        for group in groups {
            let kind = |is_start: bool| if is_start { Kind::Start } else { Kind::Record };
            let appends = group.into_iter().map(|is_start| {
                number += 1;
                append(kind(is_start), number)
            });
            writer.group = appends.collect();
            writer.append_group();
        }
        let (tail, begin) = (writer.end(), Position { segment: 1, offset: 0 });
        let read = |at| {
            let mut reader = Reader::new(Arc::clone(&writer.folder), at);
            all(tail, at, |_| reader.read(tail, 2_000).unwrap())
        };
        let (_, ends, _) = read(begin);
        let at = if ends.is_empty() { begin } else { *behind.get(&ends) };

        prop_assert_eq!(all(tail, at, |at| room.recent.take(at, 7).unwrap()), read(at));
        prop_assert!(room.recent.take(tail, 1).is_none());
        // What was taken has to be read from then on.
        prop_assert!(at == tail || room.recent.take(begin, 1).is_none());
    }
}

#[test]
fn a_shipper_that_is_far_behind_reads_the_files_until_it_has_caught_up() {
    let folder = tempfile::tempdir().unwrap();
    let (room, mut writer) = writer(folder.path());
    let mut ends = Vec::new();
    for number in 0..7_000 {
        ends.push(writer.end());
        writer.group = vec![append(Kind::Record, number)];
        writer.append_group();
    }

    assert!(room.recent.take(Position { segment: 1, offset: 0 }, 1).is_none());
    let batch = room.recent.take(ends[3_000], 9).unwrap();
    assert_eq!((batch.logs.len(), batch.logs[0].attempt, batch.end), (9, 3_000, ends[3_009]));
}
