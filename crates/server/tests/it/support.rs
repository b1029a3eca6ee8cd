//! A running server over a database of its own, with a simulator behind it and a caller of each
//! role before it.

pub(crate) mod canaries;
pub(crate) mod captured_logs;
pub(crate) mod client;
pub(crate) mod clock;
pub(crate) mod db_proxy;
mod documented;
pub(crate) mod operator;
pub(crate) mod program;

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::task::TaskTracker;
use tollgate_gateway::Journal;
use tollgate_server::app::App;
use tollgate_server::config::{Config, Environment, Flags};
use tollgate_server::{service, start};
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::testing::{TEST_SEALING_KEY, TestDatabase, each_empty_database};

pub(crate) use client::{Client, Reply};
pub(crate) use clock::TestClock;

/// The first admin's password.
pub(crate) const ADMIN_PASSWORD: &str = "correct horse battery";
/// The password of everybody else.
pub(crate) const PASSWORD: &str = "battery staple horse";
/// How long a test waits for something that must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A running server.
pub(crate) struct TestApp {
    /// Its parts.
    pub(crate) app: Data<App>,
    /// Where it listens: `http://127.0.0.1:4711`.
    pub(crate) url: String,
    /// What its provider `openai` (id 1) points to once [`TestApp::with_key`] was called.
    pub(crate) simulator: Simulator,
    /// Its clock, which a test may put forward.
    pub(crate) clock: Arc<TestClock>,
    /// The first admin, signed in.
    pub(crate) admin: Client,
    /// A user with the role `analyst`, signed in.
    pub(crate) analyst: Client,
    /// A user with the role `app`, signed in.
    pub(crate) app_user: Client,
    /// Nobody.
    pub(crate) anonymous: Client,
    server: ServerHandle,
    tasks: TaskTracker,
    _data: TempDir,
}

/// Runs a test against a server of its own over every database.
pub(crate) async fn each_app(test: impl AsyncFn(&TestApp)) {
    each_empty_database(async |database| {
        let app = TestApp::start(&database).await;
        test(&app).await;
        app.stop().await;
    })
    .await;
}

/// The environment of a server over `database`.
pub(crate) fn environment(database: &str) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE_URL", database.to_owned()),
        ("API_KEY_ENCRYPTION_KEY", TEST_SEALING_KEY.to_owned()),
        ("JWT_SECRET", "a secret of tests that is long enough".to_owned()),
        ("ADMIN_PASSWORD", ADMIN_PASSWORD.to_owned()),
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", "0".to_owned()),
    ]
}

impl TestApp {
    /// A server over `database`, which may be empty.
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        Self::start_with(environment(database.url())).await
    }

    /// A server with this environment.
    pub(crate) async fn start_with(environment: Vec<(&'static str, String)>) -> Self {
        // A variable of the test's own comes later, and wins.
        let folder = tempfile::tempdir().unwrap();
        let data = ("DATA_DIR", folder.path().to_str().unwrap().to_owned());
        let environment: Environment = [data].into_iter().chain(environment).collect();
        let config = Config::load(environment, &Flags::default()).unwrap();
        let journal = Journal::open(config.journal.of_server(&config.data_dir)).unwrap();
        let clock = Arc::new(TestClock::default());
        let store = start::open_store(&config).await.unwrap();
        start::prepare(&store, &config, &*clock).await.unwrap();
        let app = start::app(config, store, journal, clock.clone()).await.unwrap();
        let service = service::listen(&app).unwrap();
        let url = format!("http://{}", service.address);
        let (server, tasks) = (service.server.handle(), TaskTracker::new());
        tasks.spawn(service.server);
        let anonymous = Client::new(&url);
        let admin = anonymous.signed_in("admin", ADMIN_PASSWORD).await;
        let analyst = user(&admin, "analyst").await;
        let app_user = user(&admin, "app").await;
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        Self {
            app,
            url,
            simulator,
            clock,
            admin,
            analyst,
            app_user,
            anonymous,
            server,
            tasks,
            _data: folder,
        }
    }

    /// Points the provider `openai` at the simulator, and gives it a key. Answers the key's id.
    pub(crate) async fn with_key(&self, secret: &str) -> i64 {
        let body = json!({"baseUrl": self.simulator.base_url()});
        self.admin.put("/api/admin/ai-providers/1", &body).await.expect(200);
        let body = json!({"keyName": "main", "apiKey": secret});
        let reply = self.admin.post("/api/admin/ai-providers/1/keys", &body).await.expect(201);
        reply.data()["id"].as_i64().unwrap()
    }

    /// A new app token made from `body`; answers a client that shows it.
    pub(crate) async fn app_token(&self, body: &Value) -> Client {
        let reply = self.admin.post("/api/admin/app-tokens", body).await.expect(201);
        self.anonymous.with_token(reply.data()["token"].as_str().unwrap())
    }

    /// Lets what is under way end, and writes every record.
    pub(crate) async fn stop(self) {
        self.server.stop(true).await;
        self.tasks.close();
        self.tasks.wait().await;
        self.app.engine.shutdown(PATIENCE).await;
        self.app.store.close().await;
    }
}

/// A user whose name and role are `role`, signed in.
async fn user(admin: &Client, role: &str) -> Client {
    let body = json!({"username": role, "password": PASSWORD, "role": role});
    let reply = admin.post("/api/admin/users", &body).await;
    // A second instance over the same database finds them there.
    assert!([201, 409].contains(&reply.status), "{}", reply.text);
    admin.signed_in(role, PASSWORD).await
}
