//! How call records wait for the database.

use std::path::Path;

use tollgate_gateway::{Fsync, JournalOptions, LEAST_JOURNAL_BYTES, WhenFull};

use super::source::{Source, Variable};

const JOURNAL_MAX_BYTES: Variable = Variable::plain(
    "JOURNAL_MAX_BYTES",
    "4294967296",
    "how large the journal in DATA_DIR may become, in bytes; at least 1048576",
);
const JOURNAL_FSYNC: Variable = Variable::plain(
    "JOURNAL_FSYNC",
    "interval",
    "when the journal is made to outlast a loss of power: always (before each answer), interval (within a second) or never",
);
const JOURNAL_WHEN_FULL: Variable = Variable::plain(
    "JOURNAL_WHEN_FULL",
    "refuse",
    "what happens to calls when the journal is full or its disk fails: refuse, or drop (they are answered, and their records dropped and counted)",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[JOURNAL_MAX_BYTES, JOURNAL_FSYNC, JOURNAL_WHEN_FULL];

/// The folder in `DATA_DIR`.
const FOLDER: &str = "journal";
/// The folder of commands that make calls, which may run beside the server.
const COMMANDS_FOLDER: &str = "journal-of-commands";

/// How call records wait for the database.
#[derive(Clone, Copy, Debug)]
pub struct JournalConfig {
    /// `JOURNAL_MAX_BYTES`: how large the journal may become. Default 4 GiB.
    pub max_bytes: u64,
    /// `JOURNAL_FSYNC`: when it is made to outlast a loss of power. Default within a second.
    pub fsync: Fsync,
    /// `JOURNAL_WHEN_FULL`: what happens to calls then. Default: they are refused.
    pub when_full: WhenFull,
}

impl JournalConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        let max_bytes = source.number(&JOURNAL_MAX_BYTES, LEAST_JOURNAL_BYTES, 1 << 50);
        let fsync = source.parse(&JOURNAL_FSYNC, "always, interval or never");
        let when_full = source.parse(&JOURNAL_WHEN_FULL, "refuse or drop");
        Self {
            max_bytes: max_bytes.unwrap_or(4 << 30),
            fsync: fsync.unwrap_or(Fsync::Interval),
            when_full: when_full.unwrap_or(WhenFull::Refuse),
        }
    }

    /// The server's journal.
    #[must_use]
    pub fn of_server(&self, data_dir: &Path) -> JournalOptions {
        self.in_folder(data_dir, FOLDER)
    }

    /// The journal of commands that make calls.
    #[must_use]
    pub fn of_commands(&self, data_dir: &Path) -> JournalOptions {
        self.in_folder(data_dir, COMMANDS_FOLDER)
    }

    fn in_folder(&self, data_dir: &Path, folder: &str) -> JournalOptions {
        let Self { max_bytes, fsync, when_full } = *self;
        JournalOptions { folder: data_dir.join(folder), max_bytes, fsync, when_full }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn read(pairs: &[(&str, &str)]) -> (JournalConfig, Option<String>) {
        let mut source = Source::new(pairs.iter().copied().collect::<Environment>());
        let config = JournalConfig::read(&mut source);
        (config, source.finish().err().map(|error| error.to_string()))
    }

    #[test]
    fn every_setting_is_read_and_has_its_default() {
        let (config, error) = read(&[]);
        assert_eq!((config.max_bytes, config.fsync, error), (4 << 30, Fsync::Interval, None));
        assert_eq!(config.when_full, WhenFull::Refuse);

        let (config, _) = read(&[
            ("JOURNAL_MAX_BYTES", "2000000"),
            ("JOURNAL_FSYNC", "always"),
            ("JOURNAL_WHEN_FULL", "drop"),
        ]);
        assert_eq!((config.max_bytes, config.fsync), (2_000_000, Fsync::Always));
        assert_eq!(config.when_full, WhenFull::Drop);
        assert_eq!(config.of_server(Path::new("data")).folder, Path::new("data/journal"));
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_it_may_be() {
        for (name, value, expected) in [
            ("JOURNAL_MAX_BYTES", "1000", "1048576"),
            ("JOURNAL_FSYNC", "sometimes", "always, interval or never"),
            ("JOURNAL_WHEN_FULL", "wait", "refuse or drop"),
        ] {
            let error = read(&[(name, value)]).1.unwrap();
            assert!([name, value, expected].iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
