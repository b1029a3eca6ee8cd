//! Calls with a budget that cost more than was kept for them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_store::StoreResult;
use tollgate_store::alerts::Scope;

use crate::budget::overruns::Overrun;
use crate::engine::Core;

/// Tells of each one that was seen since the last time. Nothing here resolves: the server does,
/// when an hour has passed without another one.
///
/// # Errors
/// Those of the database; what could not be told is told the next time.
pub(super) async fn tend(core: &Core, now: DateTime<Utc>) -> StoreResult<()> {
    for overrun in core.budgets.overruns().seen() {
        let name = core.keeper.current().app_token(overrun.token).map(|it| it.name.clone());
        let wrong = condition(&overrun, &name.unwrap_or_default(), now);
        let scope = wrong.condition.clone();
        core.store.alerts().settle(Scope::Only(&scope), &[wrong], now).await?;
        core.budgets.overruns().told(&overrun);
    }
    Ok(())
}

fn condition(overrun: &Overrun, name: &str, now: DateTime<Utc>) -> Condition {
    let Overrun { token, cost, kept, .. } = *overrun;
    Condition {
        condition: AlertCondition::AboveBound(token),
        kind: AlertKind::CostAboveBound,
        level: AlertLevel::Warning,
        subject: name.to_owned(),
        message: format!(
            "a call of the app token `{name}` cost {cost} USD, more than the {kept} USD that were \
             kept of its budget: the provider counted more tokens than the request could have, or \
             the model's prices are wrong"
        ),
        payload: json!({
            "appId": token.get(),
            "appName": name,
            "costUsd": cost,
            "keptUsd": kept,
            "seenAt": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        }),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::{AppTokenId, NanoUsd};

    use super::*;

    #[test]
    fn an_alert_says_what_a_call_cost_and_what_was_kept_for_it() {
        let overrun = Overrun {
            token: AppTokenId::new(7),
            cost: NanoUsd::new(500_000_000),
            kept: NanoUsd::new(200_000_000),
            count: 1,
        };

        let told = condition(&overrun, "shop", DateTime::UNIX_EPOCH);

        assert_eq!(told.condition.to_string(), "above_bound:7");
        assert!(told.message.contains("`shop` cost 0.5 USD, more than the 0.2 USD"), "{told:?}");
        assert_eq!(told.payload["costUsd"], 0.5);
    }
}
