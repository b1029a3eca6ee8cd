//! SQL as text, with the values in it, as a person with a client writes it.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Timelike, Utc};

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// MySQL, MariaDB, TiDB.
    MySql,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    /// The text for this dialect, where they must differ.
    pub(super) const fn pick(self, mysql: &'static str, sqlite: &'static str) -> &'static str {
        match self {
            Self::MySql => mysql,
            Self::Sqlite => sqlite,
        }
    }

    /// A moment as the columns hold it, in quotes, to the millisecond.
    pub(super) fn moment(self, at_ms: i64) -> String {
        let mut text = String::with_capacity(32);
        push_moment(&mut text, self, at_ms);
        text
    }
}

/// An INSERT of many rows that grows row by row.
#[derive(Clone, Debug)]
pub(super) struct Insert {
    dialect: Dialect,
    text: String,
    rows: usize,
}

/// A row being written.
pub(super) struct Values<'i> {
    insert: &'i mut Insert,
    is_first: bool,
}

impl Insert {
    /// `head` names the table and the columns: `INSERT INTO t (a, b) VALUES`.
    pub(super) fn new(dialect: Dialect, head: &str) -> Self {
        Self { dialect, text: head.to_owned(), rows: 0 }
    }

    /// Adds a row, whose values are then pushed in the order of the columns.
    pub(super) fn row(&mut self) -> Values<'_> {
        self.text.push_str(if self.rows == 0 { " (" } else { ",\n(" });
        self.rows += 1;
        Values { insert: self, is_first: true }
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// The statement, with what follows its rows.
    pub(super) fn finish(mut self, tail: &str) -> String {
        self.text.push_str(tail);
        self.text
    }
}

impl Values<'_> {
    /// A text of ours: it has neither quotes nor backslashes, which the two databases escape
    /// differently.
    pub(super) fn text<'t>(mut self, value: impl Into<Option<&'t str>>) -> Self {
        match value.into() {
            Some(text) => {
                assert!(!text.contains(['\'', '\\']), "a made-up text has no quotes: {text}");
                let _ = write!(self.next(), "'{text}'");
            }
            None => self.next().push_str("NULL"),
        }
        self
    }

    /// A whole number.
    pub(super) fn number(mut self, value: impl Into<Option<i64>>) -> Self {
        match value.into() {
            Some(number) => {
                let _ = write!(self.next(), "{number}");
            }
            None => self.next().push_str("NULL"),
        }
        self
    }

    /// Yes or no.
    pub(super) fn flag(mut self, value: bool) -> Self {
        self.next().push_str(if value { "TRUE" } else { "FALSE" });
        self
    }

    /// Bytes.
    pub(super) fn bytes(mut self, value: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let text = self.next();
        text.push_str("X'");
        for byte in value {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text.push('\'');
        self
    }

    /// A moment, in milliseconds since 1970.
    pub(super) fn moment(mut self, at_ms: i64) -> Self {
        let dialect = self.insert.dialect;
        push_moment(self.next(), dialect, at_ms);
        self
    }

    /// Ends the row.
    pub(super) fn end(self) {
        self.insert.text.push(')');
    }

    fn next(&mut self) -> &mut String {
        if !std::mem::take(&mut self.is_first) {
            self.insert.text.push(',');
        }
        &mut self.insert.text
    }
}

/// Digit by digit: there are two in each of millions of rows.
fn push_moment(text: &mut String, dialect: Dialect, at_ms: i64) {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    text.push('\'');
    push_digits(text, u32::try_from(at.year()).unwrap_or_default(), 4);
    for (before, value) in [('-', at.month()), ('-', at.day())] {
        text.push(before);
        push_digits(text, value, 2);
    }
    text.push_str(dialect.pick(" ", "T"));
    push_digits(text, at.hour(), 2);
    for (before, value) in [(':', at.minute()), (':', at.second())] {
        text.push(before);
        push_digits(text, value, 2);
    }
    text.push('.');
    push_digits(text, at.timestamp_subsec_millis(), 3);
    text.push_str(dialect.pick("'", "+00:00'"));
}

fn push_digits(text: &mut String, value: u32, places: u32) {
    for place in (0..places).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(dialect: Dialect) -> String {
        let mut insert = Insert::new(dialect, "INSERT INTO t (a, b, c, d, e) VALUES");
        for number in [Some(-7), None] {
            let row = insert.row().text("it").number(number).flag(true);
            row.bytes(&[0, 0xAB]).moment(1_790_000_123_004).end();
        }
        insert.finish(" END")
    }

    #[test]
    fn values_are_written_as_each_database_reads_them() {
        assert_eq!(
            insert(Dialect::MySql),
            "INSERT INTO t (a, b, c, d, e) VALUES \
             ('it',-7,TRUE,X'00ab','2026-09-21 14:15:23.004'),\n\
             ('it',NULL,TRUE,X'00ab','2026-09-21 14:15:23.004') END"
        );
        assert!(insert(Dialect::Sqlite).contains("'2026-09-21T14:15:23.004+00:00'"));
    }

    #[test]
    #[should_panic(expected = "no quotes")]
    fn a_text_that_would_need_escapes_is_a_mistake_of_ours() {
        Insert::new(Dialect::MySql, "").row().text("it's").end();
    }
}
