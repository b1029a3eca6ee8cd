//! Moments as the two databases take them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, Utc};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::mysql::MySqlTypeInfo;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo};
use sqlx::{Encode, MySql, Sqlite, Type};

/// A moment to bind; every one is bound so.
///
/// sqlx hands MySQL a `DateTime<Utc>` as a TIMESTAMP, which MariaDB 10 turns into NULL where it
/// lies after 2038-01-19; this is a DATETIME, as the columns are. On SQLite it is the text that the
/// columns' defaults write, always with milliseconds, so that texts compare as moments do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl Type<MySql> for Moment {
    fn type_info() -> MySqlTypeInfo {
        <NaiveDateTime as Type<MySql>>::type_info()
    }
}

impl Encode<'_, MySql> for Moment {
    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        Encode::<MySql>::encode(self.0.naive_utc(), buffer)
    }
}

impl Type<Sqlite> for Moment {
    fn type_info() -> SqliteTypeInfo {
        <DateTime<Utc> as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Moment {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        // A part of a millisecond is in no column; a bound that has one still compares rightly.
        let is_whole = self.0.trunc_subsecs(3) == self.0;
        let format =
            if is_whole { "%Y-%m-%dT%H:%M:%S%.3f+00:00" } else { "%Y-%m-%dT%H:%M:%S%.9f+00:00" };
        Encode::<Sqlite>::encode(self.0.format(format).to_string(), buffer)
    }
}

/// The moment as both databases keep it: cut to the millisecond, within the years they compare.
pub(crate) fn storable(at: DateTime<Utc>) -> DateTime<Utc> {
    comparable(at).trunc_subsecs(3)
}

/// The moment, or the nearest one of the years that both databases compare rightly.
pub(crate) fn comparable(at: DateTime<Utc>) -> DateTime<Utc> {
    let first_of = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let start = |year| first_of(year).and_time(NaiveTime::MIN).and_utc();
    at.clamp(start(1000), start(10_000) - TimeDelta::milliseconds(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_cut_to_what_both_databases_keep() {
        let storable = |text: &str| storable(text.parse().unwrap()).to_rfc3339();

        assert_eq!(storable("2026-11-21T10:00:00.123987Z"), "2026-11-21T10:00:00.123+00:00");
        assert_eq!(storable("+12000-01-01T00:00:00Z"), "9999-12-31T23:59:59.999+00:00");
        assert_eq!(storable("-0001-01-01T00:00:00Z"), "1000-01-01T00:00:00+00:00");
    }
}
