//! Usage per hour and per day, made from the records.

pub(crate) mod measures;
