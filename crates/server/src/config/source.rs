//! Where settings come from, and what is said about a wrong one.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A setting that the environment may hold.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name: `PORT`.
    pub name: &'static str,
    /// What holds without it, in words where it is not a plain value.
    pub default: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Whether its value must never be shown.
    pub is_secret: bool,
}

impl Variable {
    /// A variable whose value may be shown.
    #[must_use]
    pub const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self { name, default, meaning, is_secret: false }
    }

    /// A variable whose value must never be shown.
    #[must_use]
    pub const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self { name, default, meaning, is_secret: true }
    }
}

/// The process's environment, or a test's.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
}

impl Environment {
    /// The process's own. What is not Unicode is left out; an empty value counts as none.
    #[must_use]
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self {
            values: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        }
    }
}

/// Reads settings and collects what is wrong with them.
#[derive(Debug)]
pub struct Source {
    environment: Environment,
    problems: Vec<String>,
}

impl Source {
    /// Over `environment`.
    #[must_use]
    pub const fn new(environment: Environment) -> Self {
        Self { environment, problems: Vec::new() }
    }

    /// The variable's text, where it is set.
    #[must_use]
    pub fn text(&self, variable: &Variable) -> Option<String> {
        self.environment.get(variable.name).map(str::to_owned)
    }

    /// The variables that are called like `first`, which ends in `_1`, with any number there: their
    /// names and texts, in order.
    #[must_use]
    pub fn numbered(&self, first: &Variable) -> Vec<(String, String)> {
        let prefix = first.name.trim_end_matches('1');
        let mut found: Vec<(u32, String)> = self
            .environment
            .values
            .keys()
            .filter_map(|name| {
                let digits = name.strip_prefix(prefix)?;
                let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
                let is_plain = is_number && !digits.starts_with('0');
                Some((digits.parse().ok().filter(|_| is_plain)?, name.clone()))
            })
            .collect();
        found.sort_unstable();
        let texts = found.into_iter().filter_map(|(_, name)| {
            let text = self.environment.get(&name)?.to_owned();
            Some((name, text))
        });
        texts.collect()
    }

    /// Whether the variable is set.
    #[must_use]
    pub fn is_set(&self, variable: &Variable) -> bool {
        self.environment.get(variable.name).is_some()
    }

    /// The variable's value, where it is set; `expected` says what it must be.
    pub fn parse<T: FromStr>(&mut self, variable: &Variable, expected: &str) -> Option<T> {
        let text = self.text(variable)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(variable, &text, expected);
        }
        value
    }

    /// The same for a number that must lie in a range.
    pub fn number<T>(&mut self, variable: &Variable, least: T, most: T) -> Option<T>
    where
        T: FromStr + PartialOrd + fmt::Display + Copy,
    {
        let expected = format!("a whole number from {least} to {most}");
        let value = self.parse::<T>(variable, &expected)?;
        if value < least || value > most {
            self.wrong(variable, &value.to_string(), &expected);
            return None;
        }
        Some(value)
    }

    /// A list separated by commas.
    #[must_use]
    pub fn list(&self, variable: &Variable) -> Option<Vec<String>> {
        let text = self.text(variable)?;
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Some(parts.map(str::to_owned).collect())
    }

    /// Notes that a variable holds something wrong.
    pub fn wrong(&mut self, variable: &Variable, value: &str, expected: &str) {
        let shown = if variable.is_secret {
            "***".to_owned()
        } else {
            format!("`{}`", value.escape_debug())
        };
        self.problem(format!("{} is {shown}: it must be {expected}", variable.name));
    }

    /// Notes something else that is wrong, told whole.
    pub fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Everything that was wrong.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError(self.problems)) }
    }
}

/// The wrong settings, one sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is wrong:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl std::error::Error for ConfigError {}
