//! Small questions with a secret in them, to services that are no providers.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use tokio::time::Instant;
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::Timeouts;

use super::body::{Patience, read_body};
use super::{HttpClient, unreachable};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer is waited for, all of it.
const TIME: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// A question. Neither its URL nor its body is ever told.
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) url: reqwest::Url,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl HttpClient {
    /// The answer, whatever its status; redirects are answers.
    pub(crate) async fn ask(&self, question: Question) -> Result<(StatusCode, Bytes), Failure> {
        let deadline = Instant::now() + TIME;
        let mut patience = Patience::new(&Timeouts::default(), deadline);
        let client = self.inner.pool.client(CONNECT)?;
        let mut request = client
            .request(question.method, question.url)
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(content_type) = question.content_type {
            request = request.header(CONTENT_TYPE, content_type).body(question.body);
        }
        let response = patience.wait(request.send()).await?.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let body = read_body(response, &mut patience, MAX_BYTES).await?;
        Ok((status, body))
    }
}
