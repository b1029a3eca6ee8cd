//! Sealing keys, the secret of session tokens, and the first admin.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use tollgate_domain::Secret;
use tollgate_store::{Keyring, SealingKey};

use super::source::{Source, Variable};

const API_KEY_ENCRYPTION_KEY: Variable = Variable::secret(
    "API_KEY_ENCRYPTION_KEY",
    "embedded mode: made in DATA_DIR",
    "the key that upstream keys are sealed with: 32 bytes as 64 hex digits or base64",
);
const API_KEY_ENCRYPTION_KEYS_OLD: Variable = Variable::secret(
    "API_KEY_ENCRYPTION_KEYS_OLD",
    "none",
    "former sealing keys that still open what they sealed, separated by commas",
);
const JWT_SECRET: Variable = Variable::secret(
    "JWT_SECRET",
    "embedded mode: made in DATA_DIR",
    "the secret that session tokens are signed with, at least 32 bytes",
);
const JWT_EXPIRE_SECONDS: Variable =
    Variable::plain("JWT_EXPIRE_SECONDS", "3600", "seconds that a session token works");
const ADMIN_USERNAME: Variable =
    Variable::plain("ADMIN_USERNAME", "admin", "name of the first admin");
const ADMIN_PASSWORD: Variable = Variable::secret(
    "ADMIN_PASSWORD",
    "embedded mode: made and printed once",
    "password of the first admin, used when there is no user yet",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[
    API_KEY_ENCRYPTION_KEY,
    API_KEY_ENCRYPTION_KEYS_OLD,
    JWT_SECRET,
    JWT_EXPIRE_SECONDS,
    ADMIN_USERNAME,
    ADMIN_PASSWORD,
];

/// The file in `DATA_DIR` that holds the sealing key of the embedded mode.
pub const SEALING_KEY_FILE: &str = "encryption.key";
/// The file in `DATA_DIR` that holds the token secret of the embedded mode.
pub const JWT_SECRET_FILE: &str = "jwt.secret";

/// Sealing keys, the secret of session tokens, and the first admin.
#[derive(Clone, Debug)]
pub struct SecretsConfig {
    /// `API_KEY_ENCRYPTION_KEY`: what secrets are sealed with (embedded mode: made in `DATA_DIR`),
    /// and `API_KEY_ENCRYPTION_KEYS_OLD`: former keys that still open (default none).
    pub keyring: Option<Keyring>,
    /// `JWT_SECRET`: what session tokens are signed with. Embedded mode: made in `DATA_DIR`.
    pub jwt_secret: Option<Secret<String>>,
    /// `JWT_EXPIRE_SECONDS`: how long a session token works. Default 3600.
    pub jwt_expire_seconds: u32,
    /// `ADMIN_USERNAME`: the first admin's name. Default `admin`.
    pub admin_username: String,
    /// `ADMIN_PASSWORD`: the first admin's password. Embedded mode: made and printed once.
    pub admin_password: Option<Secret<String>>,
}

impl SecretsConfig {
    pub(super) fn read(source: &mut Source, data_dir: &Path, is_embedded: bool) -> Self {
        let sealing = source.text(&API_KEY_ENCRYPTION_KEY).map(Secret::new);
        let sealing = sealing.or_else(|| made(source, data_dir, SEALING_KEY_FILE, is_embedded));
        if sealing.is_none() {
            missing(source, &API_KEY_ENCRYPTION_KEY);
        }
        let jwt_secret = source.text(&JWT_SECRET).map(Secret::new);
        let jwt_secret =
            jwt_secret.or_else(|| made(source, data_dir, JWT_SECRET_FILE, is_embedded));
        match &jwt_secret {
            None => missing(source, &JWT_SECRET),
            Some(secret) if secret.expose().len() < 32 => {
                source.wrong(
                    &JWT_SECRET,
                    "",
                    "at least 32 bytes; make one with: openssl rand -hex 32",
                );
            }
            Some(_) => {}
        }
        let admin_password = source.text(&ADMIN_PASSWORD).map(Secret::new);
        let length = admin_password.as_ref().map(|password| password.expose().chars().count());
        if length.is_some_and(|length| !crate::access::password::LENGTH.contains(&length)) {
            source.wrong(&ADMIN_PASSWORD, "", "8 to 256 characters");
        }
        Self {
            keyring: sealing.and_then(|text| keyring(source, &text)),
            jwt_secret,
            jwt_expire_seconds: source.number(&JWT_EXPIRE_SECONDS, 60, 2_592_000).unwrap_or(3600),
            admin_username: source.text(&ADMIN_USERNAME).unwrap_or_else(|| "admin".to_owned()),
            admin_password,
        }
    }
}

fn missing(source: &mut Source, variable: &Variable) {
    source.problem(format!(
        "{} is not set: outside the embedded mode it is needed; make one with: openssl rand -hex 32",
        variable.name
    ));
}

fn keyring(source: &mut Source, current: &Secret<String>) -> Option<Keyring> {
    let old =
        source.text(&API_KEY_ENCRYPTION_KEYS_OLD).map_or_else(|| Secret::from(""), Secret::new);
    let current = SealingKey::parse(API_KEY_ENCRYPTION_KEY.name, current.expose());
    let old = SealingKey::parse_list(API_KEY_ENCRYPTION_KEYS_OLD.name, old.expose());
    match (current, old) {
        (Ok(current), Ok(old)) => Some(Keyring::new(current, old)),
        (current, old) => {
            let errors = [current.err(), old.err()].into_iter().flatten();
            errors.for_each(|error| {
                source.problem(format!("{error}; make one with: openssl rand -hex 32"))
            });
            None
        }
    }
}

/// The secret in `file`, made there if it is not; in embedded mode alone.
fn made(
    source: &mut Source,
    data_dir: &Path,
    file: &str,
    is_embedded: bool,
) -> Option<Secret<String>> {
    if !is_embedded {
        return None;
    }
    let path = data_dir.join(file);
    match read_or_make(&path) {
        Ok(secret) => Some(secret),
        Err(error) => {
            source.problem(format!(
                "{} cannot be read or made: {error}; set DATA_DIR to a directory that this user may write to",
                path.display()
            ));
            None
        }
    }
}

fn read_or_make(path: &Path) -> std::io::Result<Secret<String>> {
    match fs::read_to_string(path) {
        Ok(text) => return Ok(Secret::new(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let bytes: [u8; 32] = rand::random();
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    Ok(Secret::new(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_secret_is_the_same_the_next_time_and_readable_by_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new").join(JWT_SECRET_FILE);

        let first = read_or_make(&path).unwrap();

        assert_eq!(read_or_make(&path).unwrap(), first);
        assert_eq!(first.expose().len(), 64);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
