//! `tollgate user add` and `tollgate user password`.

use std::io::Read;

use anyhow::{Context, bail};
use clap::Subcommand;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_domain::user::{Role, User};
use tollgate_domain::{Clock, Secret};
use tollgate_store::users::NewUser;
use tollgate_store::{Store, StoreError};

use super::{print, ready_store};
use crate::access::{password, token};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make a user; without --password-stdin a password is made and shown
    Add {
        /// What they sign in with
        username: String,
        /// What they may do
        #[arg(long, default_value = "admin", value_parser = role)]
        role: Role,
        /// Read the password from stdin
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user another password; without --password-stdin one is made and shown
    Password {
        /// What they sign in with
        username: String,
        /// Read the password from stdin
        #[arg(long)]
        password_stdin: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|error: tollgate_domain::words::UnknownWord| error.to_string())
}

pub(super) async fn run(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let (store, clock) = ready_store(config).await?;
    match command {
        UserCommand::Add { username, role, password_stdin } => {
            add(&store, &clock, username, role, password_stdin).await?;
        }
        UserCommand::Password { username, password_stdin } => {
            set_password(&store, &clock, &username, password_stdin).await?;
        }
    }
    store.close().await;
    Ok(())
}

async fn add(
    store: &Store,
    clock: &dyn Clock,
    username: String,
    role: Role,
    from_stdin: bool,
) -> anyhow::Result<()> {
    let password = chosen(from_stdin)?;
    let new = NewUser {
        username,
        password_hash: password::hash_blocking(&password)?,
        role,
        is_active: true,
        must_change_password: !from_stdin,
    };
    let user = store.users().insert(&new, clock.now()).await.map_err(|error| match error {
        StoreError::Conflict { .. } => anyhow::anyhow!("there is a user `{}`", new.username),
        other => other.into(),
    })?;
    record(store, clock, &user, Action::Create).await?;
    print::line(format_args!("made the user {} with the role {}", user.username, user.role));
    show(&password, from_stdin);
    Ok(())
}

async fn set_password(
    store: &Store,
    clock: &dyn Clock,
    username: &str,
    from_stdin: bool,
) -> anyhow::Result<()> {
    let found = store.users().find_by_username(username).await?;
    let (user, _) = found.with_context(|| format!("there is no user `{username}`"))?;
    let password = chosen(from_stdin)?;
    let hash = password::hash_blocking(&password)?;
    store.users().set_password(user.id, &hash, !from_stdin, clock.now()).await?;
    record(store, clock, &user, Action::Password).await?;
    print::line(format_args!("{username} has a new password; every session of theirs has ended"));
    show(&password, from_stdin);
    Ok(())
}

fn chosen(from_stdin: bool) -> anyhow::Result<Secret<String>> {
    if !from_stdin {
        return Ok(token::password());
    }
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).context("stdin cannot be read")?;
    let password = Secret::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if !password::LENGTH.contains(&password.expose().chars().count()) {
        bail!("a password must have 8 to 256 characters");
    }
    Ok(password)
}

fn show(password: &Secret<String>, from_stdin: bool) {
    if !from_stdin {
        print::line(format_args!("password: {}  (shown once)", password.expose()));
    }
}

async fn record(
    store: &Store,
    clock: &dyn Clock,
    user: &User,
    action: Action,
) -> anyhow::Result<()> {
    let actor = Actor { user_id: None, app_id: None, name: "cli".to_owned(), ip: None };
    let after = serde_json::json!({"username": user.username, "role": user.role});
    let entry = AuditEntry {
        actor,
        action,
        resource: "user",
        resource_id: Some(user.id.get()),
        before: None,
        after: Some(after),
        at: clock.now(),
    };
    Ok(store.audit_logs().insert(&entry).await?)
}
