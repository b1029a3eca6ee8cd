//! `tollgate keys reseal` and `tollgate keys test`.

use std::sync::Arc;

use anyhow::bail;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::{Clock, SystemClock};
use tollgate_gateway::{Engine, EngineOptions, Journal};
use tollgate_providers::{HttpClient, HttpClientOptions};

use super::{print, ready_store};
use crate::calls::key_trial::{KeyTrial, KeyVerdict, Tester, try_keys};
use crate::config::Config;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Seal every secret with the newest sealing key
    Reseal,
    /// Make one real call with every active key, and print what came of it
    Test,
}

pub(super) async fn run(config: &Config, command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::Reseal => reseal(config).await,
        KeysCommand::Test => test(config).await,
    }
}

async fn reseal(config: &Config) -> anyhow::Result<()> {
    let (store, clock) = ready_store(config).await?;
    let report = store.api_keys().reseal(clock.now()).await?;
    let settings = store.settings().reseal(clock.now()).await?;
    let failed = report.failed.len() + settings.failed.len();
    let after =
        serde_json::json!({"resealed": report.resealed + settings.resealed, "failed": failed});
    store.audit_logs().insert(&entry(after, clock.now())).await?;
    print::line(format_args!(
        "{} keys sealed anew, {} were sealed with the newest key already",
        report.resealed, report.current
    ));
    if settings.resealed + settings.current > 0 {
        print::line(format_args!(
            "{} secrets of alert channels sealed anew, {} were sealed with the newest key already",
            settings.resealed, settings.current
        ));
    }
    for (id, reason) in &report.failed {
        print::line(format_args!("key {id}: {reason}"));
    }
    for (channel, reason) in &settings.failed {
        print::line(format_args!("alert channel {channel}: {reason}"));
    }
    store.close().await;
    match failed {
        0 => Ok(()),
        failed => bail!(
            "{failed} secrets could not be sealed anew; their former sealing key belongs into API_KEY_ENCRYPTION_KEYS_OLD"
        ),
    }
}

/// The audit log's entry of a sealing anew.
fn entry(after: serde_json::Value, now: DateTime<Utc>) -> AuditEntry {
    AuditEntry {
        actor: Actor { user_id: None, app_id: None, name: "cli".to_owned(), ip: None },
        action: Action::Reseal,
        resource: "key",
        resource_id: None,
        before: None,
        after: Some(after),
        at: now,
    }
}

async fn test(config: &Config) -> anyhow::Result<()> {
    // The server may be running, and has the other one.
    let journal = Journal::open(config.journal.of_commands(&config.data_dir))?;
    let (store, clock) = ready_store(config).await?;
    let http = HttpClientOptions::new(Arc::new(clock));
    let client = HttpClient::new(&http);
    let options = EngineOptions::new(http);
    let engine = Engine::start(store.clone(), journal, Arc::new(SystemClock), options).await?;
    let tester = Tester { path: "tollgate keys test", ..Tester::default() };
    let trial = KeyTrial { prompt: PROMPT.to_owned(), ..KeyTrial::default() };
    let tried = try_keys(&engine, &client, &clock, &tester, &trial).await;
    let verdicts = tried.map_err(|error| anyhow::anyhow!(error.message))?;
    let rows: Vec<[String; 6]> = verdicts.into_iter().map(row).collect();
    print::table(["provider", "key", "hint", "model", "latency", "verdict"], &rows);
    let bad = rows.iter().filter(|row| row[5] != VALID).count();
    engine.shutdown(config.server.shutdown_timeout).await;
    store.close().await;
    match (rows.len(), bad) {
        (0, _) => bail!("there is no active key of an active provider"),
        (_, 0) => Ok(()),
        (all, bad) => bail!("{bad} of {all} keys do not work"),
    }
}

const VALID: &str = "valid";
/// What each key is asked.
const PROMPT: &str = "Answer with one word: hello.";

fn row(verdict: KeyVerdict) -> [String; 6] {
    let told = verdict.error.map_or_else(|| VALID.to_owned(), |error| error.message);
    let latency = format!("{} ms", verdict.latency_ms);
    let model = verdict.model.unwrap_or_else(|| "-".to_owned());
    [verdict.provider, verdict.key_name, verdict.hint, model, latency, told]
}
