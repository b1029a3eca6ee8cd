//! What is logged, and how.

use super::source::{Source, Variable};

const LOG_LEVEL: Variable = Variable::plain(
    "LOG_LEVEL",
    "info",
    "error, warn, info, debug or trace; for Tollgate's own code, libraries stay at warn",
);
const LOG_FORMAT: Variable = Variable::plain("LOG_FORMAT", "text", "text or json, on stderr");

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[LOG_LEVEL, LOG_FORMAT];

/// What is logged, and how.
#[derive(Clone, Copy, Debug)]
pub struct LogConfig {
    /// `LOG_LEVEL`: of our own crates; others stay at warn. Default `info`.
    pub level: tracing::Level,
    /// `LOG_FORMAT`: `text` or `json`. Default `text`.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

impl std::fmt::Display for LogFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl std::str::FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl LogConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        Self {
            level: source
                .parse(&LOG_LEVEL, "one of error, warn, info, debug, trace")
                .unwrap_or(tracing::Level::INFO),
            format: source.parse(&LOG_FORMAT, "text or json").unwrap_or(LogFormat::Text),
        }
    }
}
