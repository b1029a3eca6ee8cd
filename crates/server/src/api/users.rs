//! People who sign in.

pub mod sessions;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::audit::Action;
use tollgate_domain::user::{Role, User};
use tollgate_domain::{Secret, UserId};
use tollgate_store::users::{NewUser, UserPatch};
use utoipa::{OpenApi, ToSchema};

use super::auth::check_new_password;
use crate::app::{App, Change};
use crate::error::{ApiResult, Missing};
use crate::extract::json::present;
use crate::extract::{
    Admin, Checks, Created, Done, Envelope, Id, ListQuery, Listed, Make, Meta, New, Params, Valid,
    Validate,
};
use crate::openapi::{ReadErrors, WriteErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, update, delete, sessions::list, sessions::end))]
pub struct Doc;

/// A user to be added.
pub type NewUserBody = New<UserBody>;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// Their id.
    id: i64,
    /// What they sign in with.
    username: String,
    /// What they may do.
    #[schema(schema_with = words::role)]
    role: Role,
    /// Whether they may sign in.
    is_active: bool,
    /// Whether somebody else chose their password.
    must_change_password: bool,
    /// When they last signed in.
    last_login_at: Option<DateTime<Utc>>,
    /// When they were made.
    created_at: DateTime<Utc>,
    /// When they were last changed.
    updated_at: DateTime<Utc>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.get(),
            username: user.username,
            role: user.role,
            is_active: user.is_active,
            must_change_password: user.must_change_password,
            last_login_at: user.last_login_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// What can be said of a user; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UserPatch)]
pub struct UserBody {
    /// What they sign in with: letters, digits and `_ . @ -`.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 64)]
    username: Option<String>,
    /// Their password; a new one ends their sessions, and they are asked to choose their own.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 8, max_length = 256)]
    password: Option<Secret<String>>,
    /// What they may do.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::role)]
    role: Option<Role>,
    /// Whether they may sign in; by default they may.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
    /// Whether they are asked to choose another password.
    #[serde(default, deserialize_with = "present")]
    must_change_password: Option<bool>,
}

impl Make for UserBody {
    const NAME: &'static str = "NewUser";
    const REQUIRED: &'static [&'static str] = &["username", "password", "role"];

    fn given(&self) -> Vec<bool> {
        vec![self.username.is_some(), self.password.is_some(), self.role.is_some()]
    }
}

impl Validate for UserBody {
    fn validate(&self, checks: &mut Checks) {
        if let Some(name) = &self.username {
            check_username(name, checks);
        }
        if let Some(password) = &self.password {
            check_new_password("password", password, checks);
        }
    }
}

fn check_username(name: &str, checks: &mut Checks) {
    let is_allowed = |each: char| each.is_alphanumeric() || "_.@-".contains(each);
    checks.length("username", name, 1..=64);
    if !name.trim().chars().all(is_allowed) {
        checks.wrong("username", "must be letters, digits and _ . @ - alone");
    }
}

/// All users.
#[utoipa::path(get, path = "/api/admin/users", tag = "users", params(ListQuery),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Listed<UserView>), ReadErrors))]
pub async fn list(
    _: Admin,
    app: Data<App>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Listed<UserView>> {
    let users = app.store.users().list(query.search()).await?;
    Ok(Listed::cut(users.into_iter().map(UserView::from).collect(), query.page()))
}

/// Add a user. They are asked to choose a password of their own.
#[utoipa::path(post, path = "/api/admin/users", tag = "users", request_body = NewUserBody,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<UserView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(New(body)): Valid<NewUserBody>,
) -> ApiResult<Created<UserView>> {
    let password = body.password.unwrap_or_else(|| Secret::from(""));
    let new = NewUser {
        username: body.username.unwrap_or_default().trim().to_owned(),
        password_hash: app.passwords.hash(&password).await?,
        role: body.role.unwrap_or(Role::App),
        is_active: body.is_active.unwrap_or(true),
        must_change_password: body.must_change_password.unwrap_or(true),
    };
    let view = UserView::from(app.store.users().insert(&new, app.clock.now()).await?);
    let change = Change::new(Action::Create, "user", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(view))
}

/// Change a user; what is absent stays. A new password ends their sessions; with a new role they
/// refresh or sign in again.
#[utoipa::path(put, path = "/api/admin/users/{id}", tag = "users", params(("id" = i64, Path)),
    request_body = UserBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<UserView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<UserId>,
    Valid(body): Valid<UserBody>,
) -> ApiResult<Envelope<UserView>> {
    let old = UserView::from(app.store.users().find(id).await.or_missing("user")?);
    let is_own = admin.0.app_id().is_none() && admin.0.user_id() == Some(id);
    let chosen_for_them = body.password.is_some().then_some(!is_own);
    let password_hash = match &body.password {
        Some(password) => Some(app.passwords.hash(password).await?),
        None => None,
    };
    let patch = UserPatch {
        username: body.username.map(|name| name.trim().to_owned()),
        password_hash,
        role: body.role,
        is_active: body.is_active,
        must_change_password: body.must_change_password.or(chosen_for_them),
    };
    let new = app.store.users().update(id, &patch, app.clock.now()).await;
    let new = UserView::from(new.or_missing("user")?);
    let change = Change::new(Action::Update, "user", Some(id.get())).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Delete a user; their sessions end at once, their app tokens go on.
#[utoipa::path(delete, path = "/api/admin/users/{id}", tag = "users", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), (status = 409, description = "The last admin", body = crate::error::body::ErrorBody), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<UserId>,
) -> ApiResult<Done> {
    let old = UserView::from(app.store.users().find(id).await.or_missing("user")?);
    app.store.users().delete(id, app.clock.now()).await.or_missing("user")?;
    let change = Change::new(Action::Delete, "user", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}
