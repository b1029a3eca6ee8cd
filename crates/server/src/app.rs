//! The parts that handlers use.

use std::sync::Arc;

use tokio::time::Instant;
use tollgate_domain::Clock;
use tollgate_domain::audit::{Action, Actor, AuditEntry};
use tollgate_gateway::Engine;
use tollgate_providers::Poster;
use tollgate_store::Store;

use crate::access::address_limit::AddressLimit;
use crate::access::jwt::Jwt;
use crate::access::password::Passwords;
use crate::access::throttle::Throttle;
use crate::config::Config;
use crate::error::ApiResult;
use crate::live::LiveCalls;
use crate::metrics::Metrics;
use crate::web::Site;

/// Everything that handlers share; one for the whole process.
#[derive(Debug)]
pub struct App {
    /// What is fixed while Tollgate runs.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The engine, with the snapshot that everything is decided by.
    pub engine: Arc<Engine>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// Signs session tokens.
    pub jwt: Jwt,
    /// Checks passwords.
    pub passwords: Passwords,
    /// Slows those who guess passwords.
    pub throttle: Throttle,
    /// Refuses addresses with too many failures.
    pub addresses: AddressLimit,
    /// What is counted.
    pub metrics: Metrics,
    /// Calls for those who watch.
    pub live: LiveCalls,
    /// Posts to the channels of alerts, and knows which addresses they may have.
    pub poster: Poster,
    /// The pages.
    pub site: Site,
    /// When it was put together.
    pub started: Instant,
}

/// A change, for the audit log.
#[derive(Debug)]
pub struct Change {
    /// What was done.
    pub action: Action,
    /// To what kind of thing.
    pub resource: &'static str,
    /// To which one.
    pub id: Option<i64>,
    /// As it was, without secrets.
    pub before: Option<serde_json::Value>,
    /// As it is, without secrets.
    pub after: Option<serde_json::Value>,
}

impl Change {
    /// `action` on the thing `id` of the kind `resource`.
    #[must_use]
    pub const fn new(action: Action, resource: &'static str, id: Option<i64>) -> Self {
        Self { action, resource, id, before: None, after: None }
    }

    /// The same with what it was.
    #[must_use]
    pub fn before(mut self, view: &impl serde::Serialize) -> Self {
        self.before = serde_json::to_value(view).ok();
        self
    }

    /// The same with what it is.
    #[must_use]
    pub fn after(mut self, view: &impl serde::Serialize) -> Self {
        self.after = serde_json::to_value(view).ok();
        self
    }
}

impl App {
    /// Puts a change on record and waits until this instance acts by it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn changed(&self, actor: Actor, change: Change) -> ApiResult<()> {
        self.record(actor, change).await?;
        self.engine.refresh().await?;
        Ok(())
    }

    /// Puts something on record that changes no configuration.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record(&self, actor: Actor, change: Change) -> ApiResult<()> {
        let entry = AuditEntry {
            actor,
            action: change.action,
            resource: change.resource,
            resource_id: change.id,
            before: change.before,
            after: change.after,
            at: self.clock.now(),
        };
        self.store.audit_logs().insert(&entry).await?;
        Ok(())
    }
}
