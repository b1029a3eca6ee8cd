//! How long records are kept.

use super::source::{Source, Variable};

const LOG_RETENTION_DAYS: Variable = Variable::plain(
    "LOG_RETENTION_DAYS",
    "90",
    "days, 1 to 3650, for which the records of calls are kept; usage is kept for ever",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[LOG_RETENTION_DAYS];

/// How long records are kept.
#[derive(Clone, Copy, Debug)]
pub struct RetentionConfig {
    /// `LOG_RETENTION_DAYS`: for how many days the records of calls are kept. Default 90.
    pub log_days: u32,
}

impl RetentionConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        Self { log_days: source.number(&LOG_RETENTION_DAYS, 1, 3650).unwrap_or(90) }
    }
}
