//! How long records are kept.

use super::source::{Source, Variable};

const LOG_RETENTION_DAYS: Variable = Variable::plain(
    "LOG_RETENTION_DAYS",
    "90",
    "days, 1 to 3650, for which the records of calls are kept; usage is kept for ever; where it is set, it locks the setting",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[LOG_RETENTION_DAYS];

/// How long records are kept; where it is given, the setting is locked.
#[derive(Clone, Copy, Debug)]
pub struct RetentionConfig {
    /// `LOG_RETENTION_DAYS`: for how many days the records of calls are kept. Default: as the
    /// settings say, which is 90 at first.
    pub log_days: Option<u32>,
}

impl RetentionConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        Self { log_days: source.number(&LOG_RETENTION_DAYS, 1, 3650) }
    }
}
