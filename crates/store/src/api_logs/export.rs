//! All attempts, a chunk at a time.

use chrono::{DateTime, Utc};

use super::list::rows;
use super::row::CallRow;
use super::{LogFilter, LoggedCall};
use crate::error::StoreResult;
use crate::read_tx::ReadTx;

/// Behind which attempt the next chunk begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportCursor {
    created_at: DateTime<Utc>,
    id: i64,
}

/// Some of the attempts, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportChunk {
    /// The attempts.
    pub rows: Vec<LoggedCall>,
    /// Where the next chunk begins; `None` after the last one.
    pub next: Option<ExportCursor>,
}

/// At most `size` of the attempts that the filter leaves, those behind `after`.
pub(super) async fn chunk(
    tx: &mut ReadTx,
    filter: &LogFilter,
    after: Option<ExportCursor>,
    size: u32,
) -> StoreResult<ExportChunk> {
    let mut conditions = filter.conditions("1 = 1");
    if let Some(after) = after {
        conditions = conditions
            .given("created_at >= ?", Some(after.created_at))
            .given("(created_at > ?", Some(after.created_at))
            .or_given("id > ?)", after.id);
    }
    let rows = rows(tx, &conditions, "ASC", (size.into(), 0)).await?;
    let next = rows.last().filter(|_| rows.len() == size as usize).map(|row| {
        let (created_at, id) = row.place();
        ExportCursor { created_at, id }
    });
    let rows = rows.into_iter().map(CallRow::into_call).collect::<StoreResult<_>>()?;
    Ok(ExportChunk { rows, next })
}
