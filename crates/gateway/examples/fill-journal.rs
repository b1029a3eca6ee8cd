//! Fills a journal with records that wait to be shipped, and tells how fast it took them:
//! `cargo run --release -p tollgate-gateway --features bench --example fill-journal -- FOLDER RECORDS [FSYNC] [CALLERS]`.
//!
//! FSYNC is `interval` (the default), `always` or `never`; 64 callers write at a time unless it is said otherwise.

use std::error::Error;
use std::io::Write;

use tollgate_domain::{Clock, SystemClock};
use tollgate_gateway::bench::fill_journal;
use tollgate_gateway::{Fsync, JournalOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, records, rest @ ..] = arguments.as_slice() else {
        return Err("give a folder and a number of records".into());
    };
    let fsync: Fsync = rest.first().map_or("interval", String::as_str).parse()?;
    let callers = rest.get(1).map_or(Ok(64), |text| text.parse())?;
    let options = JournalOptions { fsync, ..JournalOptions::new(folder) };
    let written = fill_journal(options, records.parse()?, callers, SystemClock.now()).await?;
    writeln!(
        std::io::stdout(),
        "{} records by {callers} callers at a time, fsync {}, in {:.1} s ({:.0}/s); a caller waited {:.2} ms at the \
         median, one of 100 more than {:.2} ms",
        written.records,
        fsync.as_str(),
        written.took.as_secs_f64(),
        written.records as f64 / written.took.as_secs_f64(),
        written.median_wait.as_secs_f64() * 1000.0,
        written.slow_wait.as_secs_f64() * 1000.0,
    )?;
    Ok(())
}
