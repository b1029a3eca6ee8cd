//! Requests at a fixed rate.
//!
//! Each of some threads has every so-manieth request for its own. They block: a thread that sleeps until its
//! request is due wakes within some 60 µs, while the timers of tokio go by the millisecond, which is several times
//! what is to be measured.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Context;
use tokio::time::Instant;

use crate::exchange::{Answer, PATIENCE};
use crate::report::{Report, Samples};
use crate::target::Target;
use crate::watch::micros;

/// So many requests may be under way at a time; one that is due while they all are waits, and the wait counts.
const THREADS: u32 = 16;

/// Sends requests at this rate for so long.
pub(crate) fn run(target: &Target, rate: f64, seconds: f64) -> Report {
    let count = (rate * seconds) as u32;
    let begin = Instant::now() + Duration::from_millis(50);
    let gap = Duration::from_secs_f64(1.0 / rate);
    let mut samples = Samples::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|nth| {
                let dues = (nth..count).step_by(THREADS as usize).map(move |at| begin + gap * at);
                scope.spawn(move || send_each(target, dues))
            })
            .collect();
        for thread in threads {
            samples.add(thread.join().unwrap_or_default());
        }
    });
    samples.in_time = samples.latencies.len() as u64;
    samples.report(begin.elapsed())
}

fn send_each(target: &Target, dues: impl Iterator<Item = Instant>) -> Samples {
    let mut samples = Samples::default();
    let mut connection = None;
    for due in dues {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        samples.late.push(micros(due.elapsed()));
        match exchange(target, &mut connection) {
            Ok(answer) => answer.note(due, &mut samples),
            Err(error) => samples.fail(&error),
        }
    }
    samples
}

fn exchange(target: &Target, kept: &mut Option<TcpStream>) -> anyhow::Result<Answer> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => connect(target).context("connecting")?,
    };
    connection.write_all(&target.request).context("sending")?;
    let mut answer = Answer::new(target.is_stream);
    let mut buffer = [0; 16 << 10];
    loop {
        let read = connection.read(&mut buffer).context("reading")?;
        if answer.take(&buffer[..read])? {
            break;
        }
    }
    if !answer.closes() {
        *kept = Some(connection);
    }
    Ok(answer)
}

fn connect(target: &Target) -> std::io::Result<TcpStream> {
    let connection = TcpStream::connect(target.address)?;
    connection.set_nodelay(true)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    Ok(connection)
}
