//! The engine against a simulated provider, over real HTTP and real databases.

mod budgets;
mod configuration;
mod credentials;
mod embeddings;
mod failover;
mod keys;
mod records;
mod streams;
mod support;
