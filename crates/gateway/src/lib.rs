//! The engine: from a call to its answer and its record.
//!
//! It holds the snapshot that calls are routed by, picks keys, retries, and accounts. It knows no
//! HTTP server, no SQL and no provider's JSON.
