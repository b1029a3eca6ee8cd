//! Flags: what an operator tries by hand.

use std::path::PathBuf;

use tollgate_domain::Secret;
use tollgate_domain::provider::Strategy;

/// The flags of `serve`; each goes over the environment and the file.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Port to listen on
    #[arg(long, global = true)]
    pub port: Option<u16>,
    /// Database: mysql://user:password@host:3306/name or sqlite://path
    #[arg(long, global = true, value_parser = secret)]
    pub database_url: Option<Secret<String>>,
    /// Code of a provider to switch on and to use by default
    #[arg(long, global = true)]
    pub model_provider: Option<String>,
    /// Credentials file of Kiro, imported once as a key of the provider `kiro`
    #[arg(long, global = true)]
    pub kiro_oauth_creds_file: Option<PathBuf>,
    /// Credentials file of Qwen, imported once as a key of the provider `qwen`
    #[arg(long, global = true)]
    pub qwen_oauth_creds_file: Option<PathBuf>,
    /// Whether keys share the load by an algorithm; without, by priority alone
    #[arg(long, global = true, num_args = 0..=1, default_missing_value = "true")]
    pub load_balancer_enabled: Option<bool>,
    /// How keys share the load: priority, least_load, round_robin, weighted, least_requests,
    /// random or ip_hash
    #[arg(long, global = true)]
    pub load_balancer_algorithm: Option<Strategy>,
    /// Whether there are metrics
    #[arg(long, global = true, num_args = 0..=1, default_missing_value = "true")]
    pub metrics_enabled: Option<bool>,
    /// Port of its own for metrics
    #[arg(long, global = true)]
    pub metrics_port: Option<u16>,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a clap value parser")]
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::from(text))
}
