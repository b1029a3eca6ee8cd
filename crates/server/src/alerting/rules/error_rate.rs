//! Too many calls fail.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_domain::channel::AlertThresholds;
use tollgate_store::alerts::Scope;
use tollgate_store::alerts::figures::CallCounts;

use crate::app::App;

/// Which calls are looked at: those that ended in the last so many minutes.
const WINDOW_MINUTES: i64 = 5;

/// Looks at the calls of the last five minutes.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    let thresholds = super::thresholds(app).await?;
    let counts = app.store.alerts().call_counts(now - TimeDelta::minutes(WINDOW_MINUTES)).await?;
    let wrong: Vec<Condition> = wrong(counts, &thresholds).into_iter().collect();
    let scope = Scope::Kinds(&[AlertKind::ErrorRate]);
    app.store.alerts().settle(scope, &wrong, now).await?;
    Ok(format!("{} of {} calls failed", counts.errors, counts.calls))
}

/// What is wrong where so many calls failed. Few calls say nothing: one of three is no outage.
fn wrong(counts: CallCounts, thresholds: &AlertThresholds) -> Option<Condition> {
    let CallCounts { calls, errors } = counts;
    let percent = i64::from(thresholds.error_rate_percent);
    if calls < i64::from(thresholds.error_rate_min_calls) || errors * 100 <= percent * calls {
        return None;
    }
    // To a tenth, in whole numbers.
    let per_mille = errors * 1_000 / calls;
    let rate = format!("{}.{}", per_mille / 10, per_mille % 10);
    Some(Condition {
        condition: AlertCondition::ErrorRate,
        kind: AlertKind::ErrorRate,
        level: AlertLevel::Warning,
        subject: "all calls".to_owned(),
        message: format!(
            "{errors} of the {calls} calls of the last {WINDOW_MINUTES} minutes failed: {rate} %, \
             which is more than {percent} %"
        ),
        payload: json!({
            "calls": calls,
            "errors": errors,
            "thresholdPercent": percent,
            "windowSeconds": WINDOW_MINUTES * 60,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_told_when_it_is_above_the_threshold_and_calls_are_enough() {
        let told = |errors, calls| {
            wrong(CallCounts { calls, errors }, &AlertThresholds::default())
                .map(|condition| condition.message)
        };

        for (errors, calls) in [(0, 0), (19, 19), (1, 20), (5, 100), (50, 1_000)] {
            assert_eq!(told(errors, calls), None, "{errors} of {calls}");
        }
        assert_eq!(
            told(2, 20).unwrap(),
            "2 of the 20 calls of the last 5 minutes failed: 10.0 %, which is more than 5 %"
        );
        assert!(told(51, 1_000).unwrap().contains("5.1 %"));
    }

    #[test]
    fn thresholds_are_those_of_the_settings() {
        let strict = AlertThresholds {
            error_rate_percent: 0,
            error_rate_min_calls: 1,
            ..AlertThresholds::default()
        };

        assert!(wrong(CallCounts { calls: 100, errors: 1 }, &strict).is_some());
        assert!(wrong(CallCounts { calls: 100, errors: 0 }, &strict).is_none());
    }
}
