//! Plants known secrets, drives every route, and looks for them wherever they could have leaked.

mod channels;
mod commands;
mod course;
mod credentials;
mod faults;
mod live;
mod probe;
mod refusals;

use std::path::{Path, PathBuf};

use serde_json::json;
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, each_empty_database};

use self::credentials::Imported;
use self::probe::Probe;
use self::refusals::{MISPLACED, WRONG_TOKEN};
use crate::support::canaries::{Canaries, assert_none};
use crate::support::captured_logs::CapturedLogs;
use crate::support::program::{Setup, files_below};
use crate::support::{ADMIN_PASSWORD, Client, PASSWORD, TestApp, environment};

const SEALING_KEY: &str = "3fa9c1d27e5b80641a2c9d0e7f83b5a6c4d1e2f30918a7b6c5d4e3f201a9b8c7";
const OLD_SEALING_KEY: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccddeeff01";
const JWT_SECRET: &str = "canary-jwt-secret-that-is-long-enough-0b7d";
const METRICS_TOKEN: &str = "canary-metrics-token-6c1e";
const FILE_TOKEN: &str = "canary-token-of-the-file-92b4";

/// What the calls carry.
pub(crate) struct Planted {
    /// Providers by code, with the id and the secret of their key.
    keys: Vec<(&'static str, i64, String)>,
    prompt: String,
    answer: String,
}

impl Planted {
    async fn new(admin: &Client, simulator: &Simulator, canaries: &mut Canaries) -> Self {
        let mut keys = Vec::new();
        for (provider, secret) in [
            ("openai", "sk-canary-upstream-7f3e91ab04d6"),
            // Nothing that one would take for a key.
            ("deepseek", "cn!7kx:Zq2~Lw9@Pm4#Vt6^Rb8&Ys1"),
            ("anthropic", "sk-ant-canary-upstream-5b0d83fe71c2"),
            ("gemini", "AIzaCanaryUpstream-90c4e7a6d2f18b35"),
        ] {
            canaries.plant(&format!("the key of {provider}"), secret);
            admin.simulate(provider, simulator).await;
            let path = format!("/api/admin/ai-providers/{}", admin.provider(provider).await);
            let mut change = json!({"maxRetries": 0});
            if provider == "gemini" {
                change["baseUrl"] = simulator.base_url().trim_end_matches("/v1").into();
            }
            admin.put(&path, &change).await.expect(200);
            keys.push((provider, admin.add_key(provider, secret).await, secret.to_owned()));
        }
        let prompt = "canary-prompt-that-nobody-may-keep-e2d8".to_owned();
        Self { keys, prompt, answer: "canary-answer-that-nobody-may-keep-17ca".to_owned() }
    }

