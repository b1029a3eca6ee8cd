//! The one sender: every request to every provider goes through here.
//!
//! It keeps the limits on time and size, never follows a redirect, marks keys as sensitive, and
//! turns whatever goes wrong into a [`Failure`] that names neither key nor URL.

mod address;
pub(crate) mod ask;
mod body;
mod connect;
mod connection;
mod driven;
mod exchange;
mod fetch;
mod handed;
mod pool;
mod post;
mod stream;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;
use tollgate_domain::Clock;
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::chat::{Answer, ChatCall, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::model::ListedModel;
use tollgate_domain::provider::Timeouts;

use crate::error::{transient, without_secret};
use crate::files::Files;
use crate::protocol::{Prepared, Protocol, Target, Upstream, WireReply, WireRequest, protocol};
use crate::quote::without_prompt;
use crate::told_limits::told_limits;
use body::{Patience, read_body};
use exchange::{ExchangeError, Outgoing, ReplyBody};
use fetch::Fetcher;
use pool::Pool;
pub use post::{Post, PostError, Posted, Poster};
pub use stream::EventStream;
use stream::Private;
pub use tls::Tls;

/// What a client is built with.
#[derive(Clone, Debug)]
pub struct HttpClientOptions {
    /// Tells the time, for hints that name one.
    pub clock: Arc<dyn Clock>,
    /// The longest whole answer that is read, in bytes.
    pub max_body_bytes: usize,
    /// The longest event of a stream that is read, in bytes.
    pub max_event_bytes: usize,
    /// What we call ourselves.
    pub user_agent: String,
    /// Whether files that callers name by URL are fetched from private addresses too.
    pub fetch_private_addresses: bool,
    /// How servers prove who they are.
    pub tls: Tls,
}

impl HttpClientOptions {
    /// The usual limits: answers of 32 MiB, events of 8 MiB.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            max_body_bytes: 32 << 20,
            max_event_bytes: 8 << 20,
            user_agent: "tollgate".to_owned(),
            fetch_private_addresses: false,
            tls: Tls::default(),
        }
    }
}

/// Sends requests to providers. Cheap to clone; make one per worker, since its connections belong
/// to the runtime that opened them.
#[derive(Clone, Debug)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: HttpClientOptions,
    pool: Pool,
    fetcher: Fetcher,
}

/// What a call gets.
#[derive(Debug)]
pub enum Reply {
    /// The answer, all of it, and the limits that the provider told with it.
    Whole(Answer, KeyLimits),
    /// The answer, as it comes.
    Stream(EventStream),
}

/// The most pages of a model list that are asked for.
const MAX_MODEL_PAGES: usize = 50;
/// The most models that one provider may list.
const MAX_MODELS: usize = 5_000;
/// The longest that a model list is waited for, all pages of it.
const MAX_LIST_TIME: Duration = Duration::from_secs(30);
/// As much of an error's body as is read, in bytes.
const MAX_ERROR_BYTES: usize = 256 << 10;
/// The longest that an error's body is waited for: another key or the caller waits meanwhile.
const MAX_ERROR_TIME: Duration = Duration::from_secs(5);
/// The longest page of a model list that is read, in bytes.
const MAX_LIST_BYTES: usize = 8 << 20;

impl HttpClient {
    /// A client without connections.
    #[must_use]
    pub fn new(options: &HttpClientOptions) -> Self {
        let HttpClientOptions { user_agent, fetch_private_addresses, tls, .. } = options.clone();
        let pool = Pool::new(user_agent.clone(), tls.clone());
        let fetcher = Fetcher::new(user_agent, fetch_private_addresses, tls);
        Self { inner: Arc::new(Inner { options: options.clone(), pool, fetcher }) }
    }

