//! Rows on their way to the database: many in a statement, and the hours they belong to.

use std::collections::BTreeSet;

use super::database::Database;
use super::row::{self, Row};
use super::sql::{Dialect, Insert};

const HOUR_MS: i64 = 3_600_000;

/// Rows that are written together.
#[derive(Debug)]
pub(super) struct Batch {
    insert: Insert,
    hours: BTreeSet<i64>,
}

impl Batch {
    /// None yet.
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { insert: Insert::new(dialect, row::INSERT), hours: BTreeSet::new() }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: &Row<'_>) {
        row.write(&mut self.insert);
        self.hours.insert(row.created_at_ms.div_euclid(HOUR_MS) * HOUR_MS);
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> usize {
        self.insert.rows()
    }

    /// Writes them in one transaction which ends by marking their hours, so that the gateway folds
    /// them.
    pub(super) async fn write(self, database: &mut Database) -> anyhow::Result<()> {
        let dialect = database.dialect();
        let mut mark = Insert::new(
            dialect,
            "INSERT INTO t_stat_hours (hour, is_dirty, changes, dirty_at) VALUES",
        );
        for hour in self.hours {
            mark.row().moment(hour).flag(true).number(1).moment(hour).end();
        }
        let again = dialect.pick(
            " ON DUPLICATE KEY UPDATE changes = changes + 1, is_dirty = TRUE,
                dirty_at = VALUES(dirty_at)",
            " ON CONFLICT (hour) DO UPDATE SET changes = changes + 1, is_dirty = TRUE,
                dirty_at = excluded.dirty_at",
        );
        database.begin().await?;
        database.execute(self.insert.finish("")).await?;
        database.execute(mark.finish(again)).await?;
        database.commit().await
    }
}
