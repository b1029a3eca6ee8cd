//! Keys whose value comes from a service, and keys that a start imports: their secrets.

use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tollgate_simulator::{Behaviour, Fault, Simulator};

use super::probe::Probe;
use crate::support::Client;
use crate::support::canaries::Canaries;
use crate::support::operator::question;
use crate::support::program::Setup;

const PROVIDERS: &str = "/api/admin/ai-providers";
const CLIENT: &str = "canary-client-3c8e";
const SCENE: &str = "canary-scene-91d4";
const CLIENT_SECRET: &str = "canary-client-secret-7b20f3a6";
const REFRESH_TOKEN: &str = "rt-canary-first-refresh-token-c41d";
const BACKUP: &str = "sk-canary-backup-of-a-scene-58e9";

/// Plants what the services of a simulator give out for a client and for a scene, but for the number
/// at its end.
fn plant_given(canaries: &mut Canaries, client: &str, scene: &str) {
    for (name, secret) in [
        ("an access token", format!("at-{client}-")),
        ("a rotated refresh token", format!("rt-{client}-")),
        ("a key of a key service", format!("sk-remote-{scene}-")),
    ] {
        canaries.plant(name, &secret);
    }
}

/// Adds keys of both kinds, uses them, and lets their services and providers fail in every way.
pub(crate) async fn administrate(probe: &mut Probe, admin: &Client, simulator: &Simulator) {
    for (name, secret) in [
        ("a client's secret", CLIENT_SECRET),
        ("a refresh token", REFRESH_TOKEN),
        ("the backup of a key service", BACKUP),
    ] {
        probe.canaries.plant(name, secret);
    }
    plant_given(&mut probe.canaries, CLIENT, SCENE);
    let new = json!({"providerCode": "services", "providerName": "Services", "maxRetries": 0,
        "baseUrl": simulator.base_url()});
    let made = probe.post(admin, PROVIDERS, &new).await.expect(201).data();
    let keys = format!("{PROVIDERS}/{}/keys", made["id"]);
    for (key, value) in credentials(simulator) {
        for status in [201, 409] {
            probe.post(admin, &keys, &key).await.expect(status);
        }
        let id = admin.keys("services").await[0]["id"].clone();
        let path = format!("{PROVIDERS}/keys/{id}");
        use_it(probe, admin, simulator, &path, &value).await;
        wrong_ones(probe, admin, &keys, &path).await;
        probe.get(admin, &keys).await.expect(200);
        probe.delete(admin, &path).await.expect(200);
    }
}

/// A key of each kind, and the first value that it has.
fn credentials(simulator: &Simulator) -> [(Value, String); 2] {
    let oauth2 = json!({"keyName": "oauth2", "oauth2": {"clientId": CLIENT,
        "clientSecret": CLIENT_SECRET, "tokenUrl": simulator.token_url(),
        "refreshToken": REFRESH_TOKEN}});
    let remote = json!({"keyName": "remote", "remote": {"url": simulator.key_service_url(),
        "sceneCode": SCENE, "backupKey": BACKUP}});
    [(oauth2, format!("at-{CLIENT}-1")), (remote, format!("sk-remote-{SCENE}-1"))]
}

/// Calls with the key; then the provider and the service repeat what they were sent.
async fn use_it(probe: &mut Probe, admin: &Client, simulator: &Simulator, path: &str, value: &str) {
    let asked = question("services/sim-chat");
    probe.post(admin, "/v1/chat/completions", &asked).await.expect(200);
    probe.post(admin, &format!("{path}/validate"), &Value::Null).await.expect(200);
    assert!(!simulator.calls_of(value).is_empty(), "the value was used");
    for service in [Simulator::TOKEN_ENDPOINT, Simulator::KEY_SERVICE] {
        let told = format!("{CLIENT_SECRET} {REFRESH_TOKEN} {BACKUP} {value}");
        let body = json!({"error": told, "error_description": told, "result": null});
        let fault = Fault::Body {
            status: 400,
            content_type: "application/json".to_owned(),
            body: body.to_string().into(),
        };
        simulator.set_behaviour(service, Behaviour::failing(fault));
    }
    for echo in ["echo.401", "echo.500"] {
        simulator.set_behaviour(value, Behaviour::failing(Fault::error(echo)));
        probe.post(admin, "/v1/chat/completions", &asked).await;
        probe.post(admin, &format!("{path}/validate"), &Value::Null).await;
        probe
            .post(admin, "/api/status/test", &json!({"prompt": "Hi", "providerCode": "services"}))
            .await;
        probe.post(admin, &format!("{path}/reset"), &Value::Null).await.expect(200);
    }
    for service in [Simulator::TOKEN_ENDPOINT, Simulator::KEY_SERVICE, value] {
        simulator.clear_behaviour(service);
    }
}

