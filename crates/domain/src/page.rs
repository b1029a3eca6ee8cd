//! Paging.

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Rows a page.
    pub size: u32,
}

impl Page {
    /// The most rows that a page holds.
    pub const MAX_SIZE: u32 = 200;
    /// The most rows that a list without pages holds.
    pub const MAX_LIST: u32 = 5_000;

    /// Rows before this page.
    #[must_use]
    pub fn offset(&self) -> i64 {
        i64::from(self.number.saturating_sub(1)) * i64::from(self.size)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { number: 1, size: 20 }
    }
}

/// One page of a longer list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The page's rows.
    pub rows: Vec<T>,
    /// How many rows there are on all pages, or at least how many, where counting stopped.
    pub total: i64,
    /// Whether counting stopped at `total`.
    pub total_is_capped: bool,
}
