//! Everything that Tollgate keeps: one repository per table, on MySQL and SQLite alike.
//!
//! It knows SQL, migrations and the sealing of secrets. It knows no HTTP, no provider's JSON, and
//! takes no decision about calls.
