//! `tollgate reprice`.

use anyhow::Context;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use serde_json::{Value, json};
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::{Clock, NanoUsd};
use tollgate_store::reprice::{RepriceQuery, RepriceReport, RepricedModel};
use tollgate_store::{Store, StoreError};

use super::{print, ready_store};
use crate::api::stats::range::moment;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct RepriceFlags {
    /// The first call's arrival: a day (UTC), or a moment in RFC 3339
    #[arg(long, value_parser = from)]
    from: DateTime<Utc>,
    /// The last call's: a day (UTC), which is included, or a moment, which is not
    #[arg(long, value_parser = to)]
    to: DateTime<Utc>,
    /// Only calls sent to the model of this code
    #[arg(long)]
    model: Option<String>,
    /// Only calls sent to the provider of this code
    #[arg(long)]
    provider: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

fn from(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, Tz::UTC, false).map_err(str::to_owned)
}

fn to(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, Tz::UTC, true).map_err(str::to_owned)
}

pub(super) async fn run(config: &Config, flags: RepriceFlags) -> anyhow::Result<()> {
    anyhow::ensure!(flags.from < flags.to, "--to is not after --from");
    let (store, clock) = ready_store(config).await?;
    let query = query(&store, &flags).await?;
    let result = store.reprice(&query, flags.dry_run, clock.now()).await;
    if !flags.dry_run {
        // What a run changed before it failed stays changed, so it is told of too.
        let entry = entry(&flags, &result, clock.now());
        store.audit_logs().insert(&entry).await.context("the audit log could not be written")?;
    }
    let report =
        result.context("not all was priced again; the same command goes on with the rest")?;
    show(&report, flags.dry_run);
    store.close().await;
    Ok(())
}

async fn query(store: &Store, flags: &RepriceFlags) -> anyhow::Result<RepriceQuery> {
    let provider_id = match &flags.provider {
        Some(code) => match store.providers().find_by_code(code).await {
            Ok(provider) => Some(provider.id),
            Err(StoreError::NotFound) => anyhow::bail!("there is no provider `{code}`"),
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let model_code = flags.model.clone();
    Ok(RepriceQuery { from: flags.from, to: flags.to, provider_id, model_code })
}

fn show(report: &RepriceReport, is_dry: bool) {
    let total = report.total();
    if total.attempts > 0 {
        let mut rows: Vec<[String; 8]> = report.models().map(row).collect();
        rows.push(row(&RepricedModel { provider: "all".to_owned(), ..total.clone() }));
        print::table(
            [
                "provider",
                "model",
                "attempts",
                "changed",
                "priced",
                "unpriced left",
                "cost",
                "difference",
            ],
            &rows,
        );
    }
    if report.past_retention > 0 {
        print::line(format_args!(
            "{} attempts are left as they are: they are past the retention, and the sums of their \
             hours cannot be made anew",
            report.past_retention
        ));
    }
    match (is_dry, total.changed) {
        (_, 0) => print::line("there is nothing to change"),
        (true, changed) => print::line(format_args!(
            "{changed} attempts would change; this was a dry run, and nothing was changed"
        )),
        (false, changed) => print::line(format_args!(
            "{changed} attempts changed; reports show it at once. What budgets have counted stays."
        )),
    }
}

fn row(model: &RepricedModel) -> [String; 8] {
    let dollars = |amount: NanoUsd| format!("${amount}");
    let difference = model.cost_after - model.cost_before;
    let sign = if difference > NanoUsd::ZERO { "+" } else { "" };
    [
        model.provider.clone(),
        model.model.clone(),
        model.attempts.to_string(),
        model.changed.to_string(),
        format!("{} -> {}", model.priced_before, model.priced_after),
        model.unpriced_left().to_string(),
        format!("{} -> {}", dollars(model.cost_before), dollars(model.cost_after)),
        format!("{sign}{difference}"),
    ]
}

fn entry(
    flags: &RepriceFlags,
    result: &Result<RepriceReport, StoreError>,
    at: DateTime<Utc>,
) -> AuditEntry {
    let done = match result {
        Ok(report) => told(&report.total()),
        Err(_) => json!({"isComplete": false}),
    };
    let mut after = json!({
        "from": flags.from,
        "to": flags.to,
        "providerCode": flags.provider,
        "modelCode": flags.model,
    });
    if let (Value::Object(after), Value::Object(done)) = (&mut after, done) {
        after.extend(done);
    }
    AuditEntry {
        actor: Actor { user_id: None, app_id: None, name: "cli".to_owned(), ip: None },
        action: Action::Reprice,
        resource: "log",
        resource_id: None,
        before: None,
        after: Some(after),
        at,
    }
}

fn told(total: &RepricedModel) -> Value {
    json!({
        "isComplete": true,
        "changed": total.changed,
        "pricedBefore": total.priced_before,
        "pricedAfter": total.priced_after,
        "costUsdBefore": total.cost_before,
        "costUsdAfter": total.cost_after,
    })
}
