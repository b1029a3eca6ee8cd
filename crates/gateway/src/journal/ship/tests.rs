use std::fs;

use parking_lot::Mutex;
use tokio::task::JoinSet;

use super::*;
use crate::journal::testing::{log, options};
use crate::journal::{Journal, JournalOptions, Parts};
use crate::record::Records;

const MAX_ROWS: usize = 2_000;

/// How a write fails.
type Failure = fn() -> ShipError;

/// Keeps batches of rows, by their attempts' numbers; fails as told.
#[derive(Clone, Default)]
struct Table {
    batches: Arc<Mutex<Vec<Vec<i32>>>>,
    position: Arc<Mutex<Option<JournalPosition>>>,
    /// How many writes are still to fail, and how.
    failures: Arc<Mutex<(u32, Option<Failure>)>>,
    /// A row that is never taken.
    poison: Option<i32>,
    /// A row that the driver panics at.
    panics: Option<i32>,
}

impl Sink for Table {
    fn rows_at_once(&self) -> usize {
        MAX_ROWS
    }

    async fn ship(&self, position: JournalPosition, rows: &[ApiLog]) -> Result<(), ShipError> {
        {
            let mut failures = self.failures.lock();
            if failures.0 > 0 {
                failures.0 -= 1;
                return Err(failures.1.unwrap()());
            }
        }
        let numbers: Vec<i32> = rows.iter().map(|row| row.attempt).collect();
        assert!(!numbers.iter().any(|number| Some(*number) == self.panics), "what a driver may do");
        if numbers.iter().any(|number| Some(*number) == self.poison) {
            return Err(ShipError::Refused("refused".to_owned()));
        }
        if !numbers.is_empty() {
            self.batches.lock().push(numbers);
        }
        *self.position.lock() = Some(position);
        Ok(())
    }

    async fn position(&self, _: &str) -> Result<Option<JournalPosition>, ShipError> {
        Ok(self.position.lock().clone())
    }
}

impl Table {
    fn failing(count: u32, how: Failure) -> Self {
        Self { failures: Arc::new(Mutex::new((count, Some(how)))), ..Self::default() }
    }

    fn rows(&self) -> Vec<i32> {
        self.batches.lock().concat()
    }
}

fn away() -> ShipError {
    ShipError::Away("away".to_owned())
}

fn unable() -> ShipError {
    ShipError::Unable("no such column".to_owned())
}

async fn record(records: &Records, numbers: impl IntoIterator<Item = i32>) {
    for number in numbers {
        records.reserve().expect("there is room").send(log(number)).wait().await.unwrap();
    }
}

/// Runs `test` beside a writer and a shipper to `table`.
async fn beside_a_shipper(folder: &tempfile::TempDir, table: &Table, test: impl AsyncFn(&Records)) {
    let options = JournalOptions { max_bytes: 16 << 20, ..options(folder.path()) };
    let shipped = table.position.lock().clone();
    let parts = Journal::open(options).unwrap().begin(shipped.as_ref()).unwrap();
    let Parts { room, writer, sender, shipper, keeper, .. } = parts;
    let records = Records::new(room, sender, None);
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(writer.run());
    tasks.spawn(keeper.run());
    tasks.spawn(shipper.run(table.clone(), stop.clone()));
    test(&records).await;
    stop.cancel();
    records.close().await;
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The files with this extension, the oldest first.
fn files(folder: &tempfile::TempDir, extension: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    files.sort();
    files
}

#[tokio::test(start_paused = true)]
async fn a_row_is_written_within_a_tenth_of_a_second_with_those_that_came_meanwhile() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, [1]).await;
        sleep(Duration::from_millis(50)).await;
        record(records, [2, 3]).await;
        assert_eq!(table.rows(), Vec::<i32>::new());
        sleep(Duration::from_millis(60)).await;
        assert_eq!(*table.batches.lock(), [[1, 2, 3]]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn many_rows_are_written_in_batches_in_their_order() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..2_500).await;
        records.flush().await;
        let stats = records.stats();
        assert_eq!((stats.backlog_records, stats.backlog_bytes, stats.oldest_at), (0, 0, None));
    })
    .await;

    assert_eq!(table.rows(), (0..2_500).collect::<Vec<_>>());
    assert!(table.batches.lock().iter().all(|batch| batch.len() <= MAX_ROWS));
}

