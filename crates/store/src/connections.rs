//! How many connections to the database there are, and who has them.

use crate::Store;
use crate::db::on_pool;

/// The connections of a store at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Those that work.
    pub in_use: u32,
    /// Those that are open and have nothing to do.
    pub idle: u32,
    /// As many as there may be.
    pub max: u32,
}

impl Store {
    /// Its connections now.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let (open, idle, max) = on_pool!(self.db(), |pool| {
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        });
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(open);
        Connections { in_use: open - idle, idle, max }
    }
}
