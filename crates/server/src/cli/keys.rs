//! `tollgate keys reseal` and `tollgate keys test`.

use std::sync::Arc;

use anyhow::bail;
use clap::Subcommand;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::{Clock, SystemClock};
use tollgate_gateway::{Engine, EngineOptions, KeyEntry, ProviderEntry};
use tollgate_providers::{HttpClient, HttpClientOptions};

use super::{print, ready_store};
use crate::config::Config;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Seal every key with the newest sealing key
    Reseal,
    /// Show every active key to its provider, and print what it says
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
    let entry = AuditEntry {
        actor: Actor { user_id: None, app_id: None, name: "cli".to_owned(), ip: None },
        action: Action::Reseal,
        resource: "key",
        resource_id: None,
        before: None,
        after: Some(
            serde_json::json!({"resealed": report.resealed, "failed": report.failed.len()}),
        ),
        at: clock.now(),
    };
    store.audit_logs().insert(&entry).await?;
    print::line(format_args!(
        "{} keys sealed anew, {} were sealed with the newest key already",
        report.resealed, report.current
    ));
    for (id, reason) in &report.failed {
        print::line(format_args!("key {id}: {reason}"));
    }
    store.close().await;
    match report.failed.len() {
        0 => Ok(()),
        failed => bail!(
            "{failed} keys could not be sealed anew; their former sealing key belongs into API_KEY_ENCRYPTION_KEYS_OLD"
        ),
    }
}

async fn test(config: &Config) -> anyhow::Result<()> {
    let (store, clock) = ready_store(config).await?;
    let http = HttpClientOptions::new(Arc::new(clock));
    let client = HttpClient::new(&http);
    let engine =
        Engine::start(store.clone(), Arc::new(SystemClock), EngineOptions::new(http)).await?;
    let snapshot = engine.snapshot();
    let mut rows = Vec::new();
    for provider in snapshot.providers.iter().filter(|entry| entry.provider.is_active) {
        for key in provider.keys.iter().filter(|entry| entry.key.is_active) {
            rows.push(verdict(&engine, &client, provider, key).await?);
        }
    }
    print::table(["provider", "key", "hint", "latency", "verdict"], &rows);
    let bad = rows.iter().filter(|row| row[4] != VALID).count();
    engine.shutdown(config.server.shutdown_timeout).await;
    store.close().await;
    match (rows.len(), bad) {
        (0, _) => bail!("there is no active key of an active provider"),
        (_, 0) => Ok(()),
        (all, bad) => bail!("{bad} of {all} keys do not work"),
    }
}

const VALID: &str = "valid";

async fn verdict(
    engine: &Engine,
    client: &HttpClient,
    provider: &ProviderEntry,
    key: &KeyEntry,
) -> anyhow::Result<[String; 5]> {
    let (latency, verdict) = match engine.validate_key(client, key.key.id).await {
        Ok(verdict) => {
            let word = if verdict.is_valid { VALID.to_owned() } else { String::new() };
            (format!("{} ms", verdict.latency_ms), verdict.reason.unwrap_or(word))
        }
        Err(error) => ("-".to_owned(), error.to_string()),
    };
    let (code, hint) = (provider.provider.code.clone(), key.key.hint.clone());
    Ok([code, key.key.name.clone(), hint, latency, verdict])
}
