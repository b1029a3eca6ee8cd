//! Small questions with a secret in them, to services that are no providers.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use tokio::time::Instant;
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::Timeouts;
use url::Url;

use super::body::{Patience, read_body};
use super::exchange::Outgoing;
use super::{HttpClient, unreachable};
use crate::url::uri_of;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer is waited for, all of it.
const TIME: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// A question. Neither its URL nor its body is ever told.
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl HttpClient {
    /// The answer, whatever its status; redirects are answers.
    pub(crate) async fn ask(&self, question: Question) -> Result<(StatusCode, Bytes), Failure> {
        let deadline = Instant::now() + TIME;
        let mut patience = Patience::new(&Timeouts::default(), deadline);
        let client = self.inner.pool.client(CONNECT);
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::from_iter([(ACCEPT, json)]);
        if let Some(content_type) = question.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let request = Outgoing {
            method: question.method,
            uri: uri_of(&question.url)?,
            headers,
            body: question.body.into(),
        };
        let sending = client.send(request);
        let response = patience.wait(sending).await?.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let body = read_body(response.into_body(), &mut patience, MAX_BYTES).await?;
        Ok((status, body))
    }
}
