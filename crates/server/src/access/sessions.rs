//! Signing in, staying in, and leaving.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tollgate_domain::audit::{Action, Actor};
use tollgate_domain::session::Session;
use tollgate_domain::user::User;
use tollgate_domain::{Secret, UserId};
use tollgate_store::sessions::Rotation;

use super::token;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, ErrorKind};
use crate::extract::Meta;
use crate::extract::caller::fail;

/// How long a session lasts without a refresh.
pub const LIFETIME: chrono::Duration = chrono::Duration::days(30);

/// What somebody who signed in gets.
#[derive(Debug)]
pub struct Grant {
    /// The session's token.
    pub token: String,
    /// What to get the next one with; exchanged at each refresh.
    pub refresh_token: Secret<String>,
    /// When the token stops working.
    pub expires_at: DateTime<Utc>,
    /// Who they are.
    pub user: User,
}

/// Signs somebody in who knows their password.
///
/// # Errors
/// `unauthenticated` for a wrong name, a wrong password or a switched-off user, all alike;
/// `rate_limited` after too many of them.
pub async fn login(
    app: &App,
    meta: &Meta,
    name: &str,
    password: &Secret<String>,
) -> ApiResult<Grant> {
    let user = proved(app, meta, name, password).await?;
    let grant = open(app, meta, user).await?;
    app.store.users().record_login(grant.user.id, app.clock.now()).await?;
    app.record(actor(&grant.user, meta), change(Action::Login, grant.user.id)).await?;
    Ok(grant)
}

/// The user with that name and password, with those who guess slowed.
async fn proved(app: &App, meta: &Meta, name: &str, password: &Secret<String>) -> ApiResult<User> {
    let address = meta.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if let Some(wait) = app.throttle.wait(name, address, app.clock.now()) {
        return Err(slowed(wait));
    }
    let found = app.store.users().find_by_username(name.trim()).await?;
    let found = found.filter(|(user, _)| user.is_active);
    let hash = found.as_ref().map(|(_, hash)| hash.as_str());
    let fits = app.passwords.fits(password, hash).await?;
    let is_right = fits && found.is_some();
    if let Some(wait) = app.throttle.judged(name, address, is_right, app.clock.now()) {
        return Err(slowed(wait));
    }
    found.filter(|_| fits).map(|(user, _)| user).ok_or_else(|| {
        let wrong = ApiError::new(ErrorKind::Unauthenticated, "wrong user name or password");
        fail(app, meta).unwrap_or(wrong)
    })
}

fn slowed(wait: Duration) -> ApiError {
    ApiError::rate_limited("too many wrong passwords; wait before the next", wait)
}

/// Begins a session for `user`.
///
/// # Errors
/// Those of the database.
pub async fn open(app: &App, meta: &Meta, user: User) -> ApiResult<Grant> {
    let now = app.clock.now();
    let refresh_token = token::refresh_token();
    let session = app
        .store
        .sessions()
        .open(
            user.id,
            token::hash(refresh_token.expose()),
            now + LIFETIME,
            meta.ip().as_deref(),
            meta.user_agent.as_deref(),
            now,
        )
        .await?;
    grant(app, user, &session, refresh_token).await
}

/// Exchanges a refresh token for a new pair. Asked again within [`GRACE`], it gives the same refresh
/// token: the answer may have been lost with the page that had asked.
///
/// # Errors
/// `unauthenticated` for one that is unknown, ended, or was used longer ago; the last ends the
/// session, since two hold what only one should.
///
/// [`GRACE`]: tollgate_store::sessions::GRACE
pub async fn refresh(app: &App, meta: &Meta, presented: &Secret<String>) -> ApiResult<Grant> {
    let now = app.clock.now();
    let next = app.jwt.next_refresh_token(presented);
    let (old, new) = (token::hash(presented.expose()), token::hash(next.expose()));
    match app.store.sessions().rotate(old, new, now, now + LIFETIME).await? {
        Rotation::Rotated(session) => {
            let user = app.store.users().find(session.user_id).await.ok();
            match user.filter(|user| user.is_active) {
                Some(user) => grant(app, user, &session, next).await,
                None => Err(ended(app, meta)),
            }
        }
        Rotation::Reused(session) => {
            tracing::warn!(session.id = %session.id, "an old refresh token was used again; the session is ended");
            app.engine.refresh().await?;
            Err(ended(app, meta))
        }
        Rotation::Unknown | Rotation::Ended => Err(ended(app, meta)),
    }
}

fn ended(app: &App, meta: &Meta) -> ApiError {
    fail(app, meta).unwrap_or_else(|| {
        ApiError::new(ErrorKind::Unauthenticated, "the session has ended; sign in again")
    })
}

/// Changes one's own password, which ends every session, and begins a new one.
///
/// # Errors
/// `validation_failed` where the current password is wrong; `rate_limited` after too many of them.
pub async fn change_password(
    app: &App,
    meta: &Meta,
    id: UserId,
    current: &Secret<String>,
    new: &Secret<String>,
) -> ApiResult<Grant> {
    let user = app.store.users().find(id).await?;
    proved(app, meta, &user.username, current).await.map_err(|error| match error.kind {
        ErrorKind::Unauthenticated => ApiError::invalid("currentPassword", "is not your password"),
        _ => error,
    })?;
    let hash = app.passwords.hash(new).await?;
    app.store.users().set_password(id, &hash, false, app.clock.now()).await?;
    app.changed(actor(&user, meta), change(Action::Password, id)).await?;
    let user = app.store.users().find(id).await?;
    open(app, meta, user).await
}

async fn grant(
    app: &App,
    user: User,
    session: &Session,
    refresh_token: Secret<String>,
) -> ApiResult<Grant> {
    // The token is good from the first request on, also where the user has just been changed.
    let is_known = app.engine.snapshot().users.get(&user.id).is_some_and(|known| {
        known.is_active && known.token_version == user.token_version && known.role == user.role
    });
    if !is_known {
        app.engine.refresh().await?;
    }
    let now = app.clock.now();
    let (token, expires_at) =
        app.jwt.issue(user.id, session.id, user.token_version, now).map_err(ApiError::internal)?;
    Ok(Grant { token, refresh_token, expires_at, user })
}

fn actor(user: &User, meta: &Meta) -> Actor {
    Actor { user_id: Some(user.id), app_id: None, name: user.username.clone(), ip: meta.ip() }
}

fn change(action: Action, id: UserId) -> Change {
    Change::new(action, "user", Some(id.get()))
}
