//! From groups to sums over one dimension.

use super::measures::MEASURES;
use super::sums::{Part, Sums, add};

/// The dimensions, in the order of their columns in a group's key.
const DIMENSIONS: [&str; 5] = ["provider", "model", "key", "app", "user"];
/// The dimension that has one member with everything.
const ALL: &str = "all";

/// The rows of `t_ai_usage_totals` that rows of `t_ai_usage_stats` come to.
pub(super) fn of_groups(groups: &Sums) -> Sums {
    let mut totals = Sums::new();
    for (key, sums) in groups {
        count(&mut totals, ALL, String::new(), sums);
        for (dimension, part) in DIMENSIONS.iter().zip(key) {
            let member = match part {
                Part::Id(id) => id.to_string(),
                Part::Text(text) => text.clone(),
            };
            count(&mut totals, dimension, member, sums);
        }
    }
    totals
}

fn count(totals: &mut Sums, dimension: &str, member: String, sums: &[i64]) {
    let key = vec![Part::Text(dimension.to_owned()), Part::Text(member)];
    let total = totals.entry(key).or_insert_with(|| vec![0; MEASURES.len()]);
    add(total, sums, &MEASURES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dimension_has_every_call_once() {
        let group = |ids: [i64; 4], model: &str, requests: i64| {
            let [provider, key, app, user] = ids.map(Part::Id);
            let mut sums = vec![0; MEASURES.len()];
            sums[0] = requests;
            (vec![provider, Part::Text(model.to_owned()), key, app, user], sums)
        };
        let groups = Sums::from([
            group([1, 11, 5, 0], "a", 3),
            group([1, 12, 5, 7], "b", 4),
            group([2, 21, 0, 7], "a", 5),
        ]);

        let totals = of_groups(&groups);

        let requests: Vec<(String, i64)> = totals
            .iter()
            .map(|(key, sums)| {
                let texts = key.iter().map(|part| match part {
                    Part::Text(text) => text.as_str(),
                    Part::Id(_) => panic!("members are texts"),
                });
                (texts.collect::<Vec<_>>().join(":"), sums[0])
            })
            .collect();
        let expected = [
            ("all:", 12),
            ("app:0", 5),
            ("app:5", 7),
            ("key:11", 3),
            ("key:12", 4),
            ("key:21", 5),
            ("model:a", 8),
            ("model:b", 4),
            ("provider:1", 7),
            ("provider:2", 5),
            ("user:0", 3),
            ("user:7", 9),
        ];
        assert_eq!(requests, expected.map(|(name, count)| (name.to_owned(), count)));
    }
}
