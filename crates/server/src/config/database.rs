//! The database.

use std::path::PathBuf;

use tollgate_domain::Secret;

use super::flags::Flags;
use super::source::{Source, Variable};

const DATABASE_URL: Variable = Variable::secret(
    "DATABASE_URL",
    "sqlite://{DATA_DIR}/tollgate.db",
    "the database: mysql://user:password@host:3306/name or sqlite://path",
);
const DB_HOST: Variable =
    Variable::plain("DB_HOST", "none", "MySQL host, where DATABASE_URL is not set");
const DB_PORT: Variable = Variable::plain("DB_PORT", "3306", "MySQL port");
const DB_USERNAME: Variable = Variable::plain("DB_USERNAME", "root", "MySQL user");
const DB_PASSWORD: Variable = Variable::secret("DB_PASSWORD", "none", "MySQL password");
const DB_DATABASE: Variable = Variable::plain("DB_DATABASE", "tollgate", "MySQL database");
const DB_MAX_CONNECTIONS: Variable =
    Variable::plain("DB_MAX_CONNECTIONS", "20", "connections held to the database at most");
const DATA_DIR: Variable = Variable::plain(
    "DATA_DIR",
    "data",
    "directory of the journal, of the key files and of the embedded database",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[
    DATABASE_URL,
    DB_HOST,
    DB_PORT,
    DB_USERNAME,
    DB_PASSWORD,
    DB_DATABASE,
    DB_MAX_CONNECTIONS,
    DATA_DIR,
];

/// The database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`, or made from `DB_HOST`, `DB_PORT` (3306), `DB_USERNAME` (root),
    /// `DB_PASSWORD` (none) and `DB_DATABASE` (tollgate). Default `sqlite://{DATA_DIR}/tollgate.db`.
    pub url: Secret<String>,
    /// `DB_MAX_CONNECTIONS`: connections held at most. Default 20.
    pub max_connections: u32,
    /// `DATA_DIR`: the directory of key files and the embedded database. Default `data`.
    pub data_dir: PathBuf,
    /// Neither `DATABASE_URL` nor `DB_HOST` is set.
    pub is_embedded: bool,
}

impl DatabaseConfig {
    pub(super) fn read(source: &mut Source, flags: &Flags) -> Self {
        let data_dir = PathBuf::from(source.text(&DATA_DIR).unwrap_or_else(|| "data".to_owned()));
        let named =
            flags.database_url.clone().or_else(|| source.text(&DATABASE_URL).map(Secret::new));
        let url = named.map(|url| checked(source, url)).or_else(|| from_parts(source));
        Self {
            is_embedded: url.is_none(),
            url: url.unwrap_or_else(|| {
                Secret::new(format!("sqlite://{}", data_dir.join("tollgate.db").display()))
            }),
            max_connections: source.number(&DB_MAX_CONNECTIONS, 2, 1000).unwrap_or(20),
            data_dir,
        }
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.url.expose().strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// The URL without its password, for a person.
    #[must_use]
    pub fn shown(&self) -> String {
        mask(self.url.expose())
    }
}

fn checked(source: &mut Source, url: Secret<String>) -> Secret<String> {
    let text = url.expose();
    if !["mysql://", "mariadb://", "sqlite:"].iter().any(|start| text.starts_with(start)) {
        source.wrong(&DATABASE_URL, "", "a URL that begins with mysql:// or sqlite://");
    }
    url
}

/// A URL from the `DB_` variables, where `DB_HOST` is set.
fn from_parts(source: &mut Source) -> Option<Secret<String>> {
    let host = source.text(&DB_HOST)?;
    let port: u16 = source.number(&DB_PORT, 1, u16::MAX).unwrap_or(3306);
    let user = source.text(&DB_USERNAME).unwrap_or_else(|| "root".to_owned());
    let password = source.text(&DB_PASSWORD).unwrap_or_default();
    let database = source.text(&DB_DATABASE).unwrap_or_else(|| "tollgate".to_owned());
    let host =
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    let [user, password, database] = [user, password, database].map(|part| escaped(&part));
    Some(Secret::new(format!("mysql://{user}:{password}@{host}:{port}/{database}")))
}

/// `part` with everything but letters, digits, `-`, `_` and `.` percent-encoded.
fn escaped(part: &str) -> String {
    part.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A URL with `***` where its password stands.
fn mask(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((credentials, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = credentials.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:***@{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn read(pairs: &[(&str, &str)]) -> DatabaseConfig {
        let mut source = Source::new(pairs.iter().copied().collect::<Environment>());
        DatabaseConfig::read(&mut source, &Flags::default())
    }

    #[test]
    fn without_anything_it_is_sqlite_in_the_data_directory() {
        let config = read(&[("DATA_DIR", "/var/lib/tollgate")]);

        assert!(config.is_embedded);
        assert_eq!(config.url.expose(), "sqlite:///var/lib/tollgate/tollgate.db");
        assert_eq!(config.sqlite_file(), Some(PathBuf::from("/var/lib/tollgate/tollgate.db")));
    }

    #[test]
    fn parts_make_a_url_and_a_password_may_hold_anything() {
        let config = read(&[("DB_HOST", "db"), ("DB_PASSWORD", "p@ss:/ü")]);

        assert!(!config.is_embedded);
        assert_eq!(config.url.expose(), "mysql://root:p%40ss%3A%2F%C3%BC@db:3306/tollgate");
        assert_eq!(config.shown(), "mysql://root:***@db:3306/tollgate");
    }
}
