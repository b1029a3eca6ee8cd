//! The providers' own wire formats, for their own SDKs.

pub mod openai;
