//! The journal of the running program: who may use it, what it does when it is full or damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{interval, timeout};
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, servers};

use crate::support::db_proxy::DbProxy;
use crate::support::program::{LONG, Program, Setup};
use crate::support::{Client, Reply};

/// A server with a small journal, whose database can be taken away.
struct Scene {
    simulator: Simulator,
    setup: Setup,
    program: Program,
    proxy: DbProxy,
    admin: Client,
    database: TestDatabase,
    data: tempfile::TempDir,
}

async fn each_scene(when_full: &str, test: impl AsyncFn(Scene)) {
    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let proxy = DbProxy::before(database.url()).await;
        let data = tempfile::tempdir().unwrap();
        let setup = Setup::over(&proxy.url(database.url()))
            .with("LOG_LEVEL", "info")
            .with("DATA_DIR", data.path().to_str().unwrap())
            .with("JOURNAL_MAX_BYTES", "1048576")
            .with("JOURNAL_WHEN_FULL", when_full);
        let program = setup.serve().await;
        let admin = program.admin().await;
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        admin.simulate("openai", &simulator).await;
        // As many calls as a journal has room for.
        let keys = format!("/api/admin/ai-providers/{}/keys", admin.provider("openai").await);
        let key = json!({"keyName": "unlimited", "apiKey": "sk-a-key-of-journals",
            "rateLimitRpm": 0, "rateLimitTpm": 0, "rateLimitRpd": 0, "maxConcurrent": 0});
        admin.post(&keys, &key).await.expect(201);
        test(Scene { simulator, setup, program, proxy, admin, database, data }).await;
    }
}

impl Scene {
    async fn journal(&self) -> Value {
        self.admin.get("/api/status/status").await.expect(200).data()["journal"].clone()
    }

    async fn until(&self, what: &str, is_met: impl Fn(&Value) -> bool) {
        let mut ticks = interval(Duration::from_millis(50));
        let met = async {
            while !is_met(&self.journal().await) {
                ticks.tick().await;
            }
        };
        let met = timeout(LONG, met).await;
        met.unwrap_or_else(|_| panic!("waited for {what}:\n{}", self.program.printed()));
    }

    /// The ids of the requests on record.
    async fn recorded(&self) -> Vec<String> {
        const SQL: &str = "SELECT LOWER(HEX(request_id)) FROM t_ai_api_logs WHERE is_final = TRUE";
        let store = self.database.open(None).await;
        let rows = store.query_texts(SQL).await.unwrap();
        store.close().await;
        rows.into_iter().flatten().collect()
    }

    fn segments(&self) -> Vec<PathBuf> {
        files(&self.data.path().join("journal"), "segment")
    }
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    files.sort();
    files
}

