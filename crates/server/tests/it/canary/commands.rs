//! What commands print, also of settings that are wrong.

use crate::support::canaries::{Canaries, assert_none};
use crate::support::program::Setup;

/// Runs every command over the database that a server is using.
pub(crate) async fn run(setup: &Setup, canaries: &Canaries) {
    let good: [&[&str]; 8] = [
        &["--help"],
        &["config", "check"],
        &["openapi"],
        &["migrate"],
        &["seed"],
        &["keys", "reseal"],
        &["user", "add", "--role", "app", "--password-stdin", "of-the-command-line"],
        &["user", "password", "--password-stdin", "of-the-command-line"],
    ];
    let mut canaries = canaries.clone();
    let password = "canary-password-from-stdin-3d5f";
    canaries.plant("a password from stdin", password);
    let setup = setup.clone().reading(password);
    for arguments in good {
        let ended = setup.run(arguments).await;
        assert!(ended.status.success(), "{arguments:?}: {}", ended.text);
        assert_none(&canaries.leaks(&format!("{arguments:?}"), &ended.text));
    }
    // It ends badly where a key does not work.
    let tested = setup.run(&["keys", "test"]).await;
    assert!(tested.text.contains("verdict"), "{}", tested.text);
    assert_none(&canaries.leaks("keys test", &tested.text));
    wrong(&setup, &canaries).await;
}

/// Starts with settings that are wrong, each of which is named and none of which is shown.
async fn wrong(setup: &Setup, canaries: &Canaries) {
    let mut canaries = canaries.clone();
    let secret = "canary-in-a-wrong-setting-08ae";
    canaries.plant("a secret in a wrong setting", secret);
    let long = secret.repeat(10);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("api_key: [{secret}]\nmetrics: {secret}\n")).unwrap();
    let away = format!("mysql://root:{secret}@127.0.0.1:1/nothing");
    let other = format!("postgres://root:{secret}@127.0.0.1/nothing");
    let cases = [
        ("API_KEY_ENCRYPTION_KEY", secret),
        ("API_KEY_ENCRYPTION_KEYS_OLD", secret),
        ("JWT_SECRET", "canary-in-a"),
        ("ADMIN_PASSWORD", &long),
        ("DATABASE_URL", &other),
        ("TOLLGATE_CONFIG", file.path().to_str().unwrap()),
    ];
    for (name, value) in cases {
        let ended = setup.clone().with(name, value).run(&["config", "check"]).await;
        assert!(!ended.status.success(), "{name}: {}", ended.text);
        assert_none(&canaries.leaks(&format!("a wrong {name}"), &ended.text));
        let is_named = name == "TOLLGATE_CONFIG" || ended.text.contains(name);
        assert!(is_named, "{name} is not named: {}", ended.text);
    }
    let shown = setup.clone().with("DATABASE_URL", &away).run(&["config", "check"]).await;
    assert!(shown.status.success(), "{}", shown.text);
    assert_none(&canaries.leaks("an absent database", &shown.text));
    let flag = setup.run(&["--database-url", &other, "config", "check"]).await;
    assert!(!flag.status.success(), "{}", flag.text);
    assert_none(&canaries.leaks("a wrong flag", &flag.text));
}
