//! A key that a key service gives.

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use crate::Secret;

/// Where a key service gives the key, and for how long it holds.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remote {
    /// The service: `GET {url}?sceneCode={scene_code}` answers `{"result": "the key"}`.
    pub url: String,
    /// Which key to ask for.
    #[serde(default, alias = "sceneCode")]
    pub scene_code: String,
    /// The key while the service has given none.
    #[serde(default, alias = "backupKey", alias = "backup_key")]
    pub backup: Option<Secret<String>>,
    /// How long a key holds, in seconds.
    #[serde(default = "expire_seconds", alias = "expireSeconds")]
    pub expire_seconds: u32,
    /// How long before its end the next one is asked for, in seconds.
    #[serde(default = "refresh_before_seconds", alias = "refreshBeforeSeconds")]
    pub refresh_before_seconds: u32,
}

impl Remote {
    /// How long a key holds where nothing else is said, in seconds.
    pub const EXPIRE_SECONDS: u32 = 600;
    /// How long before its end the next one is asked for, in seconds, where nothing else is said.
    pub const REFRESH_BEFORE_SECONDS: u32 = 120;

    pub(super) fn to_secret(&self) -> Secret<String> {
        let backup = self.backup.as_ref().map(Secret::expose);
        let json = json!({
            "url": self.url,
            "scene_code": self.scene_code,
            "backup": backup,
            "expire_seconds": self.expire_seconds,
            "refresh_before_seconds": self.refresh_before_seconds,
        });
        Secret::new(json.to_string())
    }
}

impl fmt::Debug for Remote {
    /// Without the URL, whose query may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}

impl Default for Remote {
    fn default() -> Self {
        Self {
            url: String::new(),
            scene_code: String::new(),
            backup: None,
            expire_seconds: Self::EXPIRE_SECONDS,
            refresh_before_seconds: Self::REFRESH_BEFORE_SECONDS,
        }
    }
}

const fn expire_seconds() -> u32 {
    Remote::EXPIRE_SECONDS
}

const fn refresh_before_seconds() -> u32 {
    Remote::REFRESH_BEFORE_SECONDS
}
