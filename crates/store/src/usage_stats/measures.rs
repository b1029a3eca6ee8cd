//! What is summed, once for the records and for the tables of usage.

/// A column of the tables of usage, and what it is over rows of `t_ai_api_logs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The column.
    pub(crate) column: &'static str,
    of_records: OfRecords,
}

/// How a measure is made from records. `condition` and `value` are SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OfRecords {
    /// How many rows meet a condition.
    Count(&'static str),
    /// The sum of a value that is never so large that it overflows; NULL adds nothing.
    Sum(&'static str),
    /// The largest value.
    Max(&'static str),
    /// Counts of answered calls that took more than the first and at most the second milliseconds.
    Took(Option<i64>, Option<i64>),
    /// The cost, which [`COST_PARTS`] add up to.
    Cost,
}

/// What the sum of costs is read as: how many times [`COST_UNIT`], and the rest. They are summed
/// apart, because SQLite fails where a sum overflows, and a provider that lies about its tokens can
/// make single costs as large as a number holds.
pub(crate) const COST_PARTS: [&str; 2] = ["cost_units", "cost_rest"];
/// A power of two, since both databases shift, and MariaDB takes ten times as long to divide.
pub(crate) const COST_UNIT: i64 = 1 << 30;

/// Up to how many milliseconds each but the last of the columns `latency_le_…` counts.
pub(crate) const LATENCY_BOUNDS_MS: [i64; 19] = [
    50, 100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000,
    15_000, 20_000, 30_000, 60_000,
];

const ANSWERED: &str = "is_final AND status = 'success'";

/// Every measure, in the order in which [`of_records`] and [`of_usage`] have them.
pub(crate) const MEASURES: [Measure; 39] = [
    // Calls, by their final attempts.
    measure("requests", OfRecords::Count("is_final")),
    measure("successes", OfRecords::Count(ANSWERED)),
    measure("errors", OfRecords::Count("is_final AND status = 'error'")),
    measure("cancelled", OfRecords::Count("is_final AND status = 'cancelled'")),
    // Attempts; a call that was refused before any has one row, with the number 0.
    measure("attempts", OfRecords::Count("attempt > 0")),
    measure("attempt_errors", OfRecords::Count("attempt > 0 AND status = 'error'")),
    // What attempts used and cost, whatever became of them.
    measure("prompt_tokens", OfRecords::Sum("prompt_tokens")),
    measure("cached_tokens", OfRecords::Sum("cached_tokens")),
    measure("cache_write_tokens", OfRecords::Sum("cache_write_tokens")),
    measure("cache_write_1h_tokens", OfRecords::Sum("cache_write_1h_tokens")),
    measure("completion_tokens", OfRecords::Sum("completion_tokens")),
    measure("reasoning_tokens", OfRecords::Sum("reasoning_tokens")),
    measure("total_tokens", OfRecords::Sum("total_tokens")),
    measure("cost_nanousd", OfRecords::Cost),
    measure(
        "unpriced",
        OfRecords::Count("cost_nanousd IS NULL AND (total_tokens > 0 OR status = 'success')"),
    ),
    // How long answered calls took, by their final attempts.
    measure(
        "latency_sum_ms",
        OfRecords::Sum("CASE WHEN is_final AND status = 'success' THEN latency_ms END"),
    ),
    measure(
        "latency_max_ms",
        OfRecords::Max("CASE WHEN is_final AND status = 'success' THEN latency_ms END"),
    ),
    measure("latency_le_50", OfRecords::Took(None, Some(50))),
    measure("latency_le_100", OfRecords::Took(Some(50), Some(100))),
    measure("latency_le_200", OfRecords::Took(Some(100), Some(200))),
    measure("latency_le_300", OfRecords::Took(Some(200), Some(300))),
    measure("latency_le_400", OfRecords::Took(Some(300), Some(400))),
    measure("latency_le_500", OfRecords::Took(Some(400), Some(500))),
    measure("latency_le_750", OfRecords::Took(Some(500), Some(750))),
    measure("latency_le_1000", OfRecords::Took(Some(750), Some(1_000))),
    measure("latency_le_1500", OfRecords::Took(Some(1_000), Some(1_500))),
    measure("latency_le_2000", OfRecords::Took(Some(1_500), Some(2_000))),
    measure("latency_le_3000", OfRecords::Took(Some(2_000), Some(3_000))),
    measure("latency_le_4000", OfRecords::Took(Some(3_000), Some(4_000))),
    measure("latency_le_5000", OfRecords::Took(Some(4_000), Some(5_000))),
    measure("latency_le_7500", OfRecords::Took(Some(5_000), Some(7_500))),
    measure("latency_le_10000", OfRecords::Took(Some(7_500), Some(10_000))),
    measure("latency_le_15000", OfRecords::Took(Some(10_000), Some(15_000))),
    measure("latency_le_20000", OfRecords::Took(Some(15_000), Some(20_000))),
    measure("latency_le_30000", OfRecords::Took(Some(20_000), Some(30_000))),
    measure("latency_le_60000", OfRecords::Took(Some(30_000), Some(60_000))),
    measure("latency_over_60000", OfRecords::Took(Some(60_000), None)),
    // How long answered streams took to their first content.
    measure(
        "first_token_count",
        OfRecords::Count("is_final AND status = 'success' AND first_token_ms IS NOT NULL"),
    ),
    measure(
        "first_token_sum_ms",
        OfRecords::Sum("CASE WHEN is_final AND status = 'success' THEN first_token_ms END"),
    ),
];

/// The measures of the tables of errors, over records of attempts that failed.
pub(crate) const ERROR_MEASURES: [Measure; 2] = [
    // Calls that failed, by their final attempts.
    measure("calls", OfRecords::Count("is_final AND status = 'error'")),
    // Attempts that were sent to a provider and failed.
    measure("attempts", OfRecords::Count("attempt > 0 AND status = 'error'")),
];

const fn measure(column: &'static str, of_records: OfRecords) -> Measure {
    Measure { column, of_records }
}

/// Measures over rows of `t_ai_api_logs`, each under its column's name; of the cost, [`COST_PARTS`].
pub(crate) fn of_records(measures: &[Measure]) -> String {
    measures.iter().map(Measure::of_records).collect::<Vec<_>>().join(", ")
}

/// The same over rows of a table of usage.
pub(crate) fn of_usage(measures: &[Measure]) -> String {
    measures.iter().map(Measure::of_usage).collect::<Vec<_>>().join(", ")
}

/// Measures as they are read, with the [`COST_PARTS`] put together.
pub(crate) fn with_cost(measures: &[Measure], mut read: Vec<i64>) -> Vec<i64> {
    if let Some(place) = measures.iter().position(Measure::is_cost) {
        let rest = read.remove(place + 1);
        read[place] = read[place].saturating_mul(COST_UNIT).saturating_add(rest);
    }
    read
}

impl Measure {
    /// Whether hours' values become a day's by taking the largest rather than by adding up.
    pub(crate) const fn is_max(&self) -> bool {
        matches!(self.of_records, OfRecords::Max(_))
    }

    /// Whether it is the cost, which takes two columns to read.
    pub(crate) const fn is_cost(&self) -> bool {
        matches!(self.of_records, OfRecords::Cost)
    }

    /// It over rows of `t_ai_api_logs`, under its column's name.
    pub(crate) fn of_records(&self) -> String {
        let column = self.column;
        match self.of_records {
            OfRecords::Count(condition) => count(condition, column),
            OfRecords::Sum(value) => sum(value, column),
            OfRecords::Max(value) => max(value, column),
            OfRecords::Took(over, up_to) => {
                let over = over.map_or(String::new(), |ms| format!(" AND latency_ms > {ms}"));
                let up_to = up_to.map_or(String::new(), |ms| format!(" AND latency_ms <= {ms}"));
                count(&format!("{ANSWERED}{over}{up_to}"), column)
            }
            OfRecords::Cost => cost(),
        }
    }

    /// The same over rows of a table of usage.
    pub(crate) fn of_usage(&self) -> String {
        if self.is_cost() {
            cost()
        } else if self.is_max() {
            max(self.column, self.column)
        } else {
            sum(self.column, self.column)
        }
    }
}

fn count(condition: &str, name: &str) -> String {
    format!("COUNT(CASE WHEN {condition} THEN 1 END) AS {name}")
}

fn sum(value: &str, name: &str) -> String {
    format!("CAST(COALESCE(SUM({value}), 0) AS SIGNED INTEGER) AS {name}")
}

fn max(value: &str, name: &str) -> String {
    format!("CAST(COALESCE(MAX({value}), 0) AS SIGNED INTEGER) AS {name}")
}

fn cost() -> String {
    let [units, rest] = COST_PARTS;
    let of_rest = format!("cost_nanousd & {}", COST_UNIT - 1);
    format!("{}, {}", sum("cost_nanousd >> 30", units), sum(&of_rest, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_are_the_columns_of_the_table_in_both_dialects() {
        for side in ["mysql", "sqlite"] {
            let file = format!(
                "{}/../../migrations/{side}/0023_usage_stats_daily.sql",
                env!("CARGO_MANIFEST_DIR")
            );
            let text = std::fs::read_to_string(file).unwrap();
            let columns: Vec<&str> = text
                .lines()
                .filter_map(|line| line.trim().strip_suffix(" BIGINT NOT NULL DEFAULT 0,"))
                .filter(|column| !column.ends_with("_id"))
                .collect();
            let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.column).collect();
            assert_eq!(columns, measures, "{side}");
        }
    }

    #[test]
    fn each_latency_is_counted_in_one_column_whose_name_says_its_bound() {
        let counted: Vec<(&str, Option<i64>, Option<i64>)> = MEASURES
            .iter()
            .filter_map(|measure| match measure.of_records {
                OfRecords::Took(over, up_to) => Some((measure.column, over, up_to)),
                _ => None,
            })
            .collect();

        let mut over = None;
        for ((column, from, to), bound) in
            counted.iter().zip(LATENCY_BOUNDS_MS.map(Some).into_iter().chain([None]))
        {
            assert_eq!((*from, *to), (over, bound), "{column}");
            let name =
                bound.map_or("latency_over_60000".to_owned(), |it| format!("latency_le_{it}"));
            assert_eq!(*column, name);
            over = bound;
        }
        assert_eq!(counted.len(), LATENCY_BOUNDS_MS.len() + 1);
    }
}
