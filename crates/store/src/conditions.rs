//! A WHERE clause made of the filters that a caller gave.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::db::{Db, on_pool};
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};

/// The most rows that a total counts.
pub(crate) const MAX_TOTAL: i64 = 10_000;
/// Attempts that used tokens, or were answered, and have no price.
pub(crate) const UNPRICED: &str =
    "cost_nanousd IS NULL AND (total_tokens > 0 OR status = 'success')";

/// A value to bind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Int(i64),
    Text(&'a str),
    Time(Moment),
    Bytes(&'a [u8]),
}

/// Binds each of the values to a query.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                $crate::conditions::Value::Int(value) => query.bind(value),
                $crate::conditions::Value::Text(value) => query.bind(value),
                $crate::conditions::Value::Time(value) => query.bind(value),
                $crate::conditions::Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

pub(crate) use bind_all;

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Time(Moment(comparable(value)))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

/// Conditions that must all hold, and the values of their placeholders in order. The text comes
/// from literals alone, so it is safe to run.
#[derive(Clone, Debug)]
pub(crate) struct Conditions<'a> {
    sql: String,
    values: Vec<Value<'a>>,
}

impl<'a> Conditions<'a> {
    /// Begins with a condition that has no placeholder.
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }

    /// Adds a condition with one placeholder where there is a value for it.
    pub(crate) fn given<V: Into<Value<'a>>>(mut self, sql: &'static str, value: Option<V>) -> Self {
        if let Some(value) = value {
            self.sql.push_str(" AND ");
            self.sql.push_str(sql);
            self.values.push(value.into());
        }
        self
    }

    /// Adds the condition that a column holds one of these texts, or is NULL where `None` is among
    /// them; none where there is no text.
    pub(crate) fn within(
        mut self,
        column: &'static str,
        texts: &'a BTreeSet<Option<String>>,
    ) -> Self {
        if texts.is_empty() {
            return self;
        }
        let named: Vec<&'a str> = texts.iter().filter_map(Option::as_deref).collect();
        let marks = vec!["?"; named.len()].join(", ");
        let parts = [
            (!named.is_empty()).then(|| format!("{column} IN ({marks})")),
            texts.contains(&None).then(|| format!("{column} IS NULL")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        self.sql.push_str(&format!(" AND ({})", parts.join(" OR ")));
        self.values.extend(named.into_iter().map(Value::Text));
        self
    }

    /// Adds an alternative to the last condition, with one placeholder.
    pub(crate) fn or_given<V: Into<Value<'a>>>(mut self, sql: &'static str, value: V) -> Self {
        self.sql.push_str(" OR ");
        self.sql.push_str(sql);
        self.values.push(value.into());
        self
    }

    /// Adds a condition without a placeholder.
    pub(crate) fn also(mut self, sql: &'static str) -> Self {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self
    }

    /// How many rows of a table they leave, and whether counting stopped there.
    pub(crate) async fn total(&self, db: &Db, table: &'static str) -> StoreResult<(i64, bool)> {
        let sql = format!(
            "SELECT COUNT(*)
            FROM (SELECT id FROM {table} WHERE {} LIMIT ?) AS found",
            self.sql
        );
        let found: i64 = on_pool!(db, |pool| {
            bind_all!(sqlx::query_scalar(AssertSqlSafe(sql)), self.values())
                .bind(MAX_TOTAL + 1)
                .fetch_one(pool)
                .await?
        });
        Ok((found.min(MAX_TOTAL), found > MAX_TOTAL))
    }

    /// The text after WHERE.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// The values to bind, in order.
    pub(crate) fn values(&self) -> &[Value<'a>] {
        &self.values
    }
}
