use std::fs;
use std::path::Path;

use super::*;
use crate::journal::testing::{log, options};
use crate::journal::{Journal, Parts, encode};

fn append(kind: Kind, number: i32) -> Append {
    let log = log(number);
    Append {
        kind,
        attempt: (log.request_id, log.attempt),
        frame: encode(kind, &log),
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
