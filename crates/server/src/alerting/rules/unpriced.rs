//! Models that answer while nobody knows what they cost.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tollgate_domain::ProviderId;
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_store::alerts::figures::{Pricing, UnpricedModel};
use tollgate_store::alerts::{OpenAlert, Scope};

use crate::app::App;

/// How long after its last call a model that is not in the list is forgotten, since nobody can
/// price it there.
const UNLISTED_KEPT: TimeDelta = TimeDelta::days(1);

/// A model, as an alert's payload names it.
type Model = (ProviderId, String);

/// Looks at the calls of the last minutes; what was told before stays until the model has a price.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    let minutes = super::thresholds(app).await?.unpriced_minutes;
    let from = now - TimeDelta::minutes(i64::from(minutes));
    let seen = app.store.alerts().unpriced(from).await?;
    let mut wrong: BTreeMap<Model, Condition> = seen
        .iter()
        .map(|model| ((model.provider_id, model.model_code.clone()), condition(model)))
        .collect();
    for alert in app.store.alerts().open(AlertKind::ModelUnpriced).await? {
        let Some(model) = model_of(&alert) else { continue };
        let key = (model.provider_id, model.model_code.clone());
        // One that answered again in the meantime keeps saying what it said.
        let said = wrong.contains_key(&key);
        if said || is_still_unpriced(app, &key, now).await? {
            wrong.insert(key, condition(&model));
        }
    }
    let count = wrong.len();
    let wrong: Vec<Condition> = wrong.into_values().collect();
    let scope = Scope::Kinds(&[AlertKind::ModelUnpriced]);
    app.store.alerts().settle(scope, &wrong, now).await?;
    Ok(format!("{count} models answer without a price"))
}

async fn is_still_unpriced(
    app: &App,
    (id, code): &Model,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let alerts = app.store.alerts();
    Ok(match alerts.pricing(*id, code, now).await? {
        Pricing::Unpriced => true,
        Pricing::Priced | Pricing::Gone => false,
        Pricing::Unlisted => alerts.was_called(*id, code, now - UNLISTED_KEPT).await?,
    })
}

fn condition(model: &UnpricedModel) -> Condition {
    let UnpricedModel { provider_id, provider_code, model_code, calls } = model;
    Condition {
        condition: AlertCondition::Unpriced(*provider_id, model_code.clone()),
        kind: AlertKind::ModelUnpriced,
        level: AlertLevel::Warning,
        subject: format!("{provider_code} / {model_code}"),
        message: format!(
            "`{model_code}` of `{provider_code}` answers calls whose price is not known, so that \
             they count nothing in costs; give the model a price"
        ),
        payload: json!({
            "providerId": provider_id.get(),
            "providerCode": provider_code,
            "modelCode": model_code,
            "callsWhenFired": calls,
        }),
    }
}

/// The model that an open alert tells of.
fn model_of(alert: &OpenAlert) -> Option<UnpricedModel> {
    let text = |name: &str| alert.payload.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(UnpricedModel {
        provider_id: ProviderId::new(alert.payload.get("providerId")?.as_i64()?),
        provider_code: text("providerCode")?,
        model_code: text("modelCode")?,
        calls: alert.payload.get("callsWhenFired")?.as_i64()?,
    })
}

#[cfg(test)]
mod tests {
    use tollgate_domain::AlertId;

    use super::*;

    #[test]
    fn an_open_alert_names_its_model() {
        let model = UnpricedModel {
            provider_id: ProviderId::new(3),
            provider_code: "openai".to_owned(),
            model_code: "gpt-9".to_owned(),
            calls: 4,
        };
        let told = condition(&model);

        let open = OpenAlert {
            id: AlertId::new(1),
            condition: told.condition.to_string(),
            payload: told.payload,
        };

        assert_eq!(model_of(&open), Some(model));
        assert_eq!(open.condition, "unpriced:3:gpt-9");
        assert_eq!(model_of(&OpenAlert { payload: Value::Null, ..open }), None);
    }
}
