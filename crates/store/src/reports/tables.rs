//! Which tables of usage have what a report asks for.

use super::UsageFilter;
use super::cut::{Piece, Source};
use super::dimension::Dimension;
use crate::conditions::Conditions;

/// The tables to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tables {
    /// The sums of one dimension (of all calls, where there is none), of all its members or of one.
    Totals { dimension: Option<Dimension>, member: Option<String> },
    /// Every provider, model, key, app token and user together.
    Stats,
    /// None of them: only the records tell end users.
    Records,
}

/// What the rows of an answer are told apart by, beside their bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    /// The hour or day of the tables of usage.
    Time,
    /// The member of a dimension.
    Member(Dimension),
    /// Nothing.
    All,
}

impl Tables {
    /// What has the sums of what `filter` leaves, for each member of `by`.
    pub(super) fn of(filter: &UsageFilter, by: Option<Dimension>) -> Self {
        if filter.end_user.is_some() {
            return Self::Records;
        }
        let mut named = filter.members();
        match (named.pop(), named.is_empty()) {
            (None, _) => Self::Totals { dimension: by, member: None },
            (Some((dimension, member)), true) if by.is_none_or(|by| by == dimension) => {
                Self::Totals { dimension: Some(dimension), member: Some(member) }
            }
            _ => Self::Stats,
        }
    }

    /// The SELECT that sums what `piece` has, without the word SELECT: `columns` are the sums.
    pub(super) fn read<'f>(
        &'f self,
        filter: &'f UsageFilter,
        piece: Piece,
        each: Each,
        columns: &str,
    ) -> (String, Conditions<'f>) {
        let (table, time, conditions) = self.source(filter, piece);
        let is_totals = matches!(self, Self::Totals { .. }) && time != "created_at";
        let member = match each {
            Each::Member(_) if is_totals => "member",
            Each::Member(dimension) => dimension.member(),
            Each::Time | Each::All => "NULL",
        };
        let (at, group) = match each {
            Each::Time if time == "created_at" => ("NULL", String::new()),
            Each::Time => (time, format!(" GROUP BY {time}")),
            Each::Member(_) if is_totals => ("NULL", " GROUP BY member".to_owned()),
            Each::Member(dimension) => ("NULL", format!(" GROUP BY {}", dimension.column())),
            Each::All => ("NULL", String::new()),
        };
        let sql = format!(
            "{} AS place, {at} AS stat_at, {member} AS member, {columns} FROM {table} WHERE {}{group}",
            piece.bucket,
            conditions.sql()
        );
        (sql, conditions)
    }

    /// The table that `piece` is in, its column of time, and which of its rows are wanted.
    fn source<'f>(
        &'f self,
        filter: &'f UsageFilter,
        piece: Piece,
    ) -> (&'static str, &'static str, Conditions<'f>) {
        let (table, time, from, to) = match (piece.source, self) {
            (Source::Records { after_id }, _) => {
                let conditions = filter.within(piece.range).given("id > ?", after_id);
                return ("t_ai_api_logs", "created_at", conditions);
            }
            (Source::Hours, Self::Totals { .. }) => {
                ("t_ai_usage_totals", "stat_hour", "stat_hour >= ?", "stat_hour < ?")
            }
            (Source::Days, Self::Totals { .. }) => {
                ("t_ai_usage_totals_daily", "stat_day", "stat_day >= ?", "stat_day < ?")
            }
            (Source::Hours, _) => {
                ("t_ai_usage_stats", "stat_hour", "stat_hour >= ?", "stat_hour < ?")
            }
            (Source::Days, _) => {
                ("t_ai_usage_stats_daily", "stat_day", "stat_day >= ?", "stat_day < ?")
            }
        };
        let conditions = match self {
            Self::Totals { dimension, member } => Conditions::new(filter.basis())
                .given("dimension = ?", Some(dimension.map_or("all", Dimension::word)))
                .given("member = ?", member.as_deref())
                .given(from, Some(piece.range.0))
                .given(to, Some(piece.range.1)),
            Self::Stats | Self::Records => {
                let times = Conditions::new(filter.basis())
                    .given(from, Some(piece.range.0))
                    .given(to, Some(piece.range.1));
                filter.narrow(times)
            }
        };
        (table, time, conditions)
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{ApiKeyId, ProviderId};

    use super::*;

    #[test]
    fn the_smallest_tables_that_have_it_are_read() {
        let any = UsageFilter::default();
        let provider = UsageFilter { provider_id: Some(ProviderId::new(2)), ..any.clone() };
        let both = UsageFilter { key_id: Some(ApiKeyId::new(3)), ..provider.clone() };
        let end_user = UsageFilter { end_user: Some("a".to_owned()), ..any.clone() };
        let totals = |dimension, member: Option<&str>| Tables::Totals {
            dimension,
            member: member.map(str::to_owned),
        };
        let cases = [
            (&any, None, totals(None, None)),
            (&any, Some(Dimension::Model), totals(Some(Dimension::Model), None)),
            (&provider, None, totals(Some(Dimension::Provider), Some("2"))),
            (&provider, Some(Dimension::Provider), totals(Some(Dimension::Provider), Some("2"))),
            (&provider, Some(Dimension::Model), Tables::Stats),
            (&both, None, Tables::Stats),
            (&both, Some(Dimension::Key), Tables::Stats),
            (&end_user, None, Tables::Records),
        ];
        for (filter, by, expected) in cases {
            assert_eq!(Tables::of(filter, by), expected, "{filter:?} by {by:?}");
        }
    }
}
