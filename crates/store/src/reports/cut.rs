//! How a time is cut into what the tables of usage have and what only the records tell.
//!
//! Hours that are not folded as their records are (the open hour above all), and the parts of hours
//! at the ends of a time, are read from the records; whole UTC days without such an hour from the
//! daily tables; the other hours from the hourly ones. What is read is of one snapshot, in which an
//! hour is either dirty or folded, so that nothing counts twice or not at all.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::time::hour_of;

use crate::db::on_tx;
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};
use crate::read_tx::ReadTx;

/// From a moment to before another.
pub(super) type Range = (DateTime<Utc>, DateTime<Utc>);

/// Where a piece of time is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The records after this one: those that the purge has removed are in the tables of usage.
    Records { after_id: Option<i64> },
    /// The hourly tables.
    Hours,
    /// The daily tables.
    Days,
}

/// A piece of time, all of which is read from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which of the buckets it belongs to.
    pub(super) bucket: usize,
    /// Where it is read from.
    pub(super) source: Source,
    /// From when to before when.
    pub(super) range: Range,
}

/// What `t_stat_hours` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KnownHours {
    /// The dirty hours of the time that was asked about, and the last record of each that may have
    /// been purged.
    dirty: BTreeMap<DateTime<Utc>, Option<i64>>,
    /// From the first hour that is known to the end of the last one. Records of any other hour were
    /// written by a release before the tables of usage.
    all: Option<Range>,
    /// From when on, and before when, there is anything.
    recorded: Option<Range>,
}

impl KnownHours {
    /// What is known of the hours from `from` to before `to`.
    pub(super) async fn read(tx: &mut ReadTx, (from, to): Range) -> StoreResult<Self> {
        let ends = format!("{} MIN(hour), MAX(hour) FROM t_stat_hours", tx.select());
        let dirty = format!(
            "{} hour, purged_through_id
            FROM t_stat_hours
            WHERE is_dirty = TRUE AND hour >= ? AND hour < ?",
            tx.select()
        );
        type Ends = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);
        type Dirty = Vec<(DateTime<Utc>, Option<i64>)>;
        let (ends, dirty): (Ends, Dirty) = on_tx!(tx, |conn| {
            let ends = sqlx::query_as(AssertSqlSafe(ends)).fetch_one(&mut *conn).await?;
            let dirty = sqlx::query_as(AssertSqlSafe(dirty))
                .bind(Moment(comparable(hour_of(from))))
                .bind(Moment(comparable(to)))
                .fetch_all(&mut *conn)
                .await?;
            (ends, dirty)
        });
        let all = ends.0.zip(ends.1).map(|(first, last)| (first, last + TimeDelta::hours(1)));
        let recorded = recorded(tx, all).await?;
        Ok(Self { dirty: dirty.into_iter().collect(), all, recorded })
    }

    /// As if nothing were known: for what the tables of usage do not have.
    pub(super) async fn unknown(tx: &mut ReadTx) -> StoreResult<Self> {
        Ok(Self { recorded: recorded(tx, None).await?, ..Self::default() })
    }

    /// The part of a range in which there is anything; `None` where there is nothing.
    pub(super) fn recorded(&self, (from, to): Range) -> Option<Range> {
        let (first, end) = self.recorded?;
        Some((from.max(first), to.min(end))).filter(|(from, to)| from < to)
    }

    /// Cuts each of `buckets`, which follow each other, into pieces; into whole days where
    /// `with_days` says that the daily tables may be used.
    pub(super) fn cut(&self, buckets: &[Range], with_days: bool) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (bucket, range) in buckets.iter().copied().enumerate() {
            let Some((mut at, to)) = self.recorded(range) else { continue };
            while at < to {
                let (source, next) = self.step(at, to, with_days);
                if matches!(source, Source::Records { after_id: Some(_) }) {
                    push(&mut pieces, Piece { bucket, source: Source::Hours, range: (at, next) });
                }
                push(&mut pieces, Piece { bucket, source, range: (at, next) });
                at = next;
            }
        }
        pieces
    }

    /// Where the time at `at` is read from, and until when at most.
    fn step(
        &self,
        at: DateTime<Utc>,
        to: DateTime<Utc>,
        with_days: bool,
    ) -> (Source, DateTime<Utc>) {
        const RECORDS: Source = Source::Records { after_id: None };
        let hour = hour_of(at);
        match self.all {
            None => return (RECORDS, to),
            Some((first, _)) if hour < first => return (RECORDS, to.min(first)),
            Some((_, end)) if hour >= end => return (RECORDS, to),
            Some(_) => {}
        }
        let next = hour + TimeDelta::hours(1);
        if at != hour || to < next {
            return (RECORDS, to.min(next));
        }
        if let Some(purged) = self.dirty.get(&hour) {
            return (Source::Records { after_id: *purged }, next);
        }
        let day = (hour, hour + TimeDelta::days(1));
        if with_days && to >= day.1 && self.is_whole_day(day) {
            return (Source::Days, day.1);
        }
        (Source::Hours, next)
    }

    fn is_whole_day(&self, (from, to): Range) -> bool {
        let is_midnight = from.timestamp().rem_euclid(86_400) == 0;
        let is_known = self.all.is_some_and(|(first, end)| first <= from && to <= end);
        is_midnight && is_known && self.dirty.range(from..to).next().is_none()
    }
}

