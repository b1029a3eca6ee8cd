//! A mail server: it keeps what it is told, and a test of the channel that talks to it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tollgate_store::testing::TestDatabase;

use super::rules::given_calls;
use super::{alerting_app, alerts, deliver, each_alerting, run, set_alerts};
use crate::support::TestApp;

/// A mail server on this machine.
struct MailServer {
    port: u16,
    said: Arc<Mutex<Vec<String>>>,
    _task: JoinSet<()>,
}

impl MailServer {
    /// One that refuses the password where `refuses`.
    async fn start(refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let keeps = Arc::clone(&said);
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                let _ = converse(connection, &keeps, refuses).await;
            }
        });
        Self { port, said, _task: task }
    }

    /// What it was told since this was asked last, a line each.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.said.lock().unwrap())
    }

    fn email(&self) -> Value {
        json!({"host": "127.0.0.1", "port": self.port, "tls": "none",
            "from": "Tollgate <tollgate@example.com>", "to": ["ops@example.com", "b@example.com"]})
    }
}

async fn converse(
    connection: TcpStream,
    said: &Mutex<Vec<String>>,
    refuses: bool,
) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    connection.write_all(b"220 mail of tests\r\n").await?;
    let mut is_data = false;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        said.lock().unwrap().push(line.clone());
        let reply = match verb.as_str() {
            "." if is_data => {
                is_data = false;
                "250 kept"
            }
            _ if is_data => continue,
            "EHLO" => "250-mail of tests\r\n250 AUTH PLAIN",
            "AUTH" if refuses => "535 5.7.8 no such password",
            "AUTH" => "235 welcome",
            "DATA" => {
                is_data = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 well",
        };
        connection.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}

async fn test_email(app: &TestApp) -> Value {
    app.admin.post("/api/admin/alerts/test", &json!({"channel": "email"})).await.expect(200).data()
}

#[tokio::test]
async fn an_alert_and_its_end_are_mailed_to_every_receiver() {
    each_alerting(async |app, database| {
        let server = MailServer::start(false).await;
        let mut email = server.email();
        email["username"] = json!("tollgate");
        email["password"] = json!("canary-password");
        set_alerts(&app.admin, json!({"email": email})).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::from_secs(0)).await;

        assert!(deliver(app).await.starts_with("1 delivered"));

        let said = server.take();
        let auth = STANDARD.encode("\0tollgate\0canary-password");
        for line in [
            format!("AUTH PLAIN {auth}"),
            "MAIL FROM:<tollgate@example.com>".to_owned(),
            "RCPT TO:<ops@example.com>".to_owned(),
            "RCPT TO:<b@example.com>".to_owned(),
            "Subject: Tollgate warning: all calls".to_owned(),
            "From: Tollgate <tollgate@example.com>".to_owned(),
        ] {
            assert!(said.contains(&line), "{line}: {said:#?}");
        }
        let id = said.iter().find(|line| line.starts_with("Message-ID: <tollgate-")).unwrap();
        assert!(id.ends_with("@example.com>"), "{id}");
        run(app, "alert-error-rate", Duration::from_secs(600)).await;
        deliver(app).await;
        let said = server.take();
        assert!(said.contains(&"Subject: Tollgate resolved: all calls".to_owned()), "{said:#?}");
        let alert = &alerts(app, "kind=error_rate").await[0];
        assert_eq!(alert["deliveries"][1]["channel"], "email");
        assert_eq!(alert["notified"], true);
    })
    .await;
}

#[tokio::test]
async fn a_refused_password_is_told_without_it() {
    each_alerting(async |app, _| {
        let server = MailServer::start(true).await;
        let mut email = server.email();
        email["username"] = json!("tollgate");
        email["password"] = json!("canary-password");
        set_alerts(&app.admin, json!({"email": email})).await;

        let view = test_email(app).await;

        assert_eq!(view["isDelivered"], false);
        let error = view["error"].as_str().unwrap();
        assert!(error.contains("535") && !error.contains("canary"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn where_tls_is_asked_for_nothing_goes_out_in_plain_text() {
    each_alerting(async |app, _| {
        let server = MailServer::start(false).await;
        let mut email = server.email();
        email["username"] = json!("tollgate");
        email["password"] = json!("canary-password");
        email["tls"] = json!("starttls");
        set_alerts(&app.admin, json!({"email": email})).await;

        assert_eq!(test_email(app).await["isDelivered"], false);

        let said = server.take();
        assert!(said.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")));

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let change = json!({"tls": "implicit", "port": listener.local_addr().unwrap().port(),
            "password": "canary-password"});
        set_alerts(&app.admin, json!({"email": change})).await;
        let first_byte = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut first = [0; 1];
            connection.read_exact(&mut first).await.unwrap();
            first[0]
        };
        let (view, first) = tokio::join!(test_email(app), first_byte);
        assert_eq!((view["isDelivered"].clone(), first), (json!(false), 0x16), "a TLS handshake");
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_at_a_private_address_is_refused() {
    let database = TestDatabase::sqlite();
    let closed = TestApp::start(&database).await;
    let server = MailServer::start(false).await;
    set_alerts(&closed.admin, json!({"email": server.email()})).await;

    let view = test_email(&closed).await;

    assert!(view["error"].as_str().unwrap().contains("ALERT_PRIVATE_ADDRESSES"), "{view}");
    assert!(server.take().is_empty());
    closed.stop().await;
    let open = alerting_app(&database).await;
    assert_eq!(test_email(&open).await["isDelivered"], true);
    open.stop().await;
}
