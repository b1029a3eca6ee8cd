//! The commands of the real binary.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tollgate_simulator::{Simulator, SimulatorConfig};

/// The binary, in a folder of its own with nothing configured.
fn tollgate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tollgate"));
    command.current_dir(folder).env_clear().args(arguments).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    tollgate(folder, arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();

    let output = tollgate(folder.path(), &["config", "check", "--port", "4711"])
        .env("ADMIN_PASSWORD", "canary-password")
        .output()
        .unwrap();

    assert!(output.status.success(), "{}", complained(&output));
    let text = said(&output);
    assert!(text.lines().any(|line| line.starts_with("PORT") && line.ends_with("4711")), "{text}");
    assert!(text.contains("sqlite://data/tollgate.db"));
    assert!(!text.contains("canary"));
}

#[test]
fn a_wrong_configuration_ends_it_with_the_name_of_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();

    let output = tollgate(folder.path(), &[]).env("PORT", "none").output().unwrap();

    assert!(!output.status.success());
    assert!(complained(&output).contains("PORT is `none`"), "{}", complained(&output));
}

#[test]
fn tables_and_seeds_are_brought_up_to_date_as_often_as_one_likes() {
    let folder = tempfile::tempdir().unwrap();

    let first = run(folder.path(), &["migrate"]);
    let second = run(folder.path(), &["migrate"]);
    let seeded = run(folder.path(), &["seed"]);

    assert!(said(&first).contains("applied 0001_settings"), "{}", complained(&first));
    assert!(!said(&second).contains("applied"));
    assert!(said(&seeded).contains("7 providers"), "{}", said(&seeded));
}

#[test]
fn a_user_is_made_and_given_another_password() {
    let folder = tempfile::tempdir().unwrap();

    let made = run(folder.path(), &["user", "add", "ada", "--role", "analyst"]);
    assert!(
        said(&made).contains("made the user ada with the role analyst"),
        "{}",
        complained(&made)
    );
    assert!(said(&made).contains("password: "));
    let again = run(folder.path(), &["user", "add", "ada"]);
    assert!(!again.status.success() && complained(&again).contains("there is a user `ada`"));

    let mut child = tollgate(folder.path(), &["user", "password", "ada", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a password of her own\n").unwrap();
    let changed = child.wait_with_output().unwrap();
    assert!(changed.status.success());
    assert!(!said(&changed).contains("of her own"));
    let nobody = run(folder.path(), &["user", "password", "nobody"]);
    assert!(complained(&nobody).contains("there is no user `nobody`"));
}

#[test]
fn the_document_is_printed() {
    let folder = tempfile::tempdir().unwrap();

    let output = run(folder.path(), &["openapi"]);

    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(!folder.path().join("data").exists(), "nothing is opened for it");
}

#[test]
fn a_backup_holds_the_database_and_the_keys_and_opens() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["user", "add", "ada"]);

    let output = run(folder.path(), &["backup", "saved"]);

    assert!(output.status.success(), "{}", complained(&output));
    for file in ["tollgate.db", "encryption.key", "jwt.secret"] {
        assert!(folder.path().join("saved").join(file).exists(), "{file}");
    }
    let again = run(folder.path(), &["backup", "saved"]);
    assert!(complained(&again).contains("must be a new folder"), "{}", complained(&again));
    let restored =
        tollgate(folder.path(), &["user", "add", "ada"]).env("DATA_DIR", "saved").output().unwrap();
    assert!(complained(&restored).contains("there is a user `ada`"), "{}", complained(&restored));
}

#[test]
fn a_backup_of_mysql_says_how() {
    let folder = tempfile::tempdir().unwrap();
    let output = tollgate(folder.path(), &["backup", "saved"])
        .env("DB_HOST", "127.0.0.1")
        .env("API_KEY_ENCRYPTION_KEY", "07".repeat(32))
        .env("JWT_SECRET", "a secret of tests that is long enough")
        .output()
        .unwrap();

    assert!(!output.status.success());
    assert!(complained(&output).contains("mysqldump"));
}

#[test]
fn keys_are_sealed_anew_with_the_newest_sealing_key() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["seed"]);

    let output = run(folder.path(), &["keys", "reseal"]);

    assert!(output.status.success(), "{}", complained(&output));
    assert!(said(&output).starts_with("0 keys sealed anew"), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_active_key_is_tried_and_told_in_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let none = run(folder.path(), &["keys", "test"]);
    assert!(complained(&none).contains("there is no active key"), "{}", complained(&none));
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    // A start that offers the simulator, and ends because its port is taken.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder_path = folder.path().to_owned();
    let url = simulator.base_url();

    let output = tokio::task::spawn_blocking(move || {
        tollgate(&folder_path, &["serve", "--port", &port])
            .env("SIMULATOR_URL", url)
            .output()
            .unwrap();
        run(&folder_path, &["keys", "test"])
    })
    .await
    .unwrap();

    let text = said(&output);
    assert!(output.status.success(), "{text}{}", complained(&output));
    let row = text.lines().find(|line| line.starts_with("simulator")).unwrap();
    assert!(row.contains("sk-s...-use") && row.ends_with("valid"), "{text}");
}
