//! Which tables of usage have what a report asks for.

use std::collections::BTreeSet;

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
pub(super) enum Each<'m> {
    /// The hour or day of the tables of usage.
    Time,
    /// The member of a dimension.
    Member(Dimension),
    /// The members of two dimensions together.
    Pair(Dimension, Dimension),
    /// The hour or day of the tables of usage, and the member of a dimension, which is one of these.
    TimeOf(Dimension, &'m BTreeSet<Option<String>>),
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

    /// What has the sums of what `filter` leaves, for each two members of two dimensions.
    pub(super) const fn of_pairs(filter: &UsageFilter) -> Self {
        if filter.end_user.is_some() { Self::Records } else { Self::Stats }
    }

    /// The SELECT that sums what `piece` has, without the word SELECT: `columns` are the sums.
    pub(super) fn read<'f>(
        &'f self,
        filter: &'f UsageFilter,
        piece: Piece,
        each: Each<'f>,
        columns: &str,
    ) -> (String, Conditions<'f>) {
        let (table, time, conditions) = self.source(filter, piece);
        let is_totals = matches!(self, Self::Totals { .. }) && time != "created_at";
        let column = |of: Dimension| if is_totals { "member" } else { of.column() };
        let text = |of: Dimension| if is_totals { "member" } else { of.member() };
        // Records have no column of the hour: their pieces tell the bucket.
        let at = (time != "created_at").then_some(time);
        let (at, members) = match each {
            Each::Time => (at, [None, None]),
            Each::Member(of) => (None, [Some(of), None]),
            Each::Pair(one, other) => (None, [Some(one), Some(other)]),
            Each::TimeOf(of, _) => (at, [Some(of), None]),
        };
        let conditions = match each {
            Each::TimeOf(of, wanted) => conditions.within(column(of), wanted),
            _ => conditions,
        };
        let groups = at.into_iter().chain(members.into_iter().flatten().map(column));
        let groups = groups.collect::<Vec<_>>().join(", ");
        let group = if groups.is_empty() { groups } else { format!(" GROUP BY {groups}") };
        let [member, other] = members.map(|of| of.map_or("NULL", text));
        let sql = format!(
            "{} AS place, {} AS stat_at, {member} AS member, {other} AS other, {columns}
            FROM {table} WHERE {}{group}",
            piece.bucket,
            at.unwrap_or("NULL"),
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
