//! The store through its front door, on every database.

mod migrations;
mod settings;
mod support;
