use std::fs;
use std::path::Path;

use parking_lot::Mutex;
use tokio::task::JoinSet;

use super::*;
use crate::journal::testing::{log, options};
use crate::journal::{Journal, JournalOptions, Parts, WhenFull};

/// Records in a journal that nobody ships.
struct Given {
    records: Records,
    folder: tempfile::TempDir,
    seen: Arc<Mutex<Vec<i32>>>,
    _writing: JoinSet<()>,
}

fn given(change: impl FnOnce(&mut JournalOptions)) -> Given {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    change(&mut options);
    given_in(folder, options)
}

fn given_in(folder: tempfile::TempDir, options: JournalOptions) -> Given {
    let parts = Journal::open(options).unwrap().begin(None).unwrap();
    let Parts { room, writer, sender, .. } = parts;
    let seen: Arc<Mutex<Vec<i32>>> = Arc::default();
    let observed = Arc::clone(&seen);
    let observer: Observer = Arc::new(move |log: &ApiLog| observed.lock().push(log.attempt));
    let mut writing = JoinSet::new();
    writing.spawn(writer.run());
    Given { records: Records::new(room, sender, Some(observer)), folder, seen, _writing: writing }
}

impl Given {
    /// Returns when the writer has done what it is told.
    async fn tell(&self, message: Message) {
        let (told, end) = oneshot::channel();
        self.records.writer.send(message).unwrap();
        self.records.writer.send(Message::Mark(told)).unwrap();
        end.await.unwrap();
    }
}

/// What the next process finds: attempts without an end, and how many records.
fn found(folder: &Path) -> (Vec<ApiLog>, u64) {
    let parts = Journal::open(options(folder)).unwrap().begin(None).unwrap();
    (parts.interrupted, parts.room.stats().backlog_records)
}

#[tokio::test]
async fn a_record_is_in_the_journal_when_its_call_may_go_on() {
    let given = given(|_| {});

    given.records.reserve().unwrap().send(log(1)).wait().await.unwrap();

    let stats = given.records.stats();
    assert_eq!((stats.backlog_records, stats.dropped), (1, 0));
    assert_eq!(*given.seen.lock(), [1]);
    given.records.close().await;
    assert_eq!(found(given.folder.path()).1, 1);
}

#[tokio::test]
async fn a_journal_that_is_full_takes_no_call_and_has_a_place_for_each_that_it_took() {
    let given = given(|_| {});
    let slots: Vec<Slot> = std::iter::from_fn(|| given.records.reserve()).collect();
    assert!(slots.len() > 10 && !given.records.has_room());

    let count = slots.len();
    for slot in slots {
        slot.start(&mut log(1)).wait().await.unwrap();
        slot.send(log(1)).wait().await.unwrap();
    }

    let stats = given.records.stats();
    assert_eq!((stats.backlog_records, stats.is_full), (count as u64, false));
    assert!(stats.used_bytes <= stats.max_bytes);
    assert!(given.records.has_room());
}

#[tokio::test]
async fn a_journal_that_drops_what_does_not_fit_counts_it() {
    let given = given(|options| options.when_full = WhenFull::Drop);
    let slots: Vec<Slot> = (0..200).map(|_| given.records.reserve().unwrap()).collect();
    let fitting = slots.iter().filter(|slot| slot.kept.is_some()).count() as u64;
    assert!(fitting < 200 && given.records.has_room() && given.records.stats().is_full);

    for (number, slot) in (0..).zip(slots) {
        slot.start(&mut log(number)).wait().await.unwrap();
        slot.send(log(number)).wait().await.unwrap();
    }

    let stats = given.records.stats();
    assert_eq!((stats.backlog_records, stats.dropped), (fitting, 200 - fitting));
    assert_eq!(*given.seen.lock(), (0..200).collect::<Vec<_>>(), "the metrics have all of them");
}

#[tokio::test]
async fn a_disk_that_fails_stops_calls_until_it_works_again_and_loses_no_record() {
    let given = given(|_| {});
    let (one, other) = (given.records.reserve().unwrap(), given.records.reserve().unwrap());
    // Nothing can be made any more: the writer is to believe that its disk fails.
    let away = given.folder.path().with_extension("away");
    fs::rename(given.folder.path(), &away).unwrap();
    given.tell(Message::SyncFailed(std::io::Error::other("EIO"))).await;

    assert_eq!(one.send(log(1)).wait().await, Err(NotRecorded));
    assert!(given.records.reserve().is_none() && !given.records.has_room());
    given.tell(Message::Retry).await;
    assert_eq!(other.send(log(2)).wait().await, Err(NotRecorded));
    assert!(!given.records.stats().is_writable);

    fs::rename(&away, given.folder.path()).unwrap();
    given.tell(Message::Retry).await;
    given.records.settled().await;

    let stats = given.records.stats();
    assert!(stats.is_writable && given.records.has_room());
    assert_eq!(stats.backlog_records, 2);
    given.records.close().await;
    assert_eq!(found(given.folder.path()).1, 2);
}

