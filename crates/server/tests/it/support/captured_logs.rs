//! Everything that this process logs, of every crate and level, while somebody listens.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

static IS_ON: AtomicBool = AtomicBool::new(false);
static TEXT: Mutex<String> = Mutex::new(String::new());

/// Listens until it is asked what there was. Other tests of this process are heard too.
pub(crate) struct CapturedLogs(());

impl CapturedLogs {
    /// Begins to listen; one test at a time.
    pub(crate) fn start() -> Self {
        static INSTALLED: OnceLock<()> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            let filter = dynamic_filter_fn(|_, _| IS_ON.load(Ordering::Relaxed));
            let lines = fmt::layer().with_ansi(false).with_writer(Lines);
            tracing_subscriber::registry().with(lines.with_filter(filter)).init();
        });
        assert!(!IS_ON.swap(true, Ordering::Relaxed), "one test listens at a time");
        Self(())
    }

    /// Everything that was logged since.
    pub(crate) fn stop(self) -> String {
        IS_ON.store(false, Ordering::Relaxed);
        std::mem::take(&mut TEXT.lock().unwrap())
    }
}

impl Drop for CapturedLogs {
    fn drop(&mut self) {
        IS_ON.store(false, Ordering::Relaxed);
    }
}

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        TEXT.lock().unwrap().push_str(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}
