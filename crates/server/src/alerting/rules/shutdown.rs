//! Models in use that their providers are about to shut down.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_store::alerts::Scope;
use tollgate_store::alerts::figures::EndingModel;

use crate::app::App;

/// How long ago a model was called that is in use though it is switched off.
const USED_WITHIN: TimeDelta = TimeDelta::days(1);

/// Looks at the models that are active, or in use, and end soon.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    let days = super::thresholds(app).await?.shutdown_days;
    let today = now.date_naive();
    let until = today.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
    let ending = app.store.alerts().ending_models(until, now - USED_WITHIN).await?;
    let wrong: Vec<Condition> = ending.iter().map(|model| condition(model, today)).collect();
    let scope = Scope::Kinds(&[AlertKind::ModelShutdown]);
    app.store.alerts().settle(scope, &wrong, now).await?;
    Ok(format!("{} models in use are shut down by {until}", wrong.len()))
}

fn condition(model: &EndingModel, today: NaiveDate) -> Condition {
    let EndingModel { model_id, model_code, provider_code, shutdown_date } = model;
    let is_over = *shutdown_date <= today;
    let when = if is_over { "was to be shut down" } else { "is shut down" };
    Condition {
        condition: AlertCondition::Shutdown(*model_id),
        kind: AlertKind::ModelShutdown,
        level: if is_over { AlertLevel::Critical } else { AlertLevel::Warning },
        subject: format!("{provider_code} / {model_code}"),
        message: format!(
            "`{model_code}` of `{provider_code}` {when} by its provider on {shutdown_date}; let \
             its callers go to another model, and switch it off here"
        ),
        payload: json!({
            "modelId": model_id.get(),
            "modelCode": model_code,
            "providerCode": provider_code,
            "shutdownDate": shutdown_date.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ModelId;

    use super::*;

    #[test]
    fn a_model_is_worse_off_once_its_day_has_come() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let model = EndingModel {
            model_id: ModelId::new(5),
            model_code: "gpt-5".to_owned(),
            provider_code: "openai".to_owned(),
            shutdown_date: day("2026-12-11"),
        };

        let before = condition(&model, day("2026-12-10"));
        let after = condition(&model, day("2026-12-11"));

        assert_eq!((before.level, after.level), (AlertLevel::Warning, AlertLevel::Critical));
        assert_eq!(before.condition, after.condition);
        assert!(before.message.contains("is shut down by its provider on 2026-12-11"));
    }
}
