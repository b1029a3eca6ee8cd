//! Budgets of app tokens that are spent, most or all of them.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
use tollgate_domain::app_token::AppToken;
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_store::alerts::Scope;

use crate::app::App;

/// How long ago a call was refused that still says that a budget is used up.
const REFUSED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// How a budget stands.
struct Standing<'t> {
    token: &'t AppToken,
    cap: NanoUsd,
    spent: NanoUsd,
    /// Whether a call was refused lately because of it.
    has_refused: bool,
}

/// Looks at every budget, in its period of now.
///
/// # Errors
/// Those of the database.
pub async fn check(app: &App, now: DateTime<Utc>) -> anyhow::Result<String> {
    let percent = super::thresholds(app).await?.budget_percent;
    let mut tokens: Vec<Arc<AppToken>> =
        app.engine.snapshot().app_tokens.values().map(Arc::clone).collect();
    tokens.retain(|token| token.is_active && token.budget.cap.is_some_and(is_some_money));
    tokens.sort_by_key(|token| token.id);
    let budgets: Vec<_> = tokens.iter().map(|token| (token.id, token.budget)).collect();
    let spent = app.store.budgets().spent(&budgets, now).await?;
    let refused: HashSet<AppTokenId> =
        app.store.alerts().refused_for_budget(now - REFUSED_WITHIN).await?.into_iter().collect();
    let open = app.store.alerts().open(AlertKind::BudgetSpent).await?;
    let open: HashSet<String> = open.into_iter().map(|alert| alert.condition).collect();
    let standings = tokens.iter().zip(spent).map(|(token, spent)| Standing {
        token,
        cap: token.budget.cap.unwrap_or_default(),
        spent,
        has_refused: refused.contains(&token.id),
    });
    let wrong: Vec<Condition> =
        standings.flat_map(|standing| wrong(&standing, percent, &open, now)).collect();
    let scope = Scope::Kinds(&[AlertKind::BudgetSpent]);
    app.store.alerts().settle(scope, &wrong, now).await?;
    Ok(format!("{} budgets, {} alerts", tokens.len(), wrong.len()))
}

fn is_some_money(cap: NanoUsd) -> bool {
    cap > NanoUsd::ZERO
}

/// What is wrong with a budget that stands like this: it is spent to the first threshold, and, an
/// alert of its own, all of it.
///
/// The last of a budget is often too little for any call, so it counts as spent as well when calls
/// are refused for it past the first threshold, and then for the rest of its period, since
/// nothing of it comes back; a greater budget is another one.
fn wrong(
    standing: &Standing<'_>,
    percent: u32,
    open: &HashSet<String>,
    now: DateTime<Utc>,
) -> Vec<Condition> {
    let Standing { token, cap, spent, has_refused } = *standing;
    let used = i128::from(spent.get()) * 100;
    if used < i128::from(cap.get()) * i128::from(percent) {
        return Vec::new();
    }
    let start = token.budget.period.start(now);
    let all = AlertCondition::BudgetSpent(token.id, start, cap);
    let is_spent = spent >= cap || has_refused || open.contains(&all.to_string());
    let nearly = AlertCondition::BudgetNearlySpent(token.id, start);
    let mut wrong = vec![told(standing, nearly, AlertLevel::Warning, percent, now)];
    if is_spent {
        wrong.push(told(standing, all, AlertLevel::Critical, 100, now));
    }
    wrong
}

fn told(
    standing: &Standing<'_>,
    condition: AlertCondition,
    level: AlertLevel,
    threshold: u32,
    now: DateTime<Utc>,
) -> Condition {
    let Standing { token, cap, spent, .. } = standing;
    let (name, period) = (&token.name, token.budget.period);
    let end = period.end(now).map(|end| format!(", until {}", end.date_naive()));
    let end = end.unwrap_or_default();
    let what = if threshold >= 100 {
        "has spent its budget, and its calls are refused"
    } else {
        "has spent most of its budget"
    };
    Condition {
        condition,
        kind: AlertKind::BudgetSpent,
        level,
        subject: name.clone(),
        message: format!("the app token `{name}` {what}: {spent} of {cap} USD ({period}{end})"),
        payload: json!({
            "appId": token.id.get(),
            "appName": name,
            "thresholdPercent": threshold,
            "spentUsd": spent,
            "budgetUsd": cap,
            "budgetPeriod": period.as_str(),
            "periodStart": period.start(now).to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::app_token::Scope as TokenScope;
    use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};

    use super::*;

    fn token() -> AppToken {
        AppToken {
            id: AppTokenId::new(7),
            name: "shop".to_owned(),
            hint: String::new(),
            owner_id: None,
            scopes: vec![TokenScope::Chat],
            allowed_models: Vec::new(),
            allowed_providers: Vec::new(),
            limits: AppLimits::default(),
            budget: Budget { cap: Some(NanoUsd::new(1_000)), period: BudgetPeriod::Month },
            requests_count_today: 0,
            counted_on: None,
            expires_at: None,
            is_active: true,
            last_used_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn conditions(spent: i64, has_refused: bool, open: &[&str]) -> Vec<String> {
        let token = token();
        let standing = Standing {
            token: &token,
            cap: NanoUsd::new(1_000),
            spent: NanoUsd::new(spent),
            has_refused,
        };
        let open = open.iter().map(|it| (*it).to_owned()).collect();
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let wrong = wrong(&standing, 80, &open, now);
        wrong.iter().map(|it| format!("{} {}", it.level, it.condition)).collect()
    }

    #[test]
    fn a_budget_is_told_at_the_threshold_and_when_it_is_spent() {
        let nearly = "warning budget_nearly:7:2026-11-01";
        let all = "critical budget:7:2026-11-01:1000";

        assert!(conditions(799, true, &[]).is_empty());
        assert_eq!(conditions(800, false, &[]), [nearly]);
        assert_eq!(conditions(999, false, &[]), [nearly]);
        assert_eq!(conditions(1_000, false, &[]), [nearly, all]);
        // What is left is too little for any call.
        assert_eq!(conditions(990, true, &[]), [nearly, all]);
        assert_eq!(conditions(990, false, &["budget:7:2026-11-01:1000"]), [nearly, all]);
        // It had been a smaller one.
        assert_eq!(conditions(990, false, &["budget:7:2026-11-01:900"]), [nearly]);
    }

    #[test]
    fn an_alert_says_what_is_spent_and_until_when() {
        let token = token();
        let standing = Standing {
            token: &token,
            cap: NanoUsd::new(10_000_000_000),
            spent: NanoUsd::new(8_500_000_000),
            has_refused: false,
        };
        let now = "2026-11-21T10:00:00Z".parse().unwrap();

        let told = wrong(&standing, 80, &HashSet::new(), now);

        assert_eq!(
            told[0].message,
            "the app token `shop` has spent most of its budget: 8.5 of 10 USD (month, until \
             2026-12-01)"
        );
        assert_eq!(told[0].payload["spentUsd"], 8.5);
    }
}