/// Credentials that are refused, each with a secret in it.
async fn wrong_ones(probe: &mut Probe, admin: &Client, keys: &str, path: &str) {
    for wrong in [
        json!({"oauth2": {"tokenUrl": "http://a.example/t", "refreshToken": REFRESH_TOKEN}}),
        json!({"oauth2": {"tokenUrl": REFRESH_TOKEN, "refreshToken": CLIENT_SECRET}}),
        json!({"remote": {"url": BACKUP, "sceneCode": SCENE, "backupKey": BACKUP}}),
        json!({"apiKey": BACKUP, "oauth2": {"tokenUrl": "x", "refreshToken": REFRESH_TOKEN}}),
        json!({"oauth2": {"tokenUrl": [REFRESH_TOKEN], "refreshToken": {"is": REFRESH_TOKEN}}}),
    ] {
        let mut new = wrong.clone();
        new["keyName"] = json!("wrong");
        for reply in [probe.post(admin, keys, &new).await, probe.put(admin, path, &wrong).await] {
            assert!(reply.status >= 400, "{}: {}", reply.status, reply.text);
        }
    }
}

/// Keys that the environment and a credentials file bring.
pub(crate) struct Imported {
    service: Simulator,
    file: NamedTempFile,
}

const IMPORTED_CLIENT: &str = "canary-imported-client-e6b2";
const IMPORTED_SCENE: &str = "canary-imported-scene-0d75";
/// Variables that bring keys.
const KEYS: [(&str, &str); 4] = [
    ("KIMI_API_KEY_1", "sk-canary-kimi-first-a80c"),
    ("KIMI_API_KEY", "sk-canary-kimi-fallback-2f9e"),
    ("DASHSCOPE_API_KEY", "sk-canary-dashscope-6b13"),
    ("LLM_API_KEY", "sk-canary-llm-backup-d7c4"),
];
const FILE: [(&str, &str); 2] = [
    ("client_secret", "canary-secret-in-a-file-4e06"),
    ("refresh_token", "rt-canary-token-in-a-file-8a3b"),
];

impl Imported {
    /// Services for them to be used at.
    pub(crate) async fn new() -> Self {
        let service = Simulator::start(Default::default()).await.unwrap();
        let file = NamedTempFile::new().unwrap();
        let mut account = json!({"client_id": IMPORTED_CLIENT, "token_url": service.token_url()});
        for (name, secret) in FILE {
            account[name] = json!(secret);
        }
        std::fs::write(&file, account.to_string()).unwrap();
        Self { service, file }
    }

    /// The setup with all of them, whose secrets are planted.
    pub(crate) fn bring(&self, setup: Setup, canaries: &mut Canaries) -> Setup {
        for (name, secret) in KEYS.iter().chain(&FILE) {
            canaries.plant(&format!("the imported {name}"), secret);
        }
        plant_given(canaries, IMPORTED_CLIENT, IMPORTED_SCENE);
        let setup = KEYS.iter().fold(setup, |setup, (name, secret)| setup.with(name, secret));
        setup
            .with("LLM_BASE_URL", &self.service.base_url())
            .with("APIKEY_SERVICE_URL", &self.service.key_service_url())
            .with("APIKEY_SCENE_CODE", IMPORTED_SCENE)
            .with_flag("--kiro-oauth-creds-file", self.file.path().to_str().unwrap())
    }

    /// Calls each of their providers.
    pub(crate) async fn call(&self, admin: &Client) {
        for provider in ["moonshot", "qwen", "kiro"] {
            admin.simulate(provider, &self.service).await;
        }
        for provider in ["moonshot", "qwen", "kiro", "llm"] {
            let reply = admin.chat(provider, "sim-chat").await;
            assert_eq!(reply.status, 200, "{provider}: {}", reply.text);
        }
        let sent = [KEYS[0].1, KEYS[2].1]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("at-{IMPORTED_CLIENT}-1"), format!("sk-remote-{IMPORTED_SCENE}-1")]);
        for value in sent {
            assert!(!self.service.calls_of(&value).is_empty(), "{value} was not used");
        }
    }
}
