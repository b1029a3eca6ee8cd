//! The provider client layer: wire protocols, the one sender, the one SSE reader.
//!
//! A protocol is pure translation between our types and a provider's JSON; one client sends for
//! all of them. It knows no database, no routing and no caller's rights.
