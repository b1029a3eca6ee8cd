//! Signing in and out.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::audit::Action;
use tollgate_domain::caller::Identity;
use tollgate_domain::user::{Role, User};
use tollgate_domain::{Secret, SessionId, UserId};
use utoipa::{OpenApi, ToSchema};

use crate::access::cookie;
use crate::access::password::LENGTH;
use crate::access::sessions::{self, Grant};
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Checks, Done, Envelope, Meta, Params, SignedIn, Valid, Validate};
use crate::openapi::{ReadErrors, WriteErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(login, refresh, logout, me, password))]
pub struct Doc;

/// A name and a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// The user's name.
    #[schema(example = "admin")]
    username: String,
    /// Their password.
    #[schema(value_type = String)]
    password: Secret<String>,
    /// Whether the refresh token comes as a cookie that no script can read, and not in the body.
    #[serde(default)]
    as_cookie: bool,
}

impl Validate for Login {
    fn validate(&self, checks: &mut Checks) {
        checks.length("username", &self.username, 1..=64);
        // Not the limits of a new password: a wrong one is wrong, not invalid.
        check_given("password", &self.password, 1024, checks);
    }
}

/// A refresh token, here or in the cookie that a login gave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// The newest one; absent where the cookie brings it, which the next one then comes in too.
    #[schema(value_type = Option<String>)]
    refresh_token: Option<Secret<String>>,
}

impl Validate for Refresh {
    fn validate(&self, checks: &mut Checks) {
        if let Some(token) = &self.refresh_token {
            check_given("refreshToken", token, 200, checks);
        }
    }
}

/// An old password and a new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPassword {
    /// The one that holds now.
    #[schema(value_type = String)]
    current_password: Secret<String>,
    /// The one to hold from now on, of 8 to 256 characters.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    new_password: Secret<String>,
    /// Whether the new session's refresh token comes as a cookie, as at login.
    #[serde(default)]
    as_cookie: bool,
}

impl Validate for NewPassword {
    fn validate(&self, checks: &mut Checks) {
        check_given("currentPassword", &self.current_password, 1024, checks);
        check_new_password("newPassword", &self.new_password, checks);
        if self.current_password == self.new_password {
            checks.wrong("newPassword", "must be another one than the current");
        }
    }
}

/// Checks the length of a password to be set.
pub(super) fn check_new_password(field: &str, password: &Secret<String>, checks: &mut Checks) {
    if !LENGTH.contains(&password.expose().chars().count()) {
        checks.wrong(field, format!("must have {} to {} characters", LENGTH.start(), LENGTH.end()));
    }
}

/// Checks that a secret is there and of a length that is worth a look.
fn check_given(field: &str, secret: &Secret<String>, longest: usize, checks: &mut Checks) {
    match secret.expose().chars().count() {
        0 => checks.wrong(field, "must not be empty"),
        length if length > longest => {
            checks.wrong(field, format!("must have at most {longest} characters"));
        }
        _ => {}
    }
}

/// Which sessions to end.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogoutQuery {
    /// Every session of this user, not only this one.
    #[serde(default)]
    all: bool,
}

impl Validate for LogoutQuery {
    fn validate(&self, _: &mut Checks) {}
}

/// What somebody who signed in gets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// To be sent as `Authorization: Bearer <token>`.
    token: String,
    /// To be exchanged for the next pair; works once, and for ten seconds more gives the same one
    /// again. Absent where it comes as a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// When `token` stops working.
    expires_at: DateTime<Utc>,
    /// Who they are.
    user: MeView,
}

/// Who somebody is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    /// The user's id.
    id: i64,
    /// Their name.
    username: String,
    /// What they may do.
    #[schema(schema_with = words::role)]
    role: Role,
    /// Whether somebody else chose their password.
    must_change_password: bool,
}

impl From<User> for MeView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.get(),
            username: user.username,
            role: user.role,
            must_change_password: user.must_change_password,
        }
    }
}

impl From<Grant> for GrantView {
    fn from(grant: Grant) -> Self {
        Self {
            token: grant.token,
            refresh_token: Some(grant.refresh_token.expose().clone()),
            expires_at: grant.expires_at,
            user: grant.user.into(),
        }
    }
}

