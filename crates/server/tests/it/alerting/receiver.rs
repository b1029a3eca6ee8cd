//! A receiver of webhooks: it keeps what comes and answers what a test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A receiver on this machine.
pub(crate) struct Receiver {
    base: String,
    shared: Arc<Shared>,
    _task: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    got: Mutex<Vec<Received>>,
    /// What the next requests are answered with; after them, what every service takes for good.
    replies: Mutex<VecDeque<(u16, String)>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Its path and query.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let of = Arc::clone(&shared);
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                serve(connection, &of).await;
            }
        });
        Self { base, shared, _task: task }
    }

    /// Where it is, with a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The next request is answered so.
    pub(crate) fn answer(&self, status: u16, body: &str) {
        self.shared.replies.lock().unwrap().push_back((status, body.to_owned()));
    }

    /// What came since this was asked last.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.shared.got.lock().unwrap())
    }

    /// The same, as `event kind` of our own JSON.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = self.take().into_iter().map(|request| {
            let json = request.json();
            format!(
                "{} {}",
                json["event"].as_str().unwrap(),
                json["alert"]["kind"].as_str().unwrap()
            )
        });
        told.collect()
    }
}

async fn serve(mut connection: TcpStream, shared: &Shared) {
    let mut bytes = Vec::new();
    let head = loop {
        let mut chunk = [0; 8192];
        let read = connection.read(&mut chunk).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.lines();
    let target = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = bytes[head + 4..].to_vec();
    while body.len() < length {
        let mut chunk = [0; 8192];
        let read = connection.read(&mut chunk).await.unwrap();
        body.extend_from_slice(&chunk[..read]);
    }
    shared.got.lock().unwrap().push(Received { target, headers, body });
    let good = (200, r#"{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}"#.to_owned());
    let (status, body) = shared.replies.lock().unwrap().pop_front().unwrap_or(good);
    let reply = format!(
        "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = connection.write_all(reply.as_bytes()).await;
}

/// HMAC-SHA256 as RFC 2104 defines it, apart from the program's own.
pub(crate) fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |with: u8| block.map(|byte| byte ^ with).to_vec();
    let inner = Sha256::digest([padded(0x36), message.to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