/// From when on, and before when, there is anything: in the hours that are known, or in records
/// before or after them.
async fn recorded(tx: &mut ReadTx, known: Option<Range>) -> StoreResult<Option<Range>> {
    let before = format!(
        "{} created_at FROM t_ai_api_logs WHERE created_at < ? ORDER BY created_at LIMIT 1",
        tx.select()
    );
    let after = format!(
        "{} created_at FROM t_ai_api_logs WHERE created_at >= ? ORDER BY created_at DESC LIMIT 1",
        tx.select()
    );
    let (end, start) = known.map_or(
        (comparable(DateTime::<Utc>::MAX_UTC), comparable(DateTime::<Utc>::MIN_UTC)),
        |(first, end)| (first, end),
    );
    let (before, after): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = on_tx!(tx, |conn| {
        let before = sqlx::query_scalar(AssertSqlSafe(before)).bind(Moment(end));
        let before = before.fetch_optional(&mut *conn).await?;
        let after = sqlx::query_scalar(AssertSqlSafe(after)).bind(Moment(start));
        (before, after.fetch_optional(&mut *conn).await?)
    });
    let after = after.map(|last| last + TimeDelta::milliseconds(1));
    let first = before.or(known.map(|(first, _)| first));
    let end = after.or(known.map(|(_, end)| end));
    Ok(first.zip(end))
}

/// Adds a piece, to the one before it where the two are one.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    let before = pieces.iter_mut().rev().take(2).find(|before| {
        (before.bucket, before.source, before.range.1)
            == (piece.bucket, piece.source, piece.range.0)
    });
    match before {
        Some(before) if !matches!(piece.source, Source::Records { after_id: Some(_) }) => {
            before.range.1 = piece.range.1;
        }
        _ => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: Source = Source::Records { after_id: None };

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-{text}Z").parse().unwrap()
    }

    /// Hours of 10 to 25 November are known.
    fn known(dirty: &[(&str, Option<i64>)]) -> KnownHours {
        KnownHours {
            dirty: dirty.iter().map(|(hour, purged)| (at(hour), *purged)).collect(),
            all: Some((at("10T00:00:00"), at("25T12:00:00"))),
            recorded: Some((at("09T01:15:00"), at("27T00:00:00"))),
        }
    }

    fn cut(known: &KnownHours, from: &str, to: &str, with_days: bool) -> Vec<(Source, String)> {
        let pieces = known.cut(&[(at(from), at(to))], with_days);
        let short = |at: DateTime<Utc>| at.format("%dT%H:%M").to_string();
        let told = |range: Range| format!("{} {}", short(range.0), short(range.1));
        pieces.into_iter().map(|piece| (piece.source, told(piece.range))).collect()
    }

    #[test]
    fn whole_days_hours_and_parts_of_hours_come_from_where_they_are() {
        let known = known(&[("14T05:00:00", None), ("25T11:00:00", None)]);

        let pieces = cut(&known, "11T22:30:00", "25T11:20:00", true);

        let expected = [
            (RECORDS, "11T22:30 11T23:00"),
            (Source::Hours, "11T23:00 12T00:00"),
            (Source::Days, "12T00:00 14T00:00"),
            (Source::Hours, "14T00:00 14T05:00"),
            (RECORDS, "14T05:00 14T06:00"),
            (Source::Hours, "14T06:00 15T00:00"),
            (Source::Days, "15T00:00 25T00:00"),
            (Source::Hours, "25T00:00 25T11:00"),
            (RECORDS, "25T11:00 25T11:20"),
        ];
        assert_eq!(pieces, expected.map(|(source, range)| (source, range.to_owned())));
    }

    #[test]
    fn without_the_daily_tables_hours_are_one_piece() {
        let pieces = cut(&known(&[]), "12T00:00:00", "15T00:00:00", false);

        assert_eq!(pieces, [(Source::Hours, "12T00:00 15T00:00".to_owned())]);
    }

    #[test]
    fn a_dirty_hour_whose_records_were_purged_is_in_both() {
        let known = known(&[("12T03:00:00", Some(77))]);

        let pieces = cut(&known, "12T02:00:00", "12T05:00:00", true);

        let expected = [
            (Source::Hours, "12T02:00 12T05:00"),
            (Source::Records { after_id: Some(77) }, "12T03:00 12T04:00"),
        ];
        assert_eq!(pieces, expected.map(|(source, range)| (source, range.to_owned())));
    }

    #[test]
    fn hours_that_nothing_is_known_of_are_read_from_the_records_at_once() {
        let pieces = cut(&known(&[]), "05T00:00:00", "30T00:00:00", true);

        let expected = [
            (RECORDS, "09T01:15 10T00:00"),
            (Source::Days, "10T00:00 25T00:00"),
            (Source::Hours, "25T00:00 25T12:00"),
            (RECORDS, "25T12:00 27T00:00"),
        ];
        assert_eq!(pieces, expected.map(|(source, range)| (source, range.to_owned())));
        let recorded = Some((at("09T01:15:00"), at("27T00:00:00")));
        let unknown = KnownHours { recorded, ..KnownHours::default() };
        assert_eq!(
            cut(&unknown, "05T00:00:00", "26T00:00:00", true),
            [(RECORDS, "09T01:15 26T00:00".to_owned())]
        );
        assert_eq!(cut(&KnownHours::default(), "05T00:00:00", "26T00:00:00", true), []);
    }

    #[test]
    fn pieces_of_different_buckets_stay_apart() {
        let buckets =
            [(at("12T00:00:00"), at("13T00:00:00")), (at("13T00:00:00"), at("15T00:00:00"))];

        let pieces = known(&[]).cut(&buckets, true);

        let told: Vec<(usize, Source)> =
            pieces.iter().map(|piece| (piece.bucket, piece.source)).collect();
        assert_eq!(told, [(0, Source::Days), (1, Source::Days)]);
    }
}
