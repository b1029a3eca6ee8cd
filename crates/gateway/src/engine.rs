//! The engine: what the server holds, and asks for everything.

mod alerts;
mod course;
mod estimate;
mod keys;
mod options;
mod probes;
mod run;
mod send;
mod start;
mod tasks;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::{ApiKeyId, Clock, NanoUsd};
use tollgate_providers::HttpClient;
use tollgate_store::budgets::BudgetKey;
use tollgate_store::{Store, StoreError};

pub use keys::Verdict;
pub use options::EngineOptions;
pub use start::StartError;

use crate::account::{RefusedCall, expected_tokens};
use crate::app_limits::{AppUse, Apps};
use crate::budget::Budgets;
use crate::credentials::{Credentials, Renewer};
use crate::error::CallError;
use crate::journal::JournalStats;
use crate::pool::{Changes, KeyUse, Moment};
use crate::record::Records;
use crate::reply::{CallEvent, CallReply, CallStream, ReplyBody, ReplyHead};
use crate::sender::Sender;
use crate::snapshot::Snapshot;
use crate::snapshot::keeper::Keeper;
use crate::target::{Plan, Route, resolve};
use alerts::journal::JournalWatch;
use course::CallOfApp;
use run::{Step, run};

/// Answers calls. It belongs to the runtime that it was started on, where its background tasks
/// run; calls may come from any.
#[derive(Debug)]
pub struct Engine {
    core: Arc<Core>,
    journal_watch: Arc<JournalWatch>,
}

/// How an app token's budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUse {
    /// What was spent in this period.
    pub used: NanoUsd,
    /// What is kept for calls under way on this instance.
    pub reserved: NanoUsd,
    /// When the period ends; never, for a budget without periods.
    pub ends_at: Option<DateTime<Utc>>,
}

