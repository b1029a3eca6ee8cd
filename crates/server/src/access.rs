//! Proving who somebody is, and slowing those who guess.

pub mod address_limit;
pub mod cookie;
pub mod first_admin;
pub mod jwt;
pub mod password;
pub mod sessions;
pub mod throttle;
pub mod token;
