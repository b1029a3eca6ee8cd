//! The sessions of a user, as an admin sees and ends them.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::audit::Action;
use tollgate_domain::caller::Identity;
use tollgate_domain::session::Session;
use tollgate_domain::{SessionId, UserId};
use utoipa::ToSchema;

use crate::app::{App, Change};
use crate::error::{ApiResult, Missing};
use crate::extract::{Admin, Done, Envelope, Id, Meta};
use crate::openapi::ReadErrors;

/// A session that has not ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Its id.
    id: i64,
    /// The address it began from.
    ip_address: Option<String>,
    /// The program it began in, as that calls itself.
    user_agent: Option<String>,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last refreshed; null where it never was.
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends unless it is refreshed.
    expires_at: DateTime<Utc>,
    /// Whether this very request came from it.
    is_current: bool,
}

impl SessionView {
    fn new(session: Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id.get(),
            is_current: current == Some(session.id),
            ip_address: session.ip,
            user_agent: session.user_agent,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
        }
    }
}

/// Where a user is signed in: their sessions that have not ended, the last used first.
#[utoipa::path(get, path = "/api/admin/users/{id}/sessions", tag = "users",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<Vec<SessionView>>), ReadErrors))]
pub async fn list(
    admin: Admin,
    app: Data<App>,
    Id(id): Id<UserId>,
) -> ApiResult<Envelope<Vec<SessionView>>> {
    app.store.users().find(id).await.or_missing("user")?;
    let current = match admin.0.identity {
        Identity::User { session, .. } => Some(session),
        Identity::App { .. } => None,
    };
    let open = app.store.sessions().open_of(id, app.clock.now()).await?;
    Ok(Envelope::ok(open.into_iter().map(|session| SessionView::new(session, current)).collect()))
}

/// End every session of a user; they may sign in again.
#[utoipa::path(delete, path = "/api/admin/users/{id}/sessions", tag = "users",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn end(admin: Admin, app: Data<App>, meta: Meta, Id(id): Id<UserId>) -> ApiResult<Done> {
    app.store.users().find(id).await.or_missing("user")?;
    app.store.sessions().revoke_all(id, app.clock.now()).await?;
    app.changed(admin.actor(&meta), Change::new(Action::Logout, "user", Some(id.get()))).await?;
    Ok(Envelope::done())
}
