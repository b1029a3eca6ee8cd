//! Where the engine's chance comes from, so that tests can set it.

use std::fmt;

/// A source of chance.
pub trait Random: Send + Sync + fmt::Debug {
    /// A number from 0 up to, but not including, 1.
    fn unit(&self) -> f64;
}

/// The thread's own generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadRandom;

impl Random for ThreadRandom {
    fn unit(&self) -> f64 {
        rand::random()
    }
}
