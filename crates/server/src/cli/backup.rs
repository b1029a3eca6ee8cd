//! `tollgate backup`.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::print;
use crate::config::Config;
use crate::config::secrets::{JWT_SECRET_FILE, SEALING_KEY_FILE};
use crate::start;

/// Copies the database, consistent though it is in use, and the key files beside it.
pub(super) async fn run(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let Some(file) = config.database.sqlite_file() else {
        bail!(
            "the database is MySQL: use its own tools, such as \
             `mysqldump --single-transaction --routines <database>`, and keep a copy of \
             API_KEY_ENCRYPTION_KEY elsewhere; without it the backup's keys do not open"
        );
    };
    make_private(folder)?;
    let store = start::open_store(config).await?;
    let copy = folder.join("tollgate.db");
    store.copy_sqlite_to(&copy).await.context("the database cannot be copied")?;
    store.close().await;
    print::line(format_args!("{} -> {}", file.display(), copy.display()));
    for name in [SEALING_KEY_FILE, JWT_SECRET_FILE] {
        let (from, to) = (config.data_dir.join(name), folder.join(name));
        if from.exists() {
            fs::copy(&from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
            print::line(format_args!("{} -> {}", from.display(), to.display()));
        }
    }
    print::line("Whoever holds this folder can open the keys in it: keep it as safe as they are.");
    Ok(())
}

/// Makes the folder, which must not be there yet, for this user alone.
fn make_private(folder: &Path) -> anyhow::Result<()> {
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("{} cannot be made; it must be a new folder", folder.display()))
}
