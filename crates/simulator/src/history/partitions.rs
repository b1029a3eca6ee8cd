//! The days of a history as partitions of MySQL, as the gateway makes them. It would divide a full
//! table too, but then has to copy it.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::database::Database;
use super::sql::Dialect;

/// For how many days after the history's end there are partitions, as the gateway has them.
const DAYS_AHEAD: u64 = 14;

/// Divides the table of calls, where it is empty, by the days from `from` to some after `until`. A
/// server that refuses has a table that is not divided.
pub(super) async fn divide(
    database: &mut Database,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> anyhow::Result<()> {
    let any = "SELECT id FROM t_ai_api_logs LIMIT 1".to_owned();
    if database.dialect() == Dialect::Sqlite || !database.numbers(any).await?.is_empty() {
        return Ok(());
    }
    let last = until.date_naive() + Days::new(DAYS_AHEAD);
    // TiDB before 7.4 refuses.
    let _ = database.execute(statement(from.date_naive(), last)).await;
    Ok(())
}

fn statement(first: NaiveDate, last: NaiveDate) -> String {
    let days = first.iter_days().take_while(|day| *day <= last);
    let days = days.map(|day| {
        let end = day + Days::new(1);
        format!("PARTITION p{} VALUES LESS THAN ('{end} 00:00:00')", day.format("%Y%m%d"))
    });
    let rest = "PARTITION p_rest VALUES LESS THAN (MAXVALUE)".to_owned();
    let pieces: Vec<String> = days.chain([rest]).collect();
    format!(
        "ALTER TABLE t_ai_api_logs PARTITION BY RANGE COLUMNS (created_at) ({})",
        pieces.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_a_partition_and_what_follows_has_the_last() {
        let day = |text: &str| text.parse().unwrap();

        assert_eq!(
            statement(day("2026-10-31"), day("2026-11-01")),
            "ALTER TABLE t_ai_api_logs PARTITION BY RANGE COLUMNS (created_at) (\
             PARTITION p20261031 VALUES LESS THAN ('2026-11-01 00:00:00'), \
             PARTITION p20261101 VALUES LESS THAN ('2026-11-02 00:00:00'), \
             PARTITION p_rest VALUES LESS THAN (MAXVALUE))"
        );
    }
}