/// Sign in. After five wrong passwords the next attempts have to wait.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", security(()), request_body = Login,
    responses((status = 200, body = Envelope<GrantView>), WriteErrors))]
pub async fn login(
    app: Data<App>,
    meta: Meta,
    request: HttpRequest,
    Valid(body): Valid<Login>,
) -> ApiResult<HttpResponse> {
    let grant = sessions::login(&app, &meta, &body.username, &body.password).await?;
    Ok(granted(&request, grant, body.as_cookie))
}

/// Exchange a refresh token for a new pair. One that was used more than ten seconds ago ends the
/// session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()),
    request_body = Refresh, responses((status = 200, body = Envelope<GrantView>), WriteErrors))]
pub async fn refresh(
    app: Data<App>,
    meta: Meta,
    request: HttpRequest,
    Valid(body): Valid<Refresh>,
) -> ApiResult<HttpResponse> {
    let as_cookie = body.refresh_token.is_none();
    let token = body.refresh_token.or_else(|| cookie::read(&request)).ok_or_else(|| {
        ApiError::invalid("refreshToken", "must be given, here or as the cookie of a login")
    })?;
    let grant = sessions::refresh(&app, &meta, &token).await?;
    Ok(granted(&request, grant, as_cookie))
}

/// Sign out: end this session, or every one.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", params(LogoutQuery),
    security(("bearer" = ["admin", "analyst", "app"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn logout(
    caller: SignedIn,
    app: Data<App>,
    meta: Meta,
    request: HttpRequest,
    Params(query): Params<LogoutQuery>,
) -> ApiResult<HttpResponse> {
    let (user, session) = identity(&caller)?;
    let now = app.clock.now();
    if query.all {
        app.store.sessions().revoke_all(user, now).await?;
    } else {
        app.store.sessions().revoke(session, now).await?;
    }
    let change = Change::new(Action::Logout, "user", Some(user.get()));
    app.changed(caller.actor(&meta), change).await?;
    Ok(with_cookie(&request, Envelope::done(), cookie::take(&request)))
}

/// An answer with a session; its refresh token goes as a cookie where the caller asked for that.
fn granted(request: &HttpRequest, grant: Grant, as_cookie: bool) -> HttpResponse {
    let given = as_cookie.then(|| cookie::give(request, &grant.refresh_token)).flatten();
    let mut view = GrantView::from(grant);
    if as_cookie {
        view.refresh_token = None;
    }
    with_cookie(request, Envelope::ok(view), given)
}

fn with_cookie<T: Serialize>(
    request: &HttpRequest,
    answer: Envelope<T>,
    cookie: Option<HeaderValue>,
) -> HttpResponse {
    let mut response = answer.respond_to(request);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who I am.
#[utoipa::path(get, path = "/api/auth/me", tag = "auth",
    security(("bearer" = ["admin", "analyst", "app"])),
    responses((status = 200, body = Envelope<MeView>), ReadErrors))]
pub async fn me(caller: SignedIn, app: Data<App>) -> ApiResult<Envelope<MeView>> {
    let (user, _) = identity(&caller)?;
    let snapshot = app.engine.snapshot();
    let user = snapshot.users.get(&user).ok_or_else(ApiError::unauthenticated)?;
    Ok(Envelope::ok(user.clone().into()))
}

/// Change my password. Every session ends; the answer begins a new one.
#[utoipa::path(post, path = "/api/auth/password", tag = "auth", request_body = NewPassword,
    security(("bearer" = ["admin", "analyst", "app"])),
    responses((status = 200, body = Envelope<GrantView>), WriteErrors))]
pub async fn password(
    caller: SignedIn,
    app: Data<App>,
    meta: Meta,
    request: HttpRequest,
    Valid(body): Valid<NewPassword>,
) -> ApiResult<HttpResponse> {
    let (user, _) = identity(&caller)?;
    let (current, new) = (&body.current_password, &body.new_password);
    let grant = sessions::change_password(&app, &meta, user, current, new).await?;
    Ok(granted(&request, grant, body.as_cookie))
}

fn identity(caller: &SignedIn) -> ApiResult<(UserId, SessionId)> {
    match caller.0.identity {
        Identity::User { id, session } => Ok((id, session)),
        Identity::App { .. } => Err(ApiError::forbidden("an app token has no session")),
    }
}
