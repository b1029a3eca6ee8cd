//! The journal: each record is in a file of this machine before the caller has the answer, and
//! leaves it for the database in time.
//!
//! [`frame`] is how bytes are told from garbage, [`entry`] what they say, [`segment`] a file of
//! them, [`folder`] all of them. One [`writer`] appends what comes by its [`inbox`]; the [`ship`]per
//! follows behind, with what is in memory as [`recent`] and else in the files. At a start [`replay`]
//! finds what the last process left. [`room`] is what they know of each other.

mod entry;
mod folder;
mod frame;
mod inbox;
mod keep;
mod read;
mod recent;
mod reject;
mod replay;
pub(crate) mod room;
mod segment;
pub(crate) mod ship;
#[cfg(test)]
pub(crate) mod testing;
mod writer;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::api_log::ApiLog;
use tollgate_store::journal::JournalPosition;

use folder::Folder;
pub(crate) use frame::Kind;
pub(crate) use inbox::{Clerk, Sender};
pub(crate) use keep::Keeper;
use room::Room;
pub(crate) use room::{Kept, Place};
pub(crate) use ship::Shipper;
use writer::Writer;
pub(crate) use writer::{Append, Message};

/// The smallest journal: it has place for some calls at once.
pub const LEAST_JOURNAL_BYTES: u64 = 1 << 20;
/// The largest segment, and into how many parts a smaller journal is cut, so that room becomes free
/// bit by bit.
const MAX_SEGMENT_BYTES: u64 = 64 << 20;
const SEGMENTS: u64 = 16;

/// How a journal is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalOptions {
    /// Its folder, of which it is the only user.
    pub folder: PathBuf,
    /// How large it may become, in bytes; at least [`LEAST_JOURNAL_BYTES`].
    pub max_bytes: u64,
    /// When what is written is made to outlast a loss of power.
    pub fsync: Fsync,
    /// What happens to calls when it is full, or its disk fails.
    pub when_full: WhenFull,
}

/// When what is written is made to outlast a loss of power. The end of the process alone, however
/// sudden, loses nothing in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fsync {
    /// Before the caller has the answer.
    Always,
    /// Within a second.
    Interval,
    /// When the system thinks so.
    Never,
}

/// What happens to calls when there is no room for their records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// They are refused.
    Refuse,
    /// They are answered, and their records are dropped and counted.
    Drop,
}

/// How a journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalStats {
    /// Bytes that are not in the database yet.
    pub backlog_bytes: u64,
    /// Records that are not in the database yet.
    pub backlog_records: u64,
    /// When the call of the first of them ended, where that is known.
    pub oldest_at: Option<DateTime<Utc>>,
    /// Bytes on the disk, those of files included that are removed once all of them is shipped.
    pub used_bytes: u64,
    /// How many there may be.
    pub max_bytes: u64,
    /// Records that were dropped since the start, because there was no room for them.
    pub dropped: u64,
    /// Records since the start that the database refused, and that are in a file of their own.
    pub rejected: u64,
    /// Whether there is no room for one more call.
    pub is_full: bool,
    /// Whether the disk takes what is written.
    pub is_writable: bool,
    /// Whether the database takes what is shipped.
    pub is_shipping: bool,
}

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process uses it.
    #[error(
        "another Tollgate is running with the journal {}: stop that one, or give this one a DATA_DIR of its own",
        path.display()
    )]
    InUse {
        /// Its folder.
        path: PathBuf,
    },
    /// The disk fails.
    #[error(
        "the journal {} cannot be {what} ({source}): DATA_DIR must be a folder on a disk with room that Tollgate may write to",
        path.display()
    )]
    Disk {
        /// What was to be done with it.
        what: &'static str,
        /// Its folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

/// A place in a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

/// A journal that nobody else uses. It is not written before an engine is started with it.
#[derive(Debug)]
pub struct Journal {
    folder: Folder,
    options: JournalOptions,
}

/// The parts of a journal that is in use.
pub(crate) struct Parts {
    pub(crate) room: Arc<Room>,
    pub(crate) writer: Clerk,
    pub(crate) sender: Sender,
    pub(crate) shipper: Shipper,
    pub(crate) keeper: Keeper,
    /// Records of the attempts that the last process was making when it ended.
    pub(crate) interrupted: Vec<ApiLog>,
}

impl JournalOptions {
    /// The values that Tollgate runs with, in `folder`.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            max_bytes: 4 << 30,
            fsync: Fsync::Interval,
            when_full: WhenFull::Refuse,
        }
    }

    /// How large a segment becomes before another one begins.
    pub(crate) const fn segment_bytes(&self) -> u64 {
        let part = self.max_bytes / SEGMENTS;
        if part < MAX_SEGMENT_BYTES { part } else { MAX_SEGMENT_BYTES }
    }
}

impl Journal {
    /// Takes the journal in `options.folder`, and makes it where there is none.
    ///
    /// # Errors
    /// Where another process uses it, or the disk fails.
    pub fn open(options: JournalOptions) -> Result<Self, JournalError> {
        let folder = Folder::take(&options.folder)?;
        Ok(Self { folder, options })
    }

    /// What its position in the database is known by.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.folder.id
    }

    /// Reads what the last process left, of which the database has all before `shipped`, and makes
    /// ready to write. It reads the whole journal, so it blocks.
    pub(crate) fn begin(self, shipped: Option<&JournalPosition>) -> Result<Parts, JournalError> {
        let path = self.folder.path().to_owned();
        let failed = |what| move |source| JournalError::Disk { what, path: path.clone(), source };
        let shipped = shipped.map(Position::of).unwrap_or_default();
        let found = replay::replay(&self.folder, shipped).map_err(failed.clone()("read"))?;
        let room = Arc::new(Room::new(self.options));
        let folder = Arc::new(self.folder);
        let writer = Writer::new(Arc::clone(&folder), Arc::clone(&room), &found, shipped)
            .map_err(failed("written"))?;
        let (sender, writer) = inbox::inbox(writer);
        Ok(Parts {
            shipper: Shipper::new(folder, Arc::clone(&room), sender.clone(), shipped),
            keeper: Keeper::new(Arc::clone(&room), sender.clone()),
            room,
            writer,
            sender,
            interrupted: found.interrupted,
        })
    }
}

impl Position {
    fn of(position: &JournalPosition) -> Self {
        let number = |number: i64| u64::try_from(number).unwrap_or(0);
        Self { segment: number(position.segment), offset: number(position.byte_offset) }
    }

    /// The same, for the database.
    fn of_journal(self, id: &str) -> JournalPosition {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        JournalPosition {
            journal_id: id.to_owned(),
            segment: number(self.segment),
            byte_offset: number(self.offset),
        }
    }
}

/// `log` as the bytes that say it; it is cut to what they hold.
pub(crate) fn encode(kind: Kind, log: &mut ApiLog) -> Vec<u8> {
    entry::encode(kind, log)
}

/// A word that a setting does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown")]
pub struct UnknownSetting;

impl Fsync {
    /// The word that stands for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Interval => "interval",
            Self::Never => "never",
        }
    }
}

impl WhenFull {
    /// The word that stands for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Drop => "drop",
        }
    }
}

impl FromStr for Fsync {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        let all = [Self::Always, Self::Interval, Self::Never];
        all.into_iter().find(|it| it.as_str() == text).ok_or(UnknownSetting)
    }
}

impl FromStr for WhenFull {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        let all = [Self::Refuse, Self::Drop];
        all.into_iter().find(|it| it.as_str() == text).ok_or(UnknownSetting)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.segment, self.offset)
    }
}
