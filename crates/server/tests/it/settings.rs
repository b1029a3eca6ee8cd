//! The configuration: what is read, what is refused, what is documented.

use std::path::Path;

use serde_json::json;
use tollgate_server::config::documents::{env_example, markdown_table};
use tollgate_server::config::{Config, ConfigError, Environment, Flags};
use tollgate_store::testing::TestDatabase;

use crate::support::{TestApp, environment};

const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const SECRET: &str = "a secret of tests that is long enough";

fn load(pairs: &[(&str, &str)], flags: &Flags) -> Result<Config, ConfigError> {
    Config::load(pairs.iter().copied().collect::<Environment>(), flags)
}

fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
    load(pairs, &Flags::default()).unwrap_err().0
}

#[test]
fn with_nothing_set_it_is_embedded_and_keeps_to_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");

    let config = load(&[("DATA_DIR", data.to_str().unwrap())], &Flags::default()).unwrap();

    assert!(config.is_embedded);
    assert_eq!((config.server.host.as_str(), config.server.port), ("127.0.0.1", 3000));
    assert!(config.database.url.expose().ends_with("/data/tollgate.db"));
    assert!(data.join("encryption.key").exists() && data.join("jwt.secret").exists());
    assert!(config.secrets.admin_password.is_none());
}

#[test]
fn with_mysql_what_is_missing_stops_the_start() {
    let missing = problems(&[("DB_HOST", "db")]);

    assert_eq!(missing.len(), 2);
    assert!(missing[0].starts_with("API_KEY_ENCRYPTION_KEY is not set"));
    assert!(missing[1].starts_with("JWT_SECRET is not set"));
    let pairs = [("DB_HOST", "db"), ("API_KEY_ENCRYPTION_KEY", KEY), ("JWT_SECRET", SECRET)];
    let config = load(&pairs, &Flags::default()).unwrap();
    assert_eq!(config.server.host, "0.0.0.0");
}

#[test]
fn each_layer_goes_over_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tollgate.yaml");
    std::fs::write(
        &file,
        "port: 1001\nhost: 0.0.0.0\nmodel_providers: [qwen-api, openai-custom]\n",
    )
    .unwrap();
    let data = folder.path().to_str().unwrap();
    let file = file.to_str().unwrap();
    let base = [("DATA_DIR", data), ("TOLLGATE_CONFIG", file)];
    let with_port = [("DATA_DIR", data), ("TOLLGATE_CONFIG", file), ("PORT", "1002")];
    let flags =
        Flags { port: Some(1003), model_provider: Some("kiro-api".into()), ..Flags::default() };

    let from_file = load(&base, &Flags::default()).unwrap();
    assert_eq!((from_file.server.port, from_file.server.host.as_str()), (1001, "0.0.0.0"));
    assert_eq!(from_file.providers.active, ["qwen", "openai"]);
    assert_eq!(load(&with_port, &Flags::default()).unwrap().server.port, 1002);
    let from_flags = load(&with_port, &flags).unwrap();
    assert_eq!(from_flags.server.port, 1003);
    assert_eq!(from_flags.providers.active, ["kiro"]);
}

#[test]
fn a_wrong_setting_is_named_with_its_value_and_a_secret_never_is() {
    let cases = [
        ("PORT", "http", "PORT is `http`: it must be a whole number from 0 to 65535"),
        ("PORT", "70000", "PORT is `70000`: it must be a whole number from 0 to 65535"),
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL is `loud`: it must be one of error, warn, info, debug, trace",
        ),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is `xml`: it must be text or json"),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/99",
            "TRUSTED_PROXIES is `10.0.0.0/99`: it must be addresses",
        ),
        ("CORS_ORIGINS", "example.com", "CORS_ORIGINS is `example.com`: it must be origins"),
        ("MAX_BODY_BYTES", "1", "MAX_BODY_BYTES is `1`: it must be a whole number from 1024"),
        (
            "DATABASE_URL",
            "postgres://canary@x/y",
            "DATABASE_URL is ***: it must be a URL that begins",
        ),
        ("JWT_SECRET", "canary", "JWT_SECRET is ***: it must be at least 32 bytes"),
        (
            "API_KEY_ENCRYPTION_KEY",
            "canary",
            "API_KEY_ENCRYPTION_KEY is neither hexadecimal nor base64",
        ),
        ("ADMIN_PASSWORD", "canary", "ADMIN_PASSWORD is ***: it must be 8 to 256 characters"),
        ("TOLLGATE_CONFIG", "/no/such/file", "TOLLGATE_CONFIG names `/no/such/file`"),
    ];
    for (name, value, told) in cases {
        let base = [("DB_HOST", "db"), ("API_KEY_ENCRYPTION_KEY", KEY), ("JWT_SECRET", SECRET)];
        let pairs: Vec<_> = base.into_iter().filter(|(other, _)| *other != name).collect();
        let problems = problems(&[pairs, vec![(name, value)]].concat());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(told), "{}", problems[0]);
        assert!(!problems[0].contains("canary"), "{}", problems[0]);
    }
}