    /// What neither a log nor the database may hold, though answers do.
    fn words(&self) -> Canaries {
        let mut words = Canaries::default();
        words.plant("the prompt", &self.prompt);
        words.plant("the answer", &self.answer);
        words
    }
}

/// Drives every route; answers what went out and what must not have.
async fn drive(
    url: &str,
    admin: &Client,
    others: &[&Client],
    canaries: Canaries,
) -> (Probe, Planted) {
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    let nobody = Client::new(url);
    let limit = json!({"addressLimitPer15Min": 1_000_000});
    admin.put("/api/admin/settings", &limit).await.expect(200);
    let mut probe = Probe::new(admin, canaries).await;
    for (name, secret) in [("a misplaced secret", MISPLACED), ("a wrong token", WRONG_TOKEN)] {
        probe.canaries.plant(name, secret);
    }
    let planted = Planted::new(admin, &simulator, &mut probe.canaries).await;
    for open in ["/health/live", "/health/ready", "/metrics", "/api/openapi.json", "/api/docs"] {
        probe.get(&nobody, open).await.expect(200);
    }
    course::sign_in(&mut probe, &nobody, admin).await;
    course::administrate(&mut probe, admin, &simulator).await;
    channels::administrate(&mut probe, admin).await;
    credentials::administrate(&mut probe, admin, &simulator).await;
    course::call(&mut probe, &nobody, admin, &simulator, &planted).await;
    live::watch(&mut probe, admin, &planted).await;
    faults::ask(&mut probe, admin, &simulator, &planted).await;
    faults::look_at_keys(&mut probe, admin, &simulator, &planted).await;
    refusals::ask(&mut probe, &nobody, admin, others).await;
    // Once more, with everything that went wrong in it.
    for path in [
        "/metrics",
        "/api/admin/ai-stats/logs?pageSize=200",
        "/api/admin/ai-stats/dashboard",
        "/api/admin/ai-stats/logs/errors",
        "/api/admin/audit-logs?pageSize=200",
        "/api/admin/alerts?pageSize=200",
        "/api/status/status",
        "/api/admin/ai-providers",
    ] {
        probe.get(admin, path).await.expect(200);
    }
    (probe, planted)
}

/// Every value of every table, as text or in hex.
async fn dump(database: &TestDatabase) -> String {
    let store = database.open(None).await;
    let mut dump = String::new();
    for column in store.columns().await.unwrap() {
        let (table, name) = column.name.split_once('.').unwrap();
        let sql = match column.class {
            "bytes" => format!("SELECT HEX(`{name}`) FROM `{table}`"),
            _ if database.is_server() => format!("SELECT CAST(`{name}` AS CHAR) FROM `{table}`"),
            _ => format!("SELECT CAST(`{name}` AS TEXT) FROM `{table}`"),
        };
        for value in store.query_texts(&sql).await.unwrap().into_iter().flatten() {
            dump.push_str(&format!("{}: {value}\n", column.name));
        }
    }
    store.close().await;
    dump
}

/// The files of an embedded database, the journal beside it too.
fn files_of(database: &TestDatabase) -> Vec<PathBuf> {
    let Some(path) = database.url().strip_prefix("sqlite://") else { return Vec::new() };
    let folder = Path::new(path).parent().unwrap();
    files_below(folder)
}

fn leaks_of(canaries: &Canaries, files: &[PathBuf]) -> Vec<String> {
    let leaks = files.iter().map(|path| (path, canaries.in_bytes(&std::fs::read(path).unwrap())));
    let leaks = leaks.filter(|(_, found)| !found.is_empty());
    leaks.map(|(path, found)| format!("{} holds {found:?}", path.display())).collect()
}

#[tokio::test]
async fn what_the_program_answers_logs_and_stores_holds_no_secret() {
    each_empty_database(async |database| {
        let account = DbAccount::on(&database).await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, format!("api_key: {FILE_TOKEN}\n")).unwrap();
        let setup = Setup::over(&account.url)
            .with("API_KEY_ENCRYPTION_KEY", SEALING_KEY)
            .with("API_KEY_ENCRYPTION_KEYS_OLD", OLD_SEALING_KEY)
            .with("JWT_SECRET", JWT_SECRET)
            .with("METRICS_TOKEN", METRICS_TOKEN)
            .with("ALERT_PRIVATE_ADDRESSES", "true")
            .with("TOLLGATE_CONFIG", file.path().to_str().unwrap())
            .with("LOG_LEVEL", "trace");
        let mut canaries = Canaries::default();
        for (name, secret) in [
            ("the admin's password", ADMIN_PASSWORD),
            ("the sealing key", SEALING_KEY),
            ("the old sealing key", OLD_SEALING_KEY),
            ("the JWT secret", JWT_SECRET),
            ("the metrics token", METRICS_TOKEN),
            ("the file's token", FILE_TOKEN),
            ("the password of the database", DbAccount::PASSWORD),
        ] {
            canaries.plant(name, secret);
        }
        let imported = Imported::new().await;
        let setup = imported.bring(setup, &mut canaries);
        let program = setup.serve().await;
        let admin = program.admin().await;
        imported.call(&admin).await;
        canaries.plant("the admin's token", admin.token());
        let file_token = admin.with_token(FILE_TOKEN);
        file_token.get("/api/admin/users").await.expect(200);

        let (probe, planted) = drive(program.url(), &admin, &[], canaries).await;
        commands::run(&setup, &probe.canaries).await;
        let mut leaks = probe.leaks();
        for canaries in [&probe.canaries, &planted.words()] {
            leaks.extend(canaries.leaks("the database", &dump(&database).await));
            leaks.extend(leaks_of(canaries, &files_below(program.folder())));
            leaks.extend(leaks_of(canaries, &files_of(&database)));
        }
        let printed = program.stop().await;
        for canaries in [&probe.canaries, &planted.words()] {
            leaks.extend(canaries.leaks("what it printed", &printed));
            leaks.extend(leaks_of(canaries, &files_of(&database)));
        }
        assert_none(&leaks);
        assert!(printed.contains("TRACE") || printed.contains("DEBUG"), "it logged everything");
        probe.assert_all_routes_were_seen();
        account.remove().await;
    })
    .await;
}

