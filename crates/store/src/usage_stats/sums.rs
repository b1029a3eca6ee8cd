//! Sums by group, as rows of a table of usage.

use std::collections::BTreeMap;

use super::measures::Measure;

/// A part of what a group is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// An id; 0 for none.
    Id(i64),
    /// A word, a model's code or an error's; empty for none.
    Text(String),
}

/// What a group is known by: its columns in the order of the table's key.
pub(super) type Key = Vec<Part>;

/// Measures by group, in the order of the groups: rows are written in one order by everybody, so
/// that two transactions do not wait for each other's rows mutually.
pub(super) type Sums = BTreeMap<Key, Vec<i64>>;

/// What has to become of a day's rows because an hour of it changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing.
    None,
    /// These are added; of a largest value, taken where it is larger.
    Add(Sums),
    /// The day is summed anew: a group is gone, or a largest value has become smaller.
    Rebuild,
}

/// Adds `more` to `sums`, measure by measure.
pub(super) fn add(sums: &mut [i64], more: &[i64], measures: &[Measure]) {
    for ((sum, more), measure) in sums.iter_mut().zip(more).zip(measures) {
        *sum = if measure.is_max() { (*sum).max(*more) } else { sum.saturating_add(*more) };
    }
}

/// What takes a day from having `old` in it to having `new`.
pub(super) fn change(old: &Sums, new: &Sums, measures: &[Measure]) -> Change {
    let mut added = Sums::new();
    if old.keys().any(|key| !new.contains_key(key)) {
        return Change::Rebuild;
    }
    for (key, after) in new {
        let before = old.get(key);
        if before == Some(after) {
            continue;
        }
        let mut delta = Vec::with_capacity(after.len());
        for (place, measure) in measures.iter().enumerate() {
            let before = before.map_or(0, |before| before[place]);
            if measure.is_max() {
                if after[place] < before {
                    return Change::Rebuild;
                }
                delta.push(after[place]);
            } else {
                delta.push(after[place].saturating_sub(before));
            }
        }
        added.insert(key.clone(), delta);
    }
    if added.is_empty() { Change::None } else { Change::Add(added) }
}

#[cfg(test)]
mod tests {
    use super::super::measures::MEASURES;
    use super::*;

    /// A table with a count and a largest value.
    fn measures() -> [Measure; 2] {
        let by_name = |name| *MEASURES.iter().find(|measure| measure.column == name).unwrap();
        [by_name("requests"), by_name("latency_max_ms")]
    }

    fn sums(rows: &[(i64, [i64; 2])]) -> Sums {
        rows.iter().map(|(id, values)| (vec![Part::Id(*id)], values.to_vec())).collect()
    }

    #[test]
    fn a_day_changes_by_what_its_hour_did() {
        let old = sums(&[(1, [5, 90]), (2, [1, 10])]);
        let cases = [
            ("the same", sums(&[(1, [5, 90]), (2, [1, 10])]), Change::None),
            (
                "more of one, and another one",
                sums(&[(1, [7, 90]), (2, [1, 10]), (3, [1, 4])]),
                Change::Add(sums(&[(1, [2, 90]), (3, [1, 4])])),
            ),
            ("less", sums(&[(1, [4, 90]), (2, [1, 10])]), Change::Add(sums(&[(1, [-1, 90])]))),
            ("a smaller largest value", sums(&[(1, [5, 80]), (2, [1, 10])]), Change::Rebuild),
            ("one is gone", sums(&[(1, [5, 90])]), Change::Rebuild),
        ];
        for (case, new, expected) in cases {
            assert_eq!(change(&old, &new, &measures()), expected, "{case}");
        }
    }

    #[test]
    fn sums_that_would_overflow_stay_at_the_largest_number() {
        let mut sums = [i64::MAX - 1, 7];

        add(&mut sums, &[5, 3], &measures());

        assert_eq!(sums, [i64::MAX, 7]);
    }
}
