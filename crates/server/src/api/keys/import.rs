//! Several pasted keys at once, a verdict for each line.

use serde::{Deserialize, Serialize};
use tollgate_domain::Secret;
use tollgate_domain::api_key::ApiKey;
use tollgate_domain::secret::hint;
use utoipa::ToSchema;

use super::body::KeyBody;
use crate::error::{ApiError, ApiResult};
use crate::extract::json::present;
use crate::extract::{Checks, Validate};

/// Lines that one import may have.
const MOST_LINES: usize = 500;

/// Several pasted keys.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportBody {
    /// A key a line, alone or after its name: `sk-…`, `name sk-…`, `name,sk-…`. Empty lines and
    /// lines that begin with `#` are passed over.
    #[schema(value_type = String)]
    keys: Secret<String>,
    /// What keys without a name of their own are called, with their line's number behind it; by
    /// default `imported`.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 80)]
    key_name: Option<String>,
    /// The priority of all of them; by default 100.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    priority: Option<i64>,
}

impl Validate for ImportBody {
    fn validate(&self, checks: &mut Checks) {
        checks.count("keys", self.lines().len(), MOST_LINES);
        if self.lines().is_empty() {
            checks.wrong("keys", "must hold a key a line");
        }
        checks.maybe_length("keyName", self.key_name.as_deref(), 1..=80);
        checks.range("priority", self.priority, -1_000_000..=1_000_000);
    }
}

/// What became of the lines.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportView {
    /// How many keys were added.
    pub(super) added: usize,
    /// A verdict for each line that held a key.
    pub(super) results: Vec<ImportVerdict>,
}

/// What became of one line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportVerdict {
    /// The line, from 1.
    line: usize,
    /// What the key is called.
    key_name: String,
    /// Its first and last four characters.
    api_key: String,
    /// Whether it was added.
    is_added: bool,
    /// Its id, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<i64>,
    /// Why not, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl ImportView {
    pub(super) fn push(&mut self, verdict: ImportVerdict) {
        self.added += usize::from(verdict.is_added);
        self.results.push(verdict);
    }
}

/// One pasted key.
pub(super) struct Line {
    number: usize,
    name: String,
    key: Secret<String>,
    priority: Option<i64>,
}

impl ImportBody {
    /// The lines that hold something.
    pub(super) fn lines(&self) -> Vec<Line> {
        let default = self.key_name.as_deref().unwrap_or("imported").trim();
        let lines = self.keys.expose().lines().enumerate();
        lines
            .map(|(index, text)| (index + 1, text.trim()))
            .filter(|(_, text)| !text.is_empty() && !text.starts_with('#'))
            .map(|(number, text)| {
                let separator = |each: char| each == ',' || each == ';' || each.is_whitespace();
                let (name, key) = match text.rsplit_once(separator) {
                    Some((name, key)) => (name.trim_end_matches(separator).to_owned(), key),
                    None => (format!("{default} {number}"), text),
                };
                Line { number, name, key: Secret::from(key), priority: self.priority }
            })
            .collect()
    }
}

impl Line {
    /// The key to be added.
    pub(super) fn check(&self) -> ApiResult<KeyBody> {
        let mut body = KeyBody::named(self.name.clone(), self.key.clone());
        body.priority = self.priority;
        let mut checks = Checks::default();
        body.validate(&mut checks);
        checks.finish()?;
        Ok(body)
    }

    pub(super) fn added(self, key: &ApiKey) -> ImportVerdict {
        let verdict = self.verdict();
        ImportVerdict { is_added: true, key_id: Some(key.id.get()), ..verdict }
    }

    pub(super) fn refused(self, error: ApiError) -> ImportVerdict {
        ImportVerdict { reason: Some(error.message), ..self.verdict() }
    }

    fn verdict(self) -> ImportVerdict {
        ImportVerdict {
            line: self.number,
            api_key: hint(self.key.expose()),
            key_name: self.name,
            is_added: false,
            key_id: None,
            reason: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_key_or_a_name_and_a_key() {
        let body = ImportBody {
            keys: Secret::from("# mine\nsk-one\n\n  main key , sk-two  \nteam\tsk-three\n"),
            key_name: None,
            priority: None,
        };

        let lines: Vec<(usize, String, String)> = body
            .lines()
            .into_iter()
            .map(|line| (line.number, line.name, line.key.expose().clone()))
            .collect();

        let line = |number, name: &str, key: &str| (number, name.to_owned(), key.to_owned());
        assert_eq!(
            lines,
            [
                line(2, "imported 2", "sk-one"),
                line(4, "main key", "sk-two"),
                line(5, "team", "sk-three")
            ]
        );
    }
}
