//! The database goes away and comes back: chat is served, and every call is recorded exactly once.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{interval, timeout};
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, servers};

use crate::support::db_proxy::DbProxy;
use crate::support::operator::question;
use crate::support::program::{LONG, Program, Setup, until};
use crate::support::{ADMIN_PASSWORD, Client, Reply};

const KEY: &str = "sk-a-key-of-outages";

/// A server whose database can be taken away.
struct Scene {
    simulator: Simulator,
    program: Program,
    proxy: DbProxy,
    admin: Client,
    database: TestDatabase,
}

async fn each_scene(test: impl AsyncFn(Scene)) {
    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let proxy = DbProxy::before(database.url()).await;
        let program = Setup::over(&proxy.url(database.url())).serve().await;
        let admin = program.admin().await;
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        admin.simulate("openai", &simulator).await;
        admin.add_key("openai", KEY).await;
        test(Scene { simulator, program, proxy, admin, database }).await;
    }
}

impl Scene {
    /// Calls that are answered.
    async fn calls(&self, count: usize) -> Vec<String> {
        let calls = (0..count).map(|_| self.admin.chat("openai", "sim-chat"));
        let answers = join_all(calls).await;
        answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
        answers.iter().map(Reply::request_id).collect()
    }

    /// How often each request is on record, as soon as there are `count` records.
    async fn recorded(&self, count: usize) -> HashMap<String, usize> {
        const SQL: &str = "SELECT LOWER(HEX(request_id)) FROM t_ai_api_logs";
        let store = self.database.open(None).await;
        let mut ticks = interval(Duration::from_millis(50));
        let wait = async {
            loop {
                ticks.tick().await;
                let rows = store.query_texts(SQL).await.unwrap();
                if rows.len() >= count {
                    return rows;
                }
            }
        };
        let rows = timeout(LONG, wait).await;
        let rows = rows.unwrap_or_else(|_| panic!("not {count} records:\n{}", self.logs()));
        store.close().await;
        let mut times = HashMap::new();
        for row in rows.into_iter().flatten() {
            *times.entry(row).or_default() += 1;
        }
        times
    }

    /// Returns when a scrape holds that line.
    async fn scrape_tells(&self, line: &str) {
        until(async || {
            self.admin.get("/metrics").await.expect(200).text.lines().any(|it| it == line)
        })
        .await;
    }

    /// What the server logged of the outage.
    fn logs(&self) -> String {
        let printed = self.program.printed();
        let lines = printed.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Each of `requests`, and nothing else, is on record once; and the key's counter says so.
    async fn assert_recorded_once(&self, requests: &[String], answered: usize) {
        let times = self.recorded(requests.len()).await;
        for request in requests {
            let count = times.get(&request.replace('-', "")).copied().unwrap_or_default();
            assert_eq!(count, 1, "request {request}:\n{}", self.logs());
        }
        assert_eq!(times.len(), requests.len(), "{}", self.logs());
        let key = &self.admin.keys("openai").await[0];
        assert_eq!(key["requestsCountToday"], answered, "{key}");
    }
}

#[tokio::test]
async fn while_the_database_is_away_chat_is_served_and_recorded_afterwards() {
    each_scene(async |mut scene: Scene| {
        let mut requests = scene.calls(3).await;
        scene.proxy.cut().await;

        let ready = scene.admin.get("/health/ready").await;
        requests.extend(scene.calls(5).await);
        let stream = scene.admin.open_stream("openai", "sim-chat").await;
        requests.push(stream.headers()["x-request-id"].to_str().unwrap().to_owned());
        let streamed = stream.text().await.unwrap();
        let unknown = scene.admin.post("/v1/chat/completions", &question("no-such-model")).await;
        requests.push(unknown.request_id());
        let login = json!({"username": "admin", "password": ADMIN_PASSWORD});
        let stats = "/api/admin/ai-stats/dashboard";
        let settings = json!({"defaultTimeZone": "Asia/Tokyo"});
        let (login, providers, users, stats, change) = tokio::join!(
            scene.admin.post("/api/auth/login", &login),
            scene.admin.get("/api/admin/ai-providers"),
            scene.admin.get("/api/admin/users"),
            scene.admin.get(stats),
            scene.admin.put("/api/admin/settings", &settings),
        );
        let still_ready = scene.admin.get("/health/ready").await;
        scene.scrape_tells("aiproxy_database_up 0").await;
        scene.proxy.restore().await;
        scene.scrape_tells("aiproxy_database_up 1").await;

        assert_eq!((ready.status, still_ready.status), (200, 200));
        assert!(streamed.trim_end().ends_with("data: [DONE]"), "{streamed}");
        assert_eq!(unknown.status, 404);
        for refused in [login, providers, users, stats, change] {
            assert_eq!(refused.error(), (503, "storage_unavailable".to_owned()));
            assert!(refused.header("retry-after").is_some());
        }
        let answered = requests.len() - 1;
        scene.assert_recorded_once(&requests, answered).await;
        scene.admin.get("/api/admin/ai-providers").await.expect(200).data();
        assert!(!scene.program.printed().contains(KEY));
        scene.simulator.wait_for_idle().await;
    })
    .await;
}

#[tokio::test]
async fn connections_that_break_in_the_middle_of_writing_lose_and_double_nothing() {
    each_scene(async |mut scene: Scene| {
        let mut requests = Vec::new();
        for _ in 0..10 {
            requests.extend(scene.calls(3).await);
            scene.proxy.cut().await;
            requests.extend(scene.calls(3).await);
            scene.proxy.restore().await;
        }

        scene.assert_recorded_once(&requests, requests.len()).await;
    })
    .await;
}
