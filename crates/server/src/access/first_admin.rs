//! The first admin, made when there is no user.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use tollgate_domain::Secret;
use tollgate_domain::user::Role;
use tollgate_store::Store;
use tollgate_store::users::NewUser;

use super::{password, token};
use crate::config::Config;

/// A first admin that was just made.
#[derive(Debug)]
pub struct FirstAdmin {
    /// Their name.
    pub username: String,
    /// Their password, where we made it: to be shown once.
    pub made_password: Option<Secret<String>>,
}

/// Makes the first admin where there is no user yet.
///
/// # Errors
/// Outside the embedded mode, where `ADMIN_PASSWORD` is not set; and those of the database.
pub async fn ensure(
    store: &Store,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<FirstAdmin>> {
    if store.users().count().await? > 0 {
        return Ok(None);
    }
    let given = config.secrets.admin_password.clone();
    if given.is_none() && !config.is_embedded {
        bail!(
            "ADMIN_PASSWORD is not set: there is no user yet, and outside the embedded mode the \
             first admin's password must be chosen"
        );
    }
    let made = given.is_none().then(token::password);
    let chosen = made.as_ref().or(given.as_ref()).context("one of them is there")?;
    let new = NewUser {
        username: config.secrets.admin_username.clone(),
        password_hash: password::hash_blocking(chosen)?,
        role: Role::Admin,
        is_active: true,
        must_change_password: made.is_some(),
    };
    match store.users().insert(&new, now).await {
        Ok(user) => Ok(Some(FirstAdmin { username: user.username, made_password: made })),
        // Another instance made it at the same moment.
        Err(tollgate_store::StoreError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
