//! First values of runtime settings. A variable that is set locks its setting.

use super::source::{Source, Variable};

const CORS_ORIGINS: Variable = Variable::plain(
    "CORS_ORIGINS",
    "none",
    "origins that browsers may call from, separated by commas; * is any",
);
const ADDRESS_LIMIT_PER_15_MIN: Variable = Variable::plain(
    "ADDRESS_LIMIT_PER_15_MIN",
    "100",
    "requests without valid credentials that one address may make in 15 minutes",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[CORS_ORIGINS, ADDRESS_LIMIT_PER_15_MIN];

/// First values of runtime settings; where one is given, the setting is locked.
#[derive(Clone, Debug, Default)]
pub struct EdgeConfig {
    /// `CORS_ORIGINS`: origins that browsers may call from. Default none.
    pub cors_origins: Option<Vec<String>>,
    /// `ADDRESS_LIMIT_PER_15_MIN`: failures that one address may make. Default 100.
    pub address_limit_per_15_min: Option<u32>,
}

impl EdgeConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        let cors_origins = source.list(&CORS_ORIGINS);
        for origin in cors_origins.iter().flatten().filter(|origin| !is_origin(origin)) {
            source.wrong(&CORS_ORIGINS, origin, "origins such as https://admin.example.com, or *");
        }
        Self {
            cors_origins,
            address_limit_per_15_min: source.number(&ADDRESS_LIMIT_PER_15_MIN, 1, 1_000_000),
        }
    }
}

/// Whether `text` is an origin, scheme and host without a path, or `*`.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host = |host: &str| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    text == "*" || host.is_some_and(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for origin in ["*", "https://a.example", "http://localhost:5173", "http://[::1]:80"] {
            assert!(is_origin(origin), "{origin}");
        }
        for origin in ["a.example", "https://a.example/", "https://", "ftp://x", "null"] {
            assert!(!is_origin(origin), "{origin}");
        }
    }
}
