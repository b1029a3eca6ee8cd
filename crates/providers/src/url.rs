//! Where an endpoint of an upstream is.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::Uri;
use tollgate_domain::failure::Failure;
use url::Url;

use crate::error::transient;

/// Endpoints that people paste as if they were base URLs.
const ENDPOINTS: [&str; 4] = ["/chat/completions", "/embeddings", "/models", "/completions"];

/// A URL, ready to be sent to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WireUrl {
    url: Arc<Url>,
    uri: Uri,
}

impl WireUrl {
    /// The same, as a request takes it.
    pub(crate) fn uri(self) -> Uri {
        self.uri
    }
}

impl TryFrom<Url> for WireUrl {
    type Error = Failure;

    fn try_from(url: Url) -> Result<Self, Failure> {
        Ok(Self { uri: uri_of(&url)?, url: Arc::new(url) })
    }
}

impl Deref for WireUrl {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for WireUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

/// `url` as a request takes it. Fails at one that holds what no request can.
pub(crate) fn uri_of(url: &Url) -> Result<Uri, Failure> {
    let built = Uri::try_from(url.as_str());
    built.map_err(|error| transient(format!("the request cannot be built: {error}")))
}

/// `endpoint` (`/chat/completions`) under `base_url`, with `query` added to what the base has.
///
/// A trailing slash and a pasted endpoint are forgiven, and a query of the base stays behind the
/// path. Fails, naming the remedy, when the base is no HTTP URL or holds a name and password.
pub(crate) fn endpoint_url(
    base_url: &str,
    endpoint: &str,
    query: Option<(&str, &str)>,
) -> Result<Url, Failure> {
    if base_url.trim().is_empty() {
        return Err(transient("the provider has no base URL yet; set its `baseUrl`"));
    }
    let mut url = Url::parse(base_url.trim()).map_err(|error| {
        transient(format!(
            "the base URL is not a URL ({error}); it should look like https://api.example.com/v1"
        ))
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
        return Err(transient("the base URL must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(transient("the base URL must not hold a user name or password"));
    }
    let path = format!("{}{endpoint}", base_path(url.path(), endpoint));
    url.set_path(&path);
    url.set_fragment(None);
    if let Some((name, value)) = query
        && !url.query_pairs().any(|(given, _)| given == name)
    {
        url.query_pairs_mut().append_pair(name, value);
    }
    Ok(url)
}

fn base_path<'a>(path: &'a str, endpoint: &str) -> &'a str {
    let path = path.trim_end_matches('/');
    let pasted = ENDPOINTS.iter().find_map(|endpoint| path.strip_suffix(endpoint));
    let path = pasted.unwrap_or(path).trim_end_matches('/');
    // Azure's deployments have no list of their own; the resource above them has.
    match path.split_once("/deployments/") {
        Some((resource, _)) if endpoint == "/models" && resource.ends_with("/openai") => resource,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_appended_to_whatever_people_paste() {
        let azure = "https://r.openai.azure.com/openai/deployments/d";
        let version = Some(("api-version", "2025-04-01"));
        let cases = [
            ("https://api.openai.com/v1", "/models", None, "https://api.openai.com/v1/models"),
            (
                "https://api.deepseek.com/",
                "/chat/completions",
                None,
                "https://api.deepseek.com/chat/completions",
            ),
            (" http://h:8000/v1// ", "/embeddings", None, "http://h:8000/v1/embeddings"),
            ("http://h/v1/chat/completions", "/models", None, "http://h/v1/models"),
            (
                "http://h/v1/chat/completions/",
                "/chat/completions",
                None,
                "http://h/v1/chat/completions",
            ),
            ("http://h/v1?a=b#c", "/models", None, "http://h/v1/models?a=b"),
            (
                azure,
                "/chat/completions",
                version,
                "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-04-01",
            ),
            (
                azure,
                "/models",
                version,
                "https://r.openai.azure.com/openai/models?api-version=2025-04-01",
            ),
            ("http://h/v1?api-version=1", "/models", version, "http://h/v1/models?api-version=1"),
        ];
        for (base, endpoint, query, expected) in cases {
            assert_eq!(endpoint_url(base, endpoint, query).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn a_base_that_is_no_url_is_refused_without_being_repeated() {
        for base in ["api.openai.com", "ftp://h/", "mailto:a@b", "https://user:hunter2@h/v1"] {
            let message = endpoint_url(base, "/models", None).unwrap_err().message;

            assert!(message.starts_with("the base URL"), "{message}");
            assert!(!message.contains("hunter2"));
        }
        let message = endpoint_url(" ", "/models", None).unwrap_err().message;
        assert!(message.contains("no base URL yet"), "{message}");
    }
}
