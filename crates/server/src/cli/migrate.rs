//! `tollgate migrate` and `tollgate seed`.

use tollgate_domain::{Clock, SystemClock};

use super::print;
use crate::config::Config;
use crate::start;

pub(super) async fn migrate(config: &Config) -> anyhow::Result<()> {
    let store = start::open_store(config).await?;
    let report = store.migrate().await?;
    for name in &report.applied {
        print::line(format_args!("applied {name}"));
    }
    print::line(format_args!("the schema has version {}", report.version));
    store.close().await;
    Ok(())
}

pub(super) async fn seed(config: &Config) -> anyhow::Result<()> {
    let store = start::open_store(config).await?;
    store.migrate().await?;
    store.seed(SystemClock.now()).await?;
    let providers = store.providers().list(&Default::default()).await?.len();
    let models = store.models().all().await?.len();
    print::line(format_args!("{providers} providers and {models} models are there"));
    store.close().await;
    Ok(())
}