/// What calls and background tasks share.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: EngineOptions,
    pub(crate) keeper: Keeper,
    pub(crate) changes: Arc<Changes>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) records: Records,
    pub(crate) apps: Apps,
    pub(crate) budgets: Budgets,
    /// Held while a key's state is written, so that what somebody decides is not undone by an
    /// older state on its way.
    state_writes: tokio::sync::Mutex<()>,
    /// Held by a round of probes.
    probing: tokio::sync::Mutex<()>,
    /// For the engine's own requests, on its own runtime.
    http: HttpClient,
    runtime: Handle,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Engine {
    /// Answers `call` with the worker's own client: at once with a failure that no attempt can
    /// mend, or an estimate of tokens that the provider does not count; else when the whole answer
    /// is there, or, of a stream, the first content, or [`EngineOptions::hold`] has passed.
    /// Dropping the future cancels the call.
    ///
    /// # Errors
    /// Why there is no answer; it is on record, but for `Unavailable`.
    pub async fn call(&self, http: &HttpClient, call: ChatCall) -> Result<CallReply, CallError> {
        self.call_with(http.clone(), call).await
    }

    /// The current picture of the configuration.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.core.keeper.current()
    }

    /// The name of this run of this instance, which no other one has: what it holds leases by.
    #[must_use]
    pub fn instance(&self) -> &str {
        self.core.budgets.instance()
    }

    /// Returns when the snapshot has everything that is in the database by now: to be awaited
    /// after a write to the configuration.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        self.core.keeper.refresh().await
    }

    /// Whether calls can be served: they can be recorded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.core.records.has_room()
    }

    /// Whether the database answered when it was last asked for news of the configuration.
    #[must_use]
    pub fn is_database_up(&self) -> bool {
        self.core.keeper.is_database_up()
    }

    /// How much a key is used and how it fares, as this instance knows.
    #[must_use]
    pub fn live(&self, key: ApiKeyId) -> KeyUse {
        let snapshot = self.snapshot();
        let pool = snapshot.key(key).map(|(provider, _)| &provider.pool);
        pool.map_or_else(KeyUse::default, |pool| pool.live(key, self.core.moment()))
    }

    /// How the journal stands.
    #[must_use]
    pub fn journal(&self) -> JournalStats {
        self.core.records.stats()
    }

    /// Records a call that was refused before it came here, and returns when that is written. Where
    /// the journal has no room the record is dropped: nothing was served.
    pub async fn record_refused(&self, refused: RefusedCall) {
        let request_id = refused.request_id;
        let recorded = match self.core.records.reserve() {
            Some(slot) => slot.send(refused.into_log(self.core.clock.now())).wait().await.is_ok(),
            None => false,
        };
        if !recorded {
            tracing::warn!(
                request.id = %request_id,
                "A refused call is not recorded, because the journal is full or cannot be written"
            );
        }
    }

    /// Returns when everything that has happened so far is in the database: records, and the
    /// states of keys. It waits as long as the database is away.
    pub async fn flush(&self) {
        self.core.records.flush().await;
        tasks::write_states(&self.core).await;
    }

    /// Lets the database hear of all that was spent of budgets so far.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tell_spent(&self) -> Result<(), StoreError> {
        self.core.budgets.tell().await
    }

    /// How much an app token is using, as this instance knows.
    #[must_use]
    pub fn app_use(&self, token: &AppToken) -> AppUse {
        self.core.apps.live(token, self.core.moment())
    }

    /// How an app token's budget stands, which has one, in the period of now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn budget_use(&self, token: &AppToken) -> Result<BudgetUse, StoreError> {
        self.core.budgets.tell().await?;
        let (budgets, now) = (&self.core.budgets, self.core.clock.now());
        let key = BudgetKey { token: token.id, period_start: token.budget.period.start(now) };
        let standing = self.core.store.budgets().standing(key, budgets.instance(), now).await?;
        let reserved = budgets.reserved(token.id, key.period_start);
        Ok(BudgetUse { used: standing.spent, reserved, ends_at: token.budget.period.end(now) })
    }

    /// Writes what is still to be written, for as long as `limit`, and ends the background tasks.
    /// Calls that are being dropped meanwhile are recorded too. What the database does not take by
    /// then stays in the journal, which another process may use from here on.
    pub async fn shutdown(&self, limit: Duration) {
        let until = Instant::now() + limit;
        timeout(limit.min(LAST_CALLS), self.core.records.settled()).await.ok();
        if timeout_at(until, self.flush()).await.is_err() {
            let waiting = self.journal().backlog_records;
            tracing::warn!(
                "{waiting} records stay in the journal, and are written to the database after the \
                 next start"
            );
        }
        let close = timeout(CLOSE_BUDGETS.min(limit), self.core.budgets.close()).await;
        if !matches!(close, Ok(Ok(()))) {
            tracing::warn!("What this instance holds of budgets could not be given back");
        }
        self.core.stop.cancel();
        self.core.tasks.close();
        timeout_at(until.max(Instant::now() + GRACE), self.core.tasks.wait()).await.ok();
        self.core.records.close().await;
    }

    /// Where `call` may go.
    fn plan(&self, snapshot: &Snapshot, call: &ChatCall) -> Result<Plan, CallError> {
        let chance = self.core.options.random.unit();
        let plan = resolve(snapshot, &call.facts, call.endpoint, &call.access, chance)?;
        Ok(match call.facts.only_key {
            Some(key) => plan.only(key),
            None => plan,
        })
    }

    /// Charges the app token that `call` counts for.
    fn admit(
        &self,
        snapshot: &Snapshot,
        call: &ChatCall,
        route: &Route,
    ) -> Result<Option<CallOfApp>, CallError> {
        let Some(token) = call.app_id.and_then(|id| snapshot.app_token(id)) else {
            return Ok(None);
        };
        let usual = || route.provider.pool.expected_output(&route.model_code);
        let tokens = expected_tokens(&call.facts, call.endpoint, usual);
        let admission = self.core.apps.admit(token, tokens, self.core.moment())?;
        Ok(Some(CallOfApp { token: Arc::clone(token), admission }))
    }

    async fn call_with<S: Sender>(
        &self,
        sender: S,
        mut call: ChatCall,
    ) -> Result<CallReply, CallError> {
        // A count has no stream, whatever the chat would have that it is counted for.
        call.facts.is_stream &= call.endpoint != Endpoint::CountTokens;
        let snapshot = self.snapshot();
        let plan = self.plan(&snapshot, &call);
        let admitted =
            plan.and_then(|plan| Ok((self.admit(&snapshot, &call, plan.first())?, plan)));
        let (app, mut plan) = match admitted {
            Ok(admitted) => admitted,
            Err(error) => {
                let status = self.core.status_of(call.path, &error);
                self.record_refused(RefusedCall::new(&call, &error, status)).await;
                return Err(error);
            }
        };
        if estimate::is_ours(&call, plan.first()) {
            return self.estimate(&call, plan.first()).await;
        }
        plan.targets.retain(|target| !estimate::is_ours(&call, &target.route));
        let is_stream = call.facts.is_stream;
        let steps = run(Arc::clone(&self.core), sender, call, plan, app);
        hold(Box::pin(steps), is_stream.then_some(self.core.options.hold)).await
    }
}