#[tokio::test(start_paused = true)]
async fn rows_wait_for_a_database_that_is_away_or_takes_nothing() {
    for how in [away, unable] {
        let (folder, table) = (folder(), Table::failing(12, how));
        beside_a_shipper(&folder, &table, async |records| {
            record(records, 0..10).await;
            sleep(Duration::from_secs(1)).await;
            let stats = records.stats();
            assert_eq!((stats.backlog_records, stats.is_shipping), (10, false));
            assert!(stats.oldest_at.is_some());
            record(records, 10..20).await;

            records.flush().await;

            assert!(records.stats().is_shipping);
        })
        .await;

        assert_eq!(table.rows(), (0..20).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_the_database_refuses_takes_no_other_with_it_and_is_kept() {
    let poisons = [
        Table { poison: Some(3), ..Table::default() },
        Table { panics: Some(3), ..Table::default() },
    ];
    for table in poisons {
        let folder = folder();
        beside_a_shipper(&folder, &table, async |records| {
            record(records, 0..8).await;
            records.flush().await;
            assert_eq!(records.stats().rejected, 1);
        })
        .await;

        assert_eq!(table.rows(), [0, 1, 2, 4, 5, 6, 7]);
        let kept = fs::read_to_string(folder.path().join("rejected.jsonl")).unwrap();
        let kept: serde_json::Value = serde_json::from_str(kept.trim_end()).unwrap();
        assert_eq!((&kept["attempt"], &kept["record"]["message"]), (&3.into(), &"row 3".into()));
    }
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_where_the_last_one_was() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..5).await;
        records.flush().await;
    })
    .await;
    *table.failures.lock() = (1_000, Some(away));
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 5..10).await;
        sleep(Duration::from_secs(30)).await;
        assert_eq!(records.stats().backlog_records, 5);
    })
    .await;
    table.failures.lock().0 = 0;

    beside_a_shipper(&folder, &table, async |records| {
        assert_eq!(records.stats().backlog_records, 5);
        record(records, 10..12).await;
        records.flush().await;
    })
    .await;

    assert_eq!(table.rows(), (0..12).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_a_start_did_not_wait_for_is_shipped_afterwards() {
    let (folder, table) = (folder(), Table::failing(u32::MAX, away));
    beside_a_shipper(&folder, &table, async |records| record(records, 0..10).await).await;
    let parts = Journal::open(options(folder.path())).unwrap().begin(None).unwrap();
    let Parts { room, writer, sender, mut shipper, .. } = parts;
    let records = Records::new(room, sender, None);
    let mut tasks = JoinSet::new();
    tasks.spawn(writer.run());

    shipper.catch_up(&table, Duration::from_secs(1)).await;
    *table.failures.lock() = (0, None);
    tasks.spawn(shipper.run(table.clone(), CancellationToken::new()));
    records.flush().await;

    assert_eq!(table.rows(), (0..10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_the_database_lost_is_written_again() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..5).await;
        records.flush().await;
        let kept = table.position.lock().clone();
        record(records, 5..9).await;
        records.flush().await;
        // As a server does that broke down before its log was on the disk.
        *table.position.lock() = kept;
        table.batches.lock().pop();
        record(records, [9]).await;
        records.flush().await;
    })
    .await;

    assert_eq!(table.rows(), (0..10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_was_shipped_before_a_loss_of_power_does_not_hide_what_is_written_after_it() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..5).await;
        records.flush().await;
    })
    .await;
    let segments = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let segments = segments.filter(|path| path.extension().is_some_and(|it| it == "segment"));
    segments.for_each(|path| fs::remove_file(path).unwrap());

    beside_a_shipper(&folder, &table, async |records| {
        record(records, 5..7).await;
        records.flush().await;
    })
    .await;

    assert_eq!(table.rows(), (0..7).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn segments_are_removed_once_they_are_shipped_and_damaged_ones_kept_aside() {
    let (folder, table) = (folder(), Table::failing(u32::MAX, away));
    let files = |extension: &str| files(&folder, extension);
    let count = 12_000;
    beside_a_shipper(&folder, &table, async |records| record(records, 0..count).await).await;
    let segments = files("segment");
    assert!(segments.len() > 2, "{segments:?}");
    let mut bytes = fs::read(&segments[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&segments[1], bytes).unwrap();
    table.failures.lock().0 = 0;

    beside_a_shipper(&folder, &table, async |records| {
        assert_eq!(records.stats().backlog_records, count as u64 - 1);
        records.flush().await;
        record(records, [count]).await;
        records.flush().await;
        assert_eq!(records.stats().backlog_records, 0);
        sleep(KEPT * 2 + BATCH_WAIT).await;
    })
    .await;

    assert_eq!(table.rows().len(), count as usize, "all but the damaged one, and another one");
    assert_eq!((files("segment").len(), files("damaged").len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn segments_that_are_shipped_stay_until_the_database_surely_has_them() {
    let (folder, table) = (folder(), Table::default());
    let segments = || files(&folder, "segment").len();
    let count = 6_000;
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..count).await;
        records.flush().await;
        assert!(!records.stats().is_full && segments() > 1, "{}", segments());
        // As a server does that broke down before its log was on the disk.
        *table.position.lock() = None;
        table.batches.lock().clear();

        sleep(KEPT).await;
        records.flush().await;
        assert_eq!(table.rows(), (0..count).collect::<Vec<_>>());
        assert!(segments() > 1);

        sleep(KEPT * 2 + BATCH_WAIT).await;
        assert_eq!(segments(), 1);
    })
    .await;
    assert_eq!(table.rows().len(), count as usize);
}

#[tokio::test(start_paused = true)]
async fn processes_that_end_within_seconds_leave_no_more_than_two_segments() {
    let (folder, table) = (folder(), Table::default());
    for number in 0..6 {
        beside_a_shipper(&folder, &table, async |records| {
            record(records, [number]).await;
            records.flush().await;
        })
        .await;
        assert!(files(&folder, "segment").len() <= 2, "{number}");
    }

    assert_eq!(table.rows(), (0..6).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn segments_that_are_shipped_go_at_once_where_room_is_short() {
    let (folder, table) = (folder(), Table::default());
    beside_a_shipper(&folder, &table, async |records| {
        record(records, 0..6_000).await;
        records.flush().await;
        let shipped = files(&folder, "segment").len();
        assert!(shipped > 1);

        // A quarter of 16 MiB, and more.
        let places: Vec<_> = (0..140).map(|_| records.reserve().expect("there is room")).collect();
        sleep(KEPT / 2).await;

        assert_eq!(files(&folder, "segment").len(), 1);
        drop(places);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_journal_of_the_first_version_is_still_read() {
    let folder = folder();
    let golden = include_bytes!("golden-1.segment");
    fs::write(folder.path().join("0000000000000001.segment"), golden).unwrap();
    let parts = Journal::open(options(folder.path())).unwrap().begin(None).unwrap();
    let interrupted: Vec<_> = parts.interrupted.iter().map(|log| log.attempt).collect();
    drop(parts);
    let table = Table::default();

    beside_a_shipper(&folder, &table, async |records| records.flush().await).await;

    assert_eq!((table.rows(), interrupted), (vec![1, 2], vec![3]));
}