#[tokio::test]
async fn an_attempt_that_began_and_did_not_end_is_recorded_as_interrupted() {
    let given = given(|_| {});
    let (mut begun, mut ended) = (log(1), log(2));
    given.records.reserve().unwrap().start(&mut begun).wait().await.unwrap();
    let slot = given.records.reserve().unwrap();
    slot.start(&mut ended).wait().await.unwrap();
    slot.send(ended).wait().await.unwrap();
    given.records.close().await;

    let interrupted = found(given.folder.path()).0;

    let told: Vec<_> = interrupted
        .iter()
        .map(|log| (log.request_id, log.attempt, log.is_final, log.error_code.as_deref()))
        .collect();
    assert_eq!(told, [(begun.request_id, 1, true, Some("interrupted"))]);
    assert_eq!((interrupted[0].cost, interrupted[0].usage.total()), (None, 0));
    assert_eq!(*given.seen.lock(), [2], "a start is no record");
}

#[tokio::test]
async fn a_call_has_one_final_record_whatever_became_of_its_earlier_attempts() {
    let given = given(|_| {});
    let of = |attempt, is_final, call: &ApiLog| ApiLog { attempt, is_final, ..call.clone() };
    let (one, other) = (log(1), log(1));
    for (call, ended) in [(&one, true), (&other, false)] {
        // The record of the first attempt is as if it had never been written.
        given.records.reserve().unwrap().start(&mut of(1, false, call)).wait().await.unwrap();
        let slot = given.records.reserve().unwrap();
        slot.start(&mut of(2, false, call)).wait().await.unwrap();
        if ended {
            slot.send(of(2, true, call)).wait().await.unwrap();
        }
    }
    given.records.close().await;

    let interrupted = found(given.folder.path()).0;

    let mut told: Vec<_> =
        interrupted.iter().map(|log| (log.request_id, log.attempt, log.is_final)).collect();
    told.sort_unstable();
    let mut expected =
        [(one.request_id, 1, false), (other.request_id, 1, false), (other.request_id, 2, true)];
    expected.sort_unstable();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_start_outlives_the_segment_that_it_is_in() {
    let given = given(|_| {});
    let mut long = log(1);
    let slot = given.records.reserve().unwrap();
    slot.start(&mut long).wait().await.unwrap();
    for number in 0..1_500 {
        given.records.reserve().unwrap().send(log(number)).wait().await.unwrap();
    }
    let before = given.records.stats().used_bytes;

    // All of it is in the database.
    let tail = *given.records.room.tail.borrow();
    assert!(tail.segment > 2, "{tail}");
    given.records.writer.send(Message::Shipped(tail.segment)).unwrap();
    given.records.close().await;

    assert!(given.records.stats().used_bytes < before / 2);
    let interrupted = found(given.folder.path()).0;
    assert_eq!(interrupted.len(), 1);
    assert_eq!(interrupted[0].request_id, long.request_id);
}

#[tokio::test]
async fn a_write_that_was_not_finished_is_cut_off_at_the_next_start() {
    for rest in
        [&[0; 5_000][..], &[0xF5, b'T'], &[0xF5, b'T', b'G', b'1', 0, 2, 0, 0, 1, 1, 1, 1, 1]]
    {
        let given = given(|_| {});
        given.records.reserve().unwrap().send(log(1)).wait().await.unwrap();
        given.records.close().await;
        let segment = given.folder.path().join("0000000000000001.segment");
        let mut bytes = fs::read(&segment).unwrap();
        let whole = bytes.len();
        bytes.extend_from_slice(rest);
        fs::write(&segment, bytes).unwrap();

        assert_eq!(found(given.folder.path()).1, 1);

        assert_eq!(fs::metadata(&segment).unwrap().len(), whole as u64);
    }
}

#[tokio::test]
async fn nobody_waits_for_a_writer_that_is_gone() {
    let given = given(|_| {});
    let slot = given.records.reserve().unwrap();
    given.records.close().await;

    assert_eq!(slot.send(log(1)).wait().await, Err(NotRecorded));
    assert!(given.records.reserve().is_none() && !given.records.has_room());
    given.records.flush().await;
}