/// How long an instance that ends tries to give back what it holds of budgets.
const CLOSE_BUDGETS: Duration = Duration::from_secs(2);
/// How long calls that were cut at a shutdown have to be dropped by whoever served them.
const LAST_CALLS: Duration = Duration::from_secs(2);
/// How long tasks have to notice that they are to end.
const GRACE: Duration = Duration::from_millis(500);

impl Core {
    /// Everything but the tasks.
    async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        options: EngineOptions,
        records: Records,
    ) -> Result<Arc<Self>, StoreError> {
        let changes = Arc::new(Changes::default());
        let credentials = Arc::new(Credentials::default());
        let keeper = Keeper::open(
            store.clone(),
            Arc::clone(&clock),
            Arc::clone(&changes),
            Arc::clone(&credentials),
            options.session_token_life,
        )
        .await?;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let budgets = Budgets::new(store.clone(), Arc::clone(&clock), tasks.clone(), stop.clone());
        let core = Self {
            http: HttpClient::new(&options.http),
            store,
            clock,
            options,
            keeper,
            changes,
            credentials,
            records,
            apps: Apps::new(Instant::now()),
            budgets,
            state_writes: tokio::sync::Mutex::default(),
            probing: tokio::sync::Mutex::default(),
            runtime: Handle::current(),
            tasks,
            stop,
        };
        Ok(Arc::new(core))
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { instant: Instant::now(), utc: self.clock.now() }
    }

    /// What credentials are renewed with.
    fn renewer(&self) -> Renewer {
        Renewer {
            http: self.http.clone(),
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            pauses: self.options.renewal,
        }
    }

    pub(crate) fn status_of(&self, path: &str, error: &CallError) -> Option<u16> {
        (self.options.status_of)(path, error)
    }

    /// Runs `task` on the engine's runtime; shutting down waits for it.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_on(task, &self.runtime);
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Waits for what the caller is told first; a stream is waited for as long as `patience`.
async fn hold<Steps>(mut steps: Steps, patience: Option<Duration>) -> Result<CallReply, CallError>
where
    Steps: Stream<Item = Step> + Send + Unpin + 'static,
{
    let mut head: Option<ReplyHead> = None;
    let until = patience.map(|patience| Instant::now() + patience);
    let patience = async move {
        match until {
            Some(until) => sleep_until(until).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(patience);
    loop {
        let step = tokio::select! {
            biased;
            step = steps.next() => step,
            () = &mut patience, if head.is_some() => return Ok(streamed(head, None, steps)),
        };
        match step {
            Some(Step::Attempt(made)) => head = Some(made),
            // A provider that never pauses would never let the timer be looked at.
            Some(Step::KeepAlive) if until.is_some_and(|until| Instant::now() >= until) => {
                return Ok(streamed(head, None, steps));
            }
            Some(Step::KeepAlive) => {}
            Some(Step::Event(event)) => {
                return Ok(streamed(head, Some(CallEvent::Event(event)), steps));
            }
            Some(Step::End(summary)) => {
                return Ok(streamed(head, Some(CallEvent::End(summary)), steps));
            }
            Some(Step::Whole(answer, summary)) => {
                let body = ReplyBody::Whole {
                    answer,
                    usage: summary.usage,
                    usage_source: summary.usage_source,
                    cost: summary.cost,
                };
                return Ok(CallReply { head: made(head), body });
            }
            Some(Step::Failed(error)) => return Err(error),
            None => unreachable!("a call ends with its answer or its failure"),
        }
    }
}

fn streamed<Steps>(head: Option<ReplyHead>, first: Option<CallEvent>, rest: Steps) -> CallReply
where
    Steps: Stream<Item = Step> + Send + Unpin + 'static,
{
    let rest = rest.filter_map(|step| std::future::ready(event_of(step)));
    let events = futures_util::stream::iter(first).chain(rest);
    CallReply { head: made(head), body: ReplyBody::Stream(CallStream::new(events)) }
}

fn event_of(step: Step) -> Option<CallEvent> {
    match step {
        Step::Attempt(_) => None,
        Step::KeepAlive => Some(CallEvent::KeepAlive),
        Step::Event(event) => Some(CallEvent::Event(event)),
        Step::End(summary) => Some(CallEvent::End(summary)),
        Step::Failed(error) => Some(CallEvent::Failed(error)),
        Step::Whole(..) => unreachable!("a stream was asked for"),
    }
}

fn made(head: Option<ReplyHead>) -> ReplyHead {
    head.expect("an answer comes from an attempt")
}
