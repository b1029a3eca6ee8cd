//! TLS as all clients of the process use it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

/// How servers prove who they are: by the certificates that this machine believes. To be shared
/// among clients: reading those takes 20 ms and half a megabyte, and happens when a server is first
/// talked to in TLS.
#[derive(Clone, Default)]
pub struct Tls {
    config: Arc<OnceLock<ClientConfig>>,
}

impl Tls {
    /// What speaks TLS, HTTP/2 or HTTP/1.1, over the connections that `inner` makes.
    ///
    /// # Errors
    /// Where this machine's certificates cannot be read.
    pub(super) fn over<C>(&self, inner: C) -> Result<HttpsConnector<C>, rustls::Error> {
        let config = match self.config.get() {
            Some(config) => config,
            None => {
                let built = build()?;
                self.config.get_or_init(|| built)
            }
        };
        let builder = HttpsConnectorBuilder::new().with_tls_config(config.clone());
        Ok(builder.https_or_http().enable_all_versions().wrap_connector(inner))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

fn build() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_platform_verifier()?.with_no_client_auth())
}