    /// Sends `call` to `target` and waits, at most until `deadline`, for a whole answer, or for
    /// the head of a stream. Dropping the future or the stream ends the request at the provider.
    pub async fn call(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> Result<Reply, Failure> {
        self.try_call(call, target, deadline).await.map_err(|failure| {
            let failure = without_secret(failure, target.upstream.secret.expose());
            without_prompt(failure, &call.body)
        })
    }

    /// The models that the provider lists, all pages of them.
    pub async fn list_models(&self, upstream: &Upstream) -> Result<Vec<ListedModel>, Failure> {
        self.try_list_models(upstream)
            .await
            .map_err(|failure| without_secret(failure, upstream.secret.expose()))
    }

    /// Asks the provider, in the cheapest way that it has, whether it takes the key: `Ok` if so.
    /// The failure's class tells a refused key from a provider that could not be asked.
    pub async fn validate(&self, upstream: &Upstream) -> Result<(), Failure> {
        self.model_page(upstream, None, list_deadline(upstream))
            .await
            .map(drop)
            .map_err(|failure| without_secret(failure, upstream.secret.expose()))
    }

    async fn try_call(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> Result<Reply, Failure> {
        let protocol = protocol(target.upstream.protocol);
        let mut request = self.prepare(protocol, call, target, deadline).await?;
        // A count is whole, whatever the request that it counts asks for.
        let is_stream = call.facts.is_stream && call.endpoint == Endpoint::Chat;
        let accept = if is_stream { "text/event-stream" } else { "application/json" };
        request.headers.entry(ACCEPT).or_insert(HeaderValue::from_static(accept));

        let timeouts = target.upstream.timeouts;
        let mut patience = Patience::new(&timeouts, deadline);
        let response = self.send(protocol, request, &timeouts, &patience).await?;
        let limits = told_limits(response.headers());
        if is_stream {
            let decoder = protocol.decoder(call, target);
            let private =
                Private { secret: target.upstream.secret.clone(), body: call.body.clone() };
            let options = &self.inner.options;
            return Ok(Reply::Stream(EventStream::new(
                response.into_body(),
                decoder,
                patience,
                private,
                limits,
                options,
            )));
        }
        let limit = self.inner.options.max_body_bytes;
        let body = read_body(response.into_body(), &mut patience, limit).await?;
        let answer = protocol.answer(call, target, &body)?;
        Ok(Reply::Whole(answer, limits))
    }

    /// The request, with the files that the provider does not fetch itself.
    async fn prepare(
        &self,
        protocol: &dyn Protocol,
        call: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> Result<WireRequest, Failure> {
        let missing = match protocol.prepare(call, target, &Files::default())? {
            Prepared::Ready(request) => return Ok(request),
            Prepared::Missing(files) => files,
        };
        let files = self.inner.fetcher.fetch(missing, deadline).await?;
        match protocol.prepare(call, target, &files)? {
            Prepared::Ready(request) => Ok(request),
            Prepared::Missing(_) => Err(transient("a file that was fetched is still missing")),
        }
    }

    async fn try_list_models(&self, upstream: &Upstream) -> Result<Vec<ListedModel>, Failure> {
        let deadline = list_deadline(upstream);
        let mut models = Vec::new();
        let mut next = None;
        for _ in 0..MAX_MODEL_PAGES {
            let page = self.model_page(upstream, next.as_deref(), deadline).await?;
            models.extend(page.models);
            next = page.next;
            if next.is_none() || models.len() >= MAX_MODELS {
                break;
            }
        }
        models.truncate(MAX_MODELS);
        Ok(models)
    }

    async fn model_page(
        &self,
        upstream: &Upstream,
        next: Option<&str>,
        deadline: Instant,
    ) -> Result<crate::ModelPage, Failure> {
        let protocol = protocol(upstream.protocol);
        let request = protocol.models_request(upstream, next)?;
        let mut patience = Patience::new(&upstream.timeouts, deadline);
        let response = self.send(protocol, request, &upstream.timeouts, &patience).await?;
        let limit = self.inner.options.max_body_bytes.min(MAX_LIST_BYTES);
        let body = read_body(response.into_body(), &mut patience, limit).await?;
        protocol.models(&body)
    }

    /// Sends, and waits for the head of a good reply; a bad one becomes its failure.
    async fn send(
        &self,
        protocol: &dyn Protocol,
        request: WireRequest,
        timeouts: &Timeouts,
        patience: &Patience,
    ) -> Result<Response<ReplyBody>, Failure> {
        let WireRequest { method, url, mut headers, body } = request;
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let client = self.inner.pool.client(timeouts.connect());
        let sending = client.send(Outgoing { method, uri: url.uri(), headers, body });
        let response = patience.wait(sending).await?.map_err(|error| unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refusal(protocol, response, patience.clone().at_most(MAX_ERROR_TIME)).await)
    }

    async fn refusal(
        &self,
        protocol: &dyn Protocol,
        response: Response<ReplyBody>,
        mut patience: Patience,
    ) -> Failure {
        let (head, body) = response.into_parts();
        let (status, headers) = (head.status, head.headers);
        let limits = told_limits(&headers);
        // An error without its body is still classed by its status.
        let body = read_body(body, &mut patience, MAX_ERROR_BYTES).await.unwrap_or_default();
        let reply = WireReply { status, headers, body };
        let failure = protocol.failure(&reply, self.inner.options.clock.now());
        let limits = (limits != KeyLimits::default()).then(|| Box::new(limits));
        Failure { limits, ..failure }
    }
}

fn list_deadline(upstream: &Upstream) -> Instant {
    Instant::now() + upstream.timeouts.total().min(MAX_LIST_TIME)
}

/// What an error of the HTTP client means. Its own words name the URL, so only its innermost cause
/// is told.
fn unreachable(error: &ExchangeError) -> Failure {
    let step = if error.is_connect { "could not connect" } else { "the connection broke" };
    if error.is_timeout() {
        return transient(format!("{step} in time"));
    }
    transient(format!("{step}: {}", error.innermost()))
}

/// The failure of a call whose own time is over.
fn deadline_passed() -> Failure {
    Failure::new(FailureClass::Deadline, "the time for the whole call is over")
}
