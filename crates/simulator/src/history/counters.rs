//! What keys and app tokens know of their own use: the calls of the last day, and the last one.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::row::Row;
use super::sql::Dialect;

const DAY_MS: i64 = 86_400_000;

/// Uses of everything, by id.
#[derive(Debug, Default)]
pub(super) struct Counters {
    keys: BTreeMap<i64, Use>,
    tokens: BTreeMap<i64, Use>,
}

/// Of one key or token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Use {
    /// Days since 1970; the counts are of this one.
    day: i64,
    calls: i64,
    tokens: i64,
    last_ms: i64,
}

impl Use {
    fn add(&mut self, day: i64, calls: i64, tokens: i64, at_ms: i64) {
        if day > self.day {
            (self.day, self.calls, self.tokens) = (day, 0, 0);
        }
        self.calls += calls;
        self.tokens += tokens;
        self.last_ms = self.last_ms.max(at_ms);
    }
}

impl Counters {
    /// Counts a row as the gateway does: attempts for keys, calls that reached a provider for app
    /// tokens.
    pub(super) fn count(&mut self, row: &Row<'_>) {
        let at_ms = row.started_at_ms;
        if let Some(key) = row.key_id {
            let day = at_ms.div_euclid(DAY_MS);
            self.keys.entry(key).or_default().add(day, 1, row.usage.total(), at_ms);
        }
        if let Some(token) = row.app_id {
            let calls = i64::from(row.is_final && row.attempt > 0);
            let day = row.created_at_ms.div_euclid(DAY_MS);
            self.tokens.entry(token).or_default().add(day, calls, 0, at_ms);
        }
    }

    /// The statements that bring the database up to date; what is there of a later day stays.
    pub(super) fn statements(&self, dialect: Dialect) -> Vec<String> {
        let keys = self.keys.iter().map(|(id, used)| {
            let tokens = counter("tokens_count_today", used, used.tokens);
            update("t_ai_api_keys", &tokens, *id, used, dialect)
        });
        let tokens =
            self.tokens.iter().map(|(id, used)| update("t_app_tokens", "", *id, used, dialect));
        keys.chain(tokens).collect()
    }
}

/// The day comes after the counters that look at it, since MySQL assigns from left to right.
fn update(table: &str, more: &str, id: i64, used: &Use, dialect: Dialect) -> String {
    let day = day(used);
    let requests = counter("requests_count_today", used, used.calls);
    let last = dialect.moment(used.last_ms);
    format!(
        "UPDATE {table}
         SET {requests}{more}
             counted_on = CASE WHEN counted_on > '{day}' THEN counted_on ELSE '{day}' END,
             last_used_at = CASE WHEN last_used_at > {last} THEN last_used_at ELSE {last} END
         WHERE id = {id}"
    )
}

fn counter(column: &str, used: &Use, count: i64) -> String {
    let day = day(used);
    format!(
        "{column} = CASE WHEN counted_on = '{day}' THEN {column} + {count}
             WHEN counted_on > '{day}' THEN {column} ELSE {count} END, "
    )
}

fn day(used: &Use) -> String {
    let midnight = DateTime::from_timestamp_millis(used.day * DAY_MS).unwrap_or_default();
    midnight.date_naive().to_string()
}
