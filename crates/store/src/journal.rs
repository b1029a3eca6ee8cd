//! Up to where the journals of instances are in the database: `t_journal_positions`.

use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;

/// The table of positions.
#[derive(Clone, Copy, Debug)]
pub struct Journals<'s> {
    store: &'s Store,
}

/// Up to where one journal is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalPosition {
    /// The journal's id, 32 hex digits: a row for each.
    pub journal_id: String,
    /// The segment.
    pub segment: i64,
    /// What of its bytes is there.
    pub byte_offset: i64,
}

impl Store {
    /// The table of positions.
    #[must_use]
    pub const fn journals(&self) -> Journals<'_> {
        Journals { store: self }
    }
}

impl Journals<'_> {
    /// Up to where the journal `journal_id` is in the database; `None` where nothing of it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn position(&self, journal_id: &str) -> StoreResult<Option<JournalPosition>> {
        const SQL: &str = "
            SELECT segment, byte_offset
            FROM t_journal_positions
            WHERE journal_id = ?";
        let row: Option<(i64, i64)> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(journal_id).fetch_optional(pool).await?
        });
        Ok(row.map(|(segment, byte_offset)| JournalPosition {
            journal_id: journal_id.to_owned(),
            segment,
            byte_offset,
        }))
    }
}

/// Notes a position, in the transaction that writes what is before it.
pub(crate) async fn write_position(
    tx: &mut WriteTx,
    position: &JournalPosition,
) -> StoreResult<()> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_journal_positions (journal_id, segment, byte_offset)
         VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE segment = VALUES(segment), byte_offset = VALUES(byte_offset)",
        "INSERT INTO t_journal_positions (journal_id, segment, byte_offset)
         VALUES (?, ?, ?)
         ON CONFLICT (journal_id) DO UPDATE SET segment = excluded.segment,
             byte_offset = excluded.byte_offset",
    );
    on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(&position.journal_id)
            .bind(position.segment)
            .bind(position.byte_offset)
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}
