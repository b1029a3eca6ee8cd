//! The engine against a simulated provider, over real HTTP and real databases.

mod configuration;
mod failover;
mod keys;
mod records;
mod streams;
mod support;
