//! Asking a key service.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use tollgate_domain::credential::Remote;

use super::{RenewError, Renewed, Value, answer};
use crate::HttpClient;
use crate::client::ask::Question;

/// Asks the service once for its key.
pub(super) async fn fetch(
    http: &HttpClient,
    remote: &Remote,
    now: DateTime<Utc>,
) -> Result<Renewed, RenewError> {
    let mut url = url::Url::parse(remote.url.trim())
        .map_err(|_| RenewError::lasting("the key service's URL is none"))?;
    url.query_pairs_mut().append_pair("sceneCode", &remote.scene_code);
    let question = Question { method: Method::GET, url, content_type: None, body: Vec::new() };
    let (status, body) = http.ask(question).await.map_err(|why| {
        RenewError::passing(format!("the key service cannot be asked: {}", why.message))
    })?;
    if !status.is_success() {
        return Err(RenewError::passing(format!("the key service answered {}", status.as_u16())));
    }
    let secret = Arc::new(answer::key(&body)?);
    let expires_at = now + TimeDelta::seconds(remote.expire_seconds.into());
    let before = remote.refresh_before_seconds.min(remote.expire_seconds.saturating_sub(1));
    let refresh_at = expires_at - TimeDelta::seconds(before.into());
    Ok(Renewed { value: Value { secret, refresh_at, expires_at }, credential: None })
}
