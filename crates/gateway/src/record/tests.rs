use parking_lot::Mutex;
use tollgate_domain::RequestId;

use super::*;
use crate::account::RefusedCall;
use crate::testing::noon;

/// Keeps batches of rows, by their messages; fails as told.
#[derive(Clone, Default)]
struct Table {
    batches: Arc<Mutex<Vec<Vec<String>>>>,
    /// How many writes are still to fail because the table is away.
    outages: Arc<Mutex<u32>>,
    /// A row that is never taken.
    poison: Option<&'static str>,
}

impl Sink for Table {
    async fn write(&self, rows: &[ApiLog]) -> Result<(), WriteError> {
        {
            let mut outages = self.outages.lock();
            if *outages > 0 {
                *outages -= 1;
                return Err(WriteError::Away("away".to_owned()));
            }
        }
        let names: Vec<String> = rows.iter().filter_map(|row| row.error_message.clone()).collect();
        assert!(!names.iter().any(|name| name == "panic"), "what a driver may do");
        if names.iter().any(|name| Some(name.as_str()) == self.poison) {
            return Err(WriteError::Refused("refused".to_owned()));
        }
        self.batches.lock().push(names);
        Ok(())
    }
}

impl Table {
    fn names(&self) -> Vec<String> {
        self.batches.lock().concat()
    }
}

fn row(name: impl Into<String>) -> ApiLog {
    let refused = RefusedCall {
        request_id: RequestId::new(noon()),
        client_request_id: None,
        user_id: None,
        app_id: None,
        end_user: None,
        requested_model: None,
        path: "/v1/chat/completions",
        is_stream: false,
        http_status: None,
        error_code: "not_found".to_owned(),
        error_message: name.into(),
        ip_address: None,
        user_agent: None,
    };
    refused.into_log(noon())
}

fn send(records: &Records, names: impl IntoIterator<Item = String>) {
    names.into_iter().for_each(|name| records.reserve().expect("there is room").send(row(name)));
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("row {number}")).collect()
}

/// Runs `test` beside a writer to `table`.
async fn beside_a_writer(capacity: usize, table: &Table, test: impl AsyncFn(&Records)) {
    let (records, writer) = queue(capacity, None);
    let stop = CancellationToken::new();
    let writing = writer.run(table.clone(), stop.clone());
    let testing = async {
        test(&records).await;
        stop.cancel();
    };
    tokio::join!(writing, testing);
}

#[tokio::test(start_paused = true)]
async fn a_row_is_written_within_a_tenth_of_a_second_with_those_that_came_meanwhile() {
    let table = Table::default();
    beside_a_writer(10, &table, async |records| {
        send(records, names(1));
        sleep(Duration::from_millis(50)).await;
        send(records, names(2));
        sleep(Duration::from_millis(60)).await;
        assert_eq!(*table.batches.lock(), [["row 0", "row 0", "row 1"]]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_holds_at_most_five_hundred_rows() {
    let table = Table::default();
    beside_a_writer(2_000, &table, async |records| {
        send(records, names(1_201));
        records.flush().await;
    })
    .await;

    let sizes: Vec<usize> = table.batches.lock().iter().map(Vec::len).collect();
    assert_eq!(sizes, [500, 500, 201]);
    assert_eq!(table.names(), names(1_201));
}

#[tokio::test(start_paused = true)]
async fn rows_wait_for_a_database_that_is_away_and_the_queue_is_bounded_meanwhile() {
    let table = Table { outages: Arc::new(Mutex::new(10)), ..Table::default() };
    beside_a_writer(4, &table, async |records| {
        send(records, names(1));
        sleep(Duration::from_secs(1)).await;
        send(records, names(4));
        assert!(records.reserve().is_none() && !records.has_room());

        records.flush().await;
        assert!(records.has_room());
    })
    .await;

    assert_eq!(table.names(), [names(1), names(4)].concat());
}

#[tokio::test(start_paused = true)]
async fn a_reserved_slot_is_never_taken_by_others() {
    let table = Table { outages: Arc::new(Mutex::new(1_000)), ..Table::default() };
    let (records, _writer) = queue(2, None);
    let kept = records.reserve().unwrap();
    send(&records, names(1));

    assert!(records.reserve().is_none());

    kept.send(row("kept"));
    assert_eq!(*table.outages.lock(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_the_database_refuses_takes_no_other_with_it() {
    let table = Table { poison: Some("row 3"), ..Table::default() };
    beside_a_writer(10, &table, async |records| {
        send(records, names(8));
        records.flush().await;
    })
    .await;

    let mut expected = names(8);
    expected.remove(3);
    assert_eq!(table.names(), expected);
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_when_the_end_comes_is_still_written() {
    let table = Table::default();
    beside_a_writer(10, &table, async |records| send(records, names(5))).await;

    assert_eq!(table.names(), names(5));
}

#[tokio::test(start_paused = true)]
async fn a_row_whose_writing_panics_takes_no_other_along() {
    let table = Table::default();
    beside_a_writer(10, &table, async |records| {
        send(records, ["row 0", "panic", "row 1"].map(str::to_owned));
        records.flush().await;
        send(records, ["row 2".to_owned()]);
        records.flush().await;
    })
    .await;

    assert_eq!(table.names(), ["row 0", "row 1", "row 2"]);
}