#[tokio::test]
async fn what_the_environment_decides_is_locked() {
    let database = TestDatabase::sqlite();
    let mut pairs = environment(database.url());
    pairs.push(("CORS_ORIGINS", "https://ui.example".to_owned()));
    let app = TestApp::start_with(pairs).await;

    let found = app.admin.get("/api/admin/settings").await.expect(200).data();
    assert_eq!(found["corsOrigins"], json!(["https://ui.example"]));
    assert_eq!(found["locked"], json!([{"field": "corsOrigins", "by": "CORS_ORIGINS"}]));

    let same = json!({"corsOrigins": ["https://ui.example"], "addressLimitPer15Min": 7});
    app.admin.put("/api/admin/settings", &same).await.expect(200);
    let other = json!({"corsOrigins": ["*"]});
    let refused = app.admin.put("/api/admin/settings", &other).await.expect(422);
    assert!(refused.message().contains("CORS_ORIGINS"), "{}", refused.text);
    app.stop().await;
}

#[tokio::test]
async fn the_retention_is_a_setting_that_its_variable_locks() {
    let database = TestDatabase::sqlite();
    let free = TestApp::start_with(environment(database.url())).await;
    let month = json!({"logRetentionDays": 30});
    let found = free.admin.put("/api/admin/settings", &month).await.expect(200).data();
    assert_eq!((&found["logRetentionDays"], &found["locked"]), (&json!(30), &json!([])));
    free.stop().await;
    let mut pairs = environment(database.url());
    pairs.push(("LOG_RETENTION_DAYS", "7".to_owned()));

    let app = TestApp::start_with(pairs).await;

    let found = app.admin.get("/api/admin/settings").await.expect(200).data();
    assert_eq!(found["logRetentionDays"], 7);
    let by = json!([{"field": "logRetentionDays", "by": "LOG_RETENTION_DAYS"}]);
    assert_eq!(found["locked"], by);
    let refused = app.admin.put("/api/admin/settings", &month).await.expect(422);
    assert!(refused.message().contains("LOG_RETENTION_DAYS"), "{}", refused.text);
    app.stop().await;
}

#[tokio::test]
async fn the_files_key_and_providers_are_taken_up_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tollgate.yaml");
    std::fs::write(
        &file,
        "api_key: a-token-of-the-old-guide\nmodel_providers: [kiro-api, openai]\n",
    )
    .unwrap();
    let database = TestDatabase::sqlite();
    let mut pairs = environment(database.url());
    pairs.push(("TOLLGATE_CONFIG", file.to_str().unwrap().to_owned()));
    let app = TestApp::start_with(pairs.clone()).await;
    let token = app.anonymous.with_token("a-token-of-the-old-guide");

    token.get("/api/admin/users").await.expect(200);
    let providers = app.admin.get("/api/admin/ai-providers?search=kiro").await.data();
    assert_eq!(providers[0]["isActive"], true);
    let settings = app.admin.get("/api/admin/settings").await.data();
    assert_eq!(settings["defaultProvider"], "kiro");

    let tokens = app.admin.get("/api/admin/app-tokens").await.data();
    assert_eq!(tokens[0]["name"], "config");
    app.admin.delete(&format!("/api/admin/app-tokens/{}", tokens[0]["id"])).await.expect(200);
    app.stop().await;

    let app = TestApp::start_with(pairs).await;
    app.anonymous.with_token("a-token-of-the-old-guide").get("/api/auth/me").await.expect(401);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_start_waits_a_minute_for_an_absent_database_and_then_says_so() {
    // A port that nobody listens on: taken, and given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("mysql://root:canary@127.0.0.1:{port}/tollgate");
    let pairs =
        [("DATABASE_URL", url.as_str()), ("API_KEY_ENCRYPTION_KEY", KEY), ("JWT_SECRET", SECRET)];
    let config = load(&pairs, &Flags::default()).unwrap();
    let began = tokio::time::Instant::now();

    let error = tollgate_server::start::open_store(&config).await.unwrap_err();

    assert!(began.elapsed().as_secs() >= 60);
    assert!(error.to_string().contains(&format!("mysql://root:***@127.0.0.1:{port}/tollgate")));
    assert!(!format!("{error:#} {error:?}").contains("canary"));
}

/// The repository's root.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_example_holds_every_variable() {
    let text = std::fs::read_to_string(root().join(".env.example")).unwrap();

    assert_eq!(text, env_example(), "write what config::documents::env_example() gives into it");
}

#[test]
fn the_operators_manual_holds_every_variable() {
    let text = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();

    let missing: Vec<String> =
        markdown_table().lines().filter(|line| !text.contains(line)).map(str::to_owned).collect();
    assert!(missing.is_empty(), "docs/operations.md lacks:\n{}", missing.join("\n"));
}
