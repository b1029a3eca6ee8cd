//! Who asks: the role is an argument of the handler.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use tollgate_domain::Secret;
use tollgate_domain::app_token::Scope;
use tollgate_domain::audit::Actor;
use tollgate_domain::caller::{Access, Caller, Identity};
use tollgate_domain::user::Role;

use super::Meta;
use crate::access::token;
use crate::app::App;
use crate::error::body::Shape;
use crate::error::{ApiError, ApiResult};

/// Somebody with the role `admin`.
#[derive(Clone, Debug)]
pub struct Admin(pub Caller);

/// Somebody with the role `analyst` or `admin`.
#[derive(Clone, Debug)]
pub struct Analyst(pub Caller);

/// Somebody who may call models: the roles `app` and `admin`, and app tokens.
#[derive(Clone, Debug)]
pub struct AppCaller(pub Caller);

/// Whoever asks: `None` shows no credentials. Those that are shown must hold.
#[derive(Clone, Debug)]
pub struct Anybody(pub Option<Caller>);

/// A user with a session, whatever their role.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Caller);

impl Admin {
    /// How the audit log names them.
    #[must_use]
    pub fn actor(&self, meta: &Meta) -> Actor {
        actor(&self.0, meta)
    }
}

impl SignedIn {
    /// How the audit log names them.
    #[must_use]
    pub fn actor(&self, meta: &Meta) -> Actor {
        actor(&self.0, meta)
    }
}

fn actor(caller: &Caller, meta: &Meta) -> Actor {
    let user_id = match caller.identity {
        Identity::User { id, .. } => Some(id),
        Identity::App { .. } => None,
    };
    Actor { user_id, app_id: caller.app_id(), name: caller.name.clone(), ip: meta.ip() }
}

macro_rules! extract {
    ($($caller:ident: $check:expr, else $refused:expr;)+) => {$(
        impl FromRequest for $caller {
            type Error = ApiError;
            type Future = Ready<Result<Self, ApiError>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let check: fn(&Caller) -> bool = $check;
                ready(authenticate(request).and_then(|caller| {
                    if check(&caller) { Ok(Self(caller)) } else { Err($refused(&caller)) }
                }))
            }
        }
    )+};
}

extract! {
    Admin: |caller| caller.role == Role::Admin, else refused;
    Analyst: |caller| matches!(caller.role, Role::Admin | Role::Analyst), else refused;
    AppCaller: |caller| matches!(caller.role, Role::Admin | Role::App), else refused;
    SignedIn: |caller| matches!(caller.identity, Identity::User { .. }), else no_session;
}

impl FromRequest for Anybody {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = credentials(request).map(|_| authenticate(request));
        ready(shown.transpose().map(Self))
    }
}

fn refused(caller: &Caller) -> ApiError {
    ApiError::forbidden(format!("the role {} may not do this", caller.role))
}

fn no_session(_: &Caller) -> ApiError {
    ApiError::forbidden("an app token has no session; sign in with a name and a password")
}

/// Who sent `request`, whatever they may do.
///
/// # Errors
/// `unauthenticated`, and once an address has had too many of those `rate_limited`.
pub fn authenticate(request: &HttpRequest) -> ApiResult<Caller> {
    let app = request.app_data::<Data<App>>().expect("the app is on every route");
    let caller = credentials(request).and_then(|token| identify(app, token));
    caller.ok_or_else(|| match fail(app, &Meta::of(request)) {
        Some(error) => error,
        None => ApiError::unauthenticated(),
    })
}

/// Counts a request without valid credentials; an error when the address has had its share.
pub fn fail(app: &App, meta: &Meta) -> Option<ApiError> {
    let limit = app.engine.snapshot().settings.address_limit_per_15_min;
    let address = meta.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let wait = app.addresses.failed(address, limit, app.clock.now())?;
    Some(ApiError::rate_limited(
        "too many requests without valid credentials came from this address",
        wait,
    ))
}

/// What somebody showed, to be looked at again while their answer goes on.
#[derive(Debug)]
pub struct Credentials(Secret<String>);

impl Credentials {
    /// Those of a request; `None` where it shows none.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        credentials(request).map(|token| Self(Secret::new(token.to_owned())))
    }

    /// Whose they are; `None` once they hold no more.
    #[must_use]
    pub fn caller(&self, app: &App) -> Option<Caller> {
        identify(app, self.0.expose())
    }
}

/// The token in `Authorization: Bearer` or `x-api-key`. Where there are both, Anthropic's callers
/// mean the second one, as at Anthropic, and all others the first.
fn credentials(request: &HttpRequest) -> Option<&str> {
    let headers = request.headers();
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| !key.is_empty());
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    match Shape::of_request(request.path(), headers) {
        Shape::Anthropic => key.or(bearer),
        Shape::Envelope | Shape::OpenAi => bearer.or(key),
    }
}

fn identify(app: &App, presented: &str) -> Option<Caller> {
    let now = app.clock.now();
    let snapshot = app.engine.snapshot();
    if let Some(token) = snapshot.app_tokens.get(&token::hash(presented)) {
        let is_good = token.is_active && token.expires_at.is_none_or(|expires_at| expires_at > now);
        let is_admin = token.scopes.contains(&Scope::Admin);
        return is_good.then(|| Caller {
            identity: Identity::App { id: token.id, owner: token.owner_id },
            name: token.name.clone(),
            role: if is_admin { Role::Admin } else { Role::App },
            access: Access {
                models: token.allowed_models.clone(),
                providers: token.allowed_providers.clone(),
            },
        });
    }
    let claims = app.jwt.read(presented, now)?;
    let user = snapshot.users.get(&claims.sub)?;
    // A newer one is of an instance that has read the user's change already.
    let holds = user.is_active
        && claims.ver >= user.token_version
        && !snapshot.revoked_sessions.contains(&claims.sid);
    holds.then(|| Caller {
        identity: Identity::User { id: claims.sub, session: claims.sid },
        name: user.username.clone(),
        role: user.role,
        access: Access::default(),
    })
}