fn id_of(reply: &Reply) -> String {
    reply.request_id().replace('-', "")
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[tokio::test]
async fn a_full_journal_refuses_calls_until_the_database_is_back_and_has_all_that_were_answered() {
    each_scene("refuse", async |mut scene: Scene| {
        scene.proxy.cut().await;
        let mut answered = Vec::new();
        let refused = loop {
            let reply = scene.admin.chat("openai", "sim-chat").await;
            if reply.status != 200 {
                break reply;
            }
            answered.push(id_of(&reply));
        };

        assert_eq!(refused.status, 503);
        assert_eq!(refused.json()["error"]["code"], "storage_unavailable");
        assert!(refused.header("retry-after").is_some());
        assert_eq!(scene.admin.get("/health/ready").await.status, 503);
        let journal = scene.journal().await;
        assert_eq!((&journal["isFull"], &journal["isWritable"]), (&json!(true), &json!(true)));
        assert_eq!(journal["backlogRecords"], answered.len());
        assert!(journal["usedBytes"].as_u64() <= journal["maxBytes"].as_u64(), "{journal}");
        assert!(!journal["oldestAt"].is_null());

        scene.proxy.restore().await;
        scene.until("the journal to be empty", |it| it["backlogRecords"] == 0).await;
        assert_eq!(scene.admin.get("/health/ready").await.status, 200);
        answered.push(id_of(&scene.admin.chat("openai", "sim-chat").await.expect(200)));
        scene.until("the journal to be empty", |it| it["backlogRecords"] == 0).await;
        assert_eq!(sorted(scene.recorded().await), sorted(answered));
        let has_room = |it: &Value| it["usedBytes"].as_u64().unwrap() * 4 <= 1_048_576;
        scene.until("what is in the database to go", has_room).await;
        scene.simulator.wait_for_idle().await;
    })
    .await;
}

#[tokio::test]
async fn a_full_journal_that_drops_records_counts_them_and_answers() {
    each_scene("drop", async |mut scene: Scene| {
        scene.proxy.cut().await;
        let mut answered = 0;
        let dropped = loop {
            // Far fewer than fit.
            for _ in 0..1_000 {
                scene.admin.chat("openai", "sim-chat").await.expect(200);
                answered += 1;
            }
            let dropped = scene.journal().await["dropped"].as_u64().unwrap();
            if dropped > 0 {
                break dropped;
            }
        };

        assert!(dropped < 1_000);
        assert_eq!(scene.admin.get("/health/ready").await.status, 200);
        scene.proxy.restore().await;
        scene.until("the journal to be empty", |it| it["backlogRecords"] == 0).await;
        assert_eq!(scene.recorded().await.len() as u64, answered - dropped);
        assert_eq!(scene.journal().await["dropped"], dropped);
    })
    .await;
}

#[tokio::test]
async fn damaged_bytes_cost_the_records_they_were_and_no_other() {
    each_scene("refuse", async |mut scene: Scene| {
        scene.proxy.cut().await;
        let mut answered = Vec::new();
        for _ in 0..12 {
            answered.push(id_of(&scene.admin.chat("openai", "sim-chat").await.expect(200)));
        }
        let segment = scene.segments().pop().unwrap();
        scene.program.kill().await;
        // A flipped bit in the first third, and the last record torn.
        let mut bytes = fs::read(&segment).unwrap();
        let flipped = bytes.len() / 3;
        bytes[flipped] ^= 0x20;
        bytes.truncate(bytes.len() - 7);
        fs::write(&segment, bytes).unwrap();

        scene.proxy.restore().await;
        scene.program = scene.setup.serve().await;
        scene.admin = scene.admin.at(scene.program.url());
        answered.push(id_of(&scene.admin.chat("openai", "sim-chat").await.expect(200)));
        scene.until("the journal to be empty", |it| it["backlogRecords"] == 0).await;

        let recorded = scene.recorded().await;
        let lost: Vec<usize> =
            (0..answered.len()).filter(|at| !recorded.contains(&answered[*at])).collect();
        assert!(matches!(lost[..], [1..=5, 11]), "{lost:?} of {}", answered.len());
        let printed = scene.program.printed();
        assert!(printed.contains("The journal is damaged"), "{printed}");
        assert!(printed.contains("half done"), "{printed}");
        let folder = scene.data.path().join("journal");
        scene.until("the file to be put aside", |_| files(&folder, "damaged").len() == 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_second_process_on_the_same_folder_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let setup = Setup::embedded(data.path());
    let first = setup.serve().await;

    let second = setup.run(&["serve"]).await;

    assert!(!second.status.success());
    assert!(second.text.contains("another Tollgate is running"), "{}", second.text);
    assert!(second.text.contains("DATA_DIR of its own"), "{}", second.text);
    let keys = setup.run(&["keys", "test"]).await;
    assert!(!keys.text.contains("another Tollgate"), "commands may run beside it: {}", keys.text);
    first.stop().await;
    setup.serve().await.stop().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_stops_the_start_and_is_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("a file");
    fs::write(&file, "").unwrap();

    let ended = Setup::embedded(&root.path().join("data"))
        .with("DATABASE_URL", "sqlite::memory:")
        .with("API_KEY_ENCRYPTION_KEY", crate::support::program::SEALING_KEYS[0])
        .with("JWT_SECRET", "a secret of tests that has more than 32 bytes")
        .with("ADMIN_PASSWORD", crate::support::ADMIN_PASSWORD)
        .with("DATA_DIR", file.to_str().unwrap())
        .run(&["serve"])
        .await;

    assert!(!ended.status.success());
    assert!(ended.text.contains("DATA_DIR must be a folder"), "{}", ended.text);
}