#[tokio::test]
async fn no_crate_that_it_is_made_of_logs_a_secret() {
    let logs = CapturedLogs::start();
    let database = TestDatabase::sqlite();
    let mut environment = environment(database.url());
    environment.push(("ALERT_PRIVATE_ADDRESSES", "true".to_owned()));
    let app = TestApp::start_with(environment).await;
    let mut canaries = Canaries::default();
    canaries.plant("the admin's password", ADMIN_PASSWORD);
    canaries.plant("everybody's password", PASSWORD);
    for (role, client) in [("admin", &app.admin), ("analyst", &app.analyst), ("app", &app.app_user)]
    {
        canaries.plant(&format!("the token of {role}"), client.token());
    }

    let others = [&app.analyst, &app.app_user];
    let (probe, planted) = drive(&app.url, &app.admin, &others, canaries).await;
    let shown = format!("{:?} {:?}", &**app.app, app.app.engine.snapshot());
    app.stop().await;
    let logged = logs.stop();

    let mut leaks = probe.leaks();
    for canaries in [&probe.canaries, &planted.words()] {
        leaks.extend(canaries.leaks("the log", &logged));
        leaks.extend(canaries.leaks("what `Debug` shows", &shown));
    }
    assert_none(&leaks);
    assert!(logged.contains("TRACE") && logged.contains("sqlx"), "it logged everything");
    probe.assert_all_routes_were_seen();
}

#[tokio::test]
async fn the_password_that_an_embedded_start_makes_is_printed_once_and_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let setup = Setup::embedded(&data).with("LOG_LEVEL", "trace");

    let first = setup.serve().await;
    let password = first.wait_for("the password", |text| {
        let (_, rest) = text.split_once("with the password ")?;
        Some(rest.split_once("   (made now")?.0.to_owned())
    });
    let password = password.await;
    let admin = Client::new(first.url()).signed_in("admin", &password).await;
    let mut canaries = Canaries::default();
    canaries.plant("the made password", &password);
    canaries.plant("the admin's token", admin.token());
    let printed = first.stop().await;
    let second = setup.serve().await;
    let again = Client::new(second.url()).signed_in("admin", &password).await;
    canaries.plant("the admin's next token", again.token());
    let printed_again = second.stop().await;

    assert_eq!(printed.matches(&password).count(), 1, "it is shown once");
    let mut leaks = canaries.leaks("the first start", &printed.replacen(&password, "", 1));
    leaks.extend(canaries.leaks("the second start", &printed_again));
    let files: Vec<PathBuf> = files_below(&data);
    assert!(files.iter().any(|path| path.ends_with("jwt.secret")), "{files:?}");
    leaks.extend(leaks_of(&canaries, &files));
    for name in ["jwt.secret", "encryption.key"] {
        let mut made = Canaries::default();
        made.plant(name, std::fs::read_to_string(data.join(name)).unwrap().trim());
        leaks.extend(made.leaks("the first start", &printed));
        leaks.extend(made.leaks("the second start", &printed_again));
        let others = files.iter().filter(|path| !path.ends_with(name)).cloned();
        leaks.extend(leaks_of(&made, &others.collect::<Vec<_>>()));
    }
    assert_none(&leaks);
}

/// An account on a database server, whose password must not be found.
struct DbAccount {
    url: String,
    server: Option<(tollgate_store::Store, String)>,
}

impl DbAccount {
    const PASSWORD: &str = "canary-database-password-41f8";

    async fn on(database: &TestDatabase) -> Self {
        if !database.is_server() {
            return Self { url: database.url().to_owned(), server: None };
        }
        let root = database.open(None).await;
        let (start, place) = database.url().rsplit_once('@').unwrap();
        let scheme = start.split_once("://").unwrap().0;
        let (_, name) = place.rsplit_once('/').unwrap();
        let user = format!("canary_{:08x}", rand::random::<u32>());
        for sql in [
            format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", Self::PASSWORD),
            format!("GRANT ALL ON {name}.* TO '{user}'@'%'"),
        ] {
            root.execute_sql(&sql).await.unwrap();
        }
        let url = format!("{scheme}://{user}:{}@{place}", Self::PASSWORD);
        Self { url, server: Some((root, user)) }
    }

    async fn remove(self) {
        let Some((root, user)) = self.server else { return };
        root.execute_sql(&format!("DROP USER '{user}'@'%'")).await.unwrap();
        root.close().await;
    }
}
