//! A lost or changed sealing key: the start succeeds, and says which keys do not open.

use serde_json::{Value, json};
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, each_empty_database};

use crate::support::Client;
use crate::support::program::{Program, SEALING_KEYS, Setup};

const OPENAI_KEY: &str = "sk-openai-before-the-loss";
const DEEPSEEK_KEY: &str = "sk-deepseek-after-the-loss";

/// A database with a key that was sealed with the first sealing key.
async fn given(database: &TestDatabase, simulator: &Simulator) {
    let program = first(database).serve().await;
    let admin = program.admin().await;
    admin.simulate("openai", simulator).await;
    admin.simulate("deepseek", simulator).await;
    admin.add_key("openai", OPENAI_KEY).await;
    program.stop().await;
}

fn first(database: &TestDatabase) -> Setup {
    Setup::over(database.url()).with("API_KEY_ENCRYPTION_KEY", SEALING_KEYS[0])
}

fn second(database: &TestDatabase) -> Setup {
    Setup::over(database.url()).with("API_KEY_ENCRYPTION_KEY", SEALING_KEYS[1])
}

/// The second key, with the first as a former one.
fn both(database: &TestDatabase) -> Setup {
    second(database).with("API_KEY_ENCRYPTION_KEYS_OLD", SEALING_KEYS[0])
}

async fn served(program: &Program) -> (Client, Value) {
    let admin = program.admin().await;
    let key = admin.keys("openai").await.remove(0);
    (admin, key)
}

#[tokio::test]
async fn a_start_without_the_key_that_sealed_names_what_does_not_open_and_serves_the_rest() {
    each_empty_database(async |database| {
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        given(&database, &simulator).await;

        // The second time nothing is new about it, and yet it is said again.
        for start in 1..=2 {
            let program = second(&database).serve().await;
            let (admin, key) = served(&program).await;
            if start == 1 {
                admin.add_key("deepseek", DEEPSEEK_KEY).await;
            }

            assert_eq!(key["status"], "undecryptable", "{key}");
            let reason = key["statusReason"].as_str().unwrap();
            assert!(reason.contains("API_KEY_ENCRYPTION_KEYS_OLD"), "{reason}");
            let printed = program.printed();
            let named = format!("key.id={}", key["id"]);
            let said = printed.lines().find(|line| line.contains(&named) && line.contains("open"));
            let said = said.unwrap_or_else(|| panic!("start {start} does not name it:\n{printed}"));
            assert!(said.contains("WARN") || said.contains("ERROR"), "{said}");
            assert_eq!(admin.chat("deepseek", "sim-chat").await.status, 200);
            let lost = admin.chat("openai", "sim-chat").await;
            assert_eq!(lost.status, 503, "{}", lost.text);
            assert_eq!(lost.json()["error"]["code"], "no_available_key");
            let path = format!("/api/admin/ai-providers/keys/{}/validate", key["id"]);
            let verdict = admin.post(&path, &Value::Null).await.expect(200).data();
            assert_eq!(verdict["isValid"], false, "{verdict}");
            program.stop().await;
        }
        assert_eq!(simulator.calls_of(OPENAI_KEY).len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_former_key_opens_what_it_sealed_until_everything_is_sealed_anew() {
    each_empty_database(async |database| {
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        given(&database, &simulator).await;
        // It is lost for a while, and found again.
        second(&database).serve().await.stop().await;

        let program = both(&database).serve().await;
        let (admin, key) = served(&program).await;
        assert_eq!(key["status"], "normal", "{key}");
        assert_eq!(admin.chat("openai", "sim-chat").await.status, 200);

        // While the server runs.
        let resealed = both(&database).run(&["keys", "reseal"]).await;
        assert!(resealed.status.success(), "{}", resealed.text);
        assert!(resealed.text.contains("1 keys sealed anew"), "{}", resealed.text);
        assert_eq!(admin.chat("openai", "sim-chat").await.status, 200);
        program.stop().await;

        let program = second(&database).serve().await;
        let (admin, key) = served(&program).await;
        assert_eq!(key["status"], "normal", "{key}");
        assert_eq!(admin.chat("openai", "sim-chat").await.status, 200);
        let path = format!("/api/admin/ai-providers/{}/keys", key["providerId"]);
        let same = admin.post(&path, &json!({"keyName": "again", "apiKey": OPENAI_KEY})).await;
        assert_eq!(same.error(), (409, "conflict".to_owned()), "its fingerprint is known");
        program.stop().await;
        let again = second(&database).run(&["keys", "reseal"]).await;
        assert!(again.text.contains("0 keys sealed anew, 1 were"), "{}", again.text);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sealed_anew_is_named() {
    each_empty_database(async |database| {
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        given(&database, &simulator).await;

        let ended = second(&database).run(&["keys", "reseal"]).await;

        assert!(!ended.status.success());
        assert!(ended.text.contains("API_KEY_ENCRYPTION_KEYS_OLD"), "{}", ended.text);
        assert!(!ended.text.contains(OPENAI_KEY), "{}", ended.text);
        let program = first(&database).serve().await;
        let (admin, _) = served(&program).await;
        assert_eq!(admin.chat("openai", "sim-chat").await.status, 200);
        program.stop().await;
    })
    .await;
}
