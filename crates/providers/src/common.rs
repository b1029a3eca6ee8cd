//! What all requests to one upstream have in common, made once.

use std::sync::OnceLock;

use http::HeaderMap;
use parking_lot::Mutex;
use tollgate_domain::failure::Failure;
use url::Url;

use crate::url::WireUrl;

/// The URLs and headers of an upstream's requests. A copy begins anew, since its upstream may
/// become another one.
#[derive(Debug, Default)]
pub struct Common {
    urls: Mutex<Vec<(&'static str, WireUrl)>>,
    headers: OnceLock<HeaderMap>,
}

impl Common {
    /// The URL of an endpoint, which `make` makes the first time. Fails as it does.
    pub(crate) fn url(
        &self,
        endpoint: &'static str,
        make: impl FnOnce() -> Result<Url, Failure>,
    ) -> Result<WireUrl, Failure> {
        let mut urls = self.urls.lock();
        if let Some((_, url)) = urls.iter().find(|(known, _)| *known == endpoint) {
            return Ok(url.clone());
        }
        let url = WireUrl::try_from(make()?)?;
        urls.push((endpoint, url.clone()));
        Ok(url)
    }

    /// The headers of every request, which `make` makes the first time. Fails as it does.
    pub(crate) fn headers(
        &self,
        make: impl FnOnce() -> Result<HeaderMap, Failure>,
    ) -> Result<HeaderMap, Failure> {
        if let Some(headers) = self.headers.get() {
            return Ok(headers.clone());
        }
        let made = make()?;
        Ok(self.headers.get_or_init(|| made).clone())
    }
}

impl Clone for Common {
    fn clone(&self) -> Self {
        Self::default()
    }
}
