//! The pairs of an hourly and a daily table, and how an hour of them is replaced.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sqlx::mysql::MySqlRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use super::measures::{ERROR_MEASURES, MEASURES, Measure, of_usage, with_cost};
use super::sums::{Change, Key, Part, Sums, change};
use crate::db::{Dialect, WriteTx, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;

/// How many rows one statement writes, the most first. There are few such numbers, so that each
/// statement stays prepared; a row has up to 48 placeholders, and SQLite takes 32,766.
const ROWS_OF_STATEMENTS: [usize; 4] = [200, 40, 8, 1];

/// An hourly table and its daily one.
#[derive(Debug)]
pub(super) struct Table {
    hourly: &'static str,
    daily: &'static str,
    key: &'static [KeyColumn],
    /// What it sums.
    pub(super) measures: &'static [Measure],
}

#[derive(Debug)]
enum KeyColumn {
    Id(&'static str),
    Text(&'static str),
}

/// `t_ai_usage_stats`.
pub(super) const STATS: Table = Table {
    hourly: "t_ai_usage_stats",
    daily: "t_ai_usage_stats_daily",
    key: &[
        KeyColumn::Id("provider_id"),
        KeyColumn::Text("model_code"),
        KeyColumn::Id("key_id"),
        KeyColumn::Id("app_id"),
        KeyColumn::Id("user_id"),
    ],
    measures: &MEASURES,
};

/// `t_ai_usage_totals`.
pub(super) const TOTALS: Table = Table {
    hourly: "t_ai_usage_totals",
    daily: "t_ai_usage_totals_daily",
    key: &[KeyColumn::Text("dimension"), KeyColumn::Text("member")],
    measures: &MEASURES,
};

/// `t_ai_error_stats`.
pub(super) const ERRORS: Table = Table {
    hourly: "t_ai_error_stats",
    daily: "t_ai_error_stats_daily",
    key: &[KeyColumn::Id("provider_id"), KeyColumn::Id("key_id"), KeyColumn::Text("error_code")],
    measures: &ERROR_MEASURES,
};

/// A row of either database, whose columns are read by their places.
pub(super) trait ReadableRow {
    fn integer(&self, place: usize) -> Result<i64, sqlx::Error>;
    fn text(&self, place: usize) -> Result<String, sqlx::Error>;
    fn width(&self) -> usize;
}

macro_rules! readable {
    ($($row:ty: $kept:expr),+) => {$(
        impl ReadableRow for $row {
            fn integer(&self, place: usize) -> Result<i64, sqlx::Error> {
                self.try_get(place)
            }

            fn text(&self, place: usize) -> Result<String, sqlx::Error> {
                self.try_get(place).map($kept)
            }

            fn width(&self) -> usize {
                self.len()
            }
        }
    )+};
}

// MySQL takes texts for the same that differ in spaces at their ends alone, in its groups and in the
// keys of its tables, so that of two such models there can be one row.
readable!(MySqlRow: without_spaces_behind, SqliteRow: std::convert::identity);

fn without_spaces_behind(mut text: String) -> String {
    text.truncate(text.trim_end_matches(' ').len());
    text
}

impl KeyColumn {
    const fn name(&self) -> &'static str {
        match self {
            Self::Id(name) | Self::Text(name) => name,
        }
    }
}

impl Table {
    /// Makes an hour's rows `new`, and the day's rows what follows.
    pub(super) async fn replace(
        &self,
        tx: &mut WriteTx,
        hour: DateTime<Utc>,
        new: &Sums,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let old = self.of_hour(tx, hour).await?;
        let change = change(&old, new, self.measures);
        if change == Change::None {
            return Ok(());
        }
        self.delete(tx, self.hourly, "stat_hour", hour).await?;
        self.insert(tx, &self.head(self.hourly, "stat_hour"), "", (hour, new), now).await?;
        let day = hour.date_naive().and_time(NaiveTime::MIN).and_utc();
        match change {
            Change::None => Ok(()),
            Change::Add(added) => {
                let (head, tail) = (self.head(self.daily, "stat_day"), self.added(tx.dialect()));
                self.insert(tx, &head, &tail, (day, &added), now).await
            }
            Change::Rebuild => self.rebuild(tx, day, now).await,
        }
    }

    /// The rows of an hour as they are.
    pub(super) async fn of_hour(&self, tx: &mut WriteTx, hour: DateTime<Utc>) -> StoreResult<Sums> {
        let measures: Vec<&str> = self.measures.iter().map(|measure| measure.column).collect();
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE {}stat_hour = ?",
            self.key_list(),
            measures.join(", "),
            self.hourly,
            self.any_dimension()
        );
        self.read(tx, sql, &[hour], |_, read| read).await
    }

    /// What a group is known by, which a row has first.
    pub(super) fn key_of(&self, row: &impl ReadableRow) -> Result<Key, sqlx::Error> {
        let part = |(place, column): (usize, &KeyColumn)| match column {
            KeyColumn::Id(_) => row.integer(place).map(Part::Id),
            KeyColumn::Text(_) => row.text(place).map(Part::Text),
        };
        self.key.iter().enumerate().map(part).collect()
    }

    /// Sums a day's rows anew from its hours.
    async fn rebuild(
        &self,
        tx: &mut WriteTx,
        day: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let key = self.key_list();
        let sql = format!(
            "SELECT {key}, {} FROM {} WHERE {}stat_hour >= ? AND stat_hour < ? GROUP BY {key}",
            of_usage(self.measures),
            self.hourly,
            self.any_dimension()
        );
        // Before the hours are read: it waits for folds of other hours that have added to the day,
        // whose hours are there to be read then, and later ones wait for it.
        self.delete(tx, self.daily, "stat_day", day).await?;
        let sums = self.read(tx, sql, &[day, day + TimeDelta::days(1)], with_cost).await?;
        self.insert(tx, &self.head(self.daily, "stat_day"), "", (day, &sums), now).await
    }

    async fn read(
        &self,
        tx: &mut WriteTx,
        sql: String,
        times: &[DateTime<Utc>],
        measures_of: fn(&[Measure], Vec<i64>) -> Vec<i64>,
    ) -> StoreResult<Sums> {
        Ok(on_tx!(tx, |conn| {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for time in times {
                query = query.bind(Moment(*time));
            }
            let rows = query.fetch_all(&mut *conn).await?;
            rows.iter()
                .map(|row| self.row(row, measures_of))
                .collect::<Result<Sums, sqlx::Error>>()?
        }))
    }

    fn row(
        &self,
        row: &impl ReadableRow,
        measures_of: fn(&[Measure], Vec<i64>) -> Vec<i64>,
    ) -> Result<(Key, Vec<i64>), sqlx::Error> {
        let key = self.key_of(row)?;
        let read: Result<Vec<i64>, _> =
            (key.len()..row.width()).map(|place| row.integer(place)).collect();
        Ok((key, measures_of(self.measures, read?)))
    }

    async fn delete(
        &self,
        tx: &mut WriteTx,
        table: &str,
        time_column: &str,
        time: DateTime<Utc>,
    ) -> StoreResult<()> {
        let sql = format!("DELETE FROM {table} WHERE {}{time_column} = ?", self.any_dimension());
        on_tx!(tx, |conn| {
            sqlx::query(AssertSqlSafe(sql)).bind(Moment(time)).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Inserts rows of one time, with `tail` after their values.
    async fn insert(
        &self,
        tx: &mut WriteTx,
        head: &str,
        tail: &str,
        (time, rows): (DateTime<Utc>, &Sums),
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let rows: Vec<(&Key, &Vec<i64>)> = rows.iter().collect();
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let fits = |count: &&usize| **count <= rest.len();
            let (chunk, more) = rest.split_at(*ROWS_OF_STATEMENTS.iter().find(fits).unwrap_or(&1));
            on_tx!(tx, |conn: Driver| {
                let mut query = QueryBuilder::<Driver>::new(head);
                query.push_values(chunk, |mut row, (key, sums)| {
                    row.push_bind(Moment(time));
                    for part in *key {
                        match part {
                            Part::Id(id) => row.push_bind(*id),
                            Part::Text(text) => row.push_bind(text.as_str()),
                        };
                    }
                    for sum in *sums {
                        row.push_bind(*sum);
                    }
                    row.push_bind(Moment(now)).push_bind(Moment(now));
                });
                query.push(tail);
                query.build().execute(&mut *conn).await?;
            });
            rest = more;
        }
        Ok(())
    }

    fn head(&self, table: &str, time_column: &str) -> String {
        let measures: Vec<&str> = self.measures.iter().map(|measure| measure.column).collect();
        format!(
            "INSERT INTO {table} ({time_column}, {}, {}, created_at, updated_at) ",
            self.key_list(),
            measures.join(", ")
        )
    }

    /// What follows the values of rows that are added to those that are there.
    fn added(&self, dialect: Dialect) -> String {
        let set = |measure: &Measure| assignment(measure, dialect);
        let assignments: Vec<String> = self.measures.iter().map(set).collect();
        let (assignments, key) = (assignments.join(", "), self.key_list());
        match dialect {
            Dialect::MySql => {
                format!(" ON DUPLICATE KEY UPDATE {assignments}, updated_at = VALUES(updated_at)")
            }
            Dialect::Sqlite => format!(
                " ON CONFLICT (stat_day, {key}) DO UPDATE SET {assignments}, \
                 updated_at = excluded.updated_at"
            ),
        }
    }

    fn key_list(&self) -> String {
        self.key.iter().map(KeyColumn::name).collect::<Vec<_>>().join(", ")
    }

    /// Names every dimension, where the table's primary key begins with it.
    fn any_dimension(&self) -> &'static str {
        if self.key.iter().any(|column| column.name() == "dimension") {
            "dimension IN ('all', 'provider', 'model', 'key', 'app', 'user') AND "
        } else {
            ""
        }
    }
}

/// How a measure of a day takes in what is added to it. A cost that would overflow stays at the
/// largest number, as it does where records are summed.
fn assignment(measure: &Measure, dialect: Dialect) -> String {
    let column = measure.column;
    let (added, max) = match dialect {
        Dialect::MySql => (format!("VALUES({column})"), "GREATEST"),
        Dialect::Sqlite => (format!("excluded.{column}"), "MAX"),
    };
    let largest = i64::MAX;
    if measure.is_max() {
        format!("{column} = {max}({column}, {added})")
    } else if measure.is_cost() {
        format!(
            "{column} = CASE WHEN {added} < 0 THEN {column} + {added} \
             WHEN {column} > {largest} - {added} THEN {largest} ELSE {column} + {added} END"
        )
    } else {
        format!("{column} = {column} + {added}")
    }
}
