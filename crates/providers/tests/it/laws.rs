//! What holds whatever is asked and answered.

mod answers;
mod reply;
mod said;
mod talk;
mod there_and_back;
mod usage;
mod wire;

pub(crate) use said::Said;
