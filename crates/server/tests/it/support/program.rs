//! The real binary as a child process: what it is given, what it prints, how it ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

use super::{ADMIN_PASSWORD, Client};

/// How long a program may take for anything that it is waited for.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Waits until it holds.
pub(crate) async fn until(holds: impl AsyncFn() -> bool) {
    let mut ticks = interval(Duration::from_millis(50));
    let wait = async {
        while !holds().await {
            ticks.tick().await;
        }
    };
    timeout(LONG, wait).await.expect("it holds in the end");
}

/// Two sealing keys.
pub(crate) const SEALING_KEYS: [&str; 2] = [
    "1111111111111111111111111111111111111111111111111111111111111111",
    "2222222222222222222222222222222222222222222222222222222222222222",
];
const JWT_SECRET: &str = "a secret of tests that has more than 32 bytes";

/// What a program is started with.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    variables: BTreeMap<String, String>,
    /// What stands before each command.
    flags: Vec<String>,
    input: Option<String>,
}

impl Setup {
    /// Everything that a server needs over the database at `url`.
    pub(crate) fn over(url: &str) -> Self {
        let setup = Self { variables: BTreeMap::new(), flags: Vec::new(), input: None };
        setup
            .with("DATABASE_URL", url)
            .with("HOST", "127.0.0.1")
            .with("PORT", "0")
            .with("API_KEY_ENCRYPTION_KEY", SEALING_KEYS[0])
            .with("JWT_SECRET", JWT_SECRET)
            .with("ADMIN_PASSWORD", ADMIN_PASSWORD)
            .with("LOG_LEVEL", "trace")
    }

    /// Nothing but where its data is: the embedded mode.
    pub(crate) fn embedded(data: &Path) -> Self {
        let setup = Self { variables: BTreeMap::new(), flags: Vec::new(), input: None };
        setup.with("DATA_DIR", data.to_str().unwrap()).with("PORT", "0")
    }

    /// The same with a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same with a flag, whatever the command.
    pub(crate) fn with_flag(mut self, name: &str, value: &str) -> Self {
        self.flags.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// The same with something to read on stdin.
    pub(crate) fn reading(mut self, input: &str) -> Self {
        self.input = Some(input.to_owned());
        self
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        let mut program = Program::start(self, arguments);
        let status = program.ended().await;
        Ended { status, text: program.printed() }
    }

    /// Starts the server, and returns at once.
    pub(crate) fn begin_to_serve(&self) -> Program {
        Program::start(self, &["serve"])
    }

    /// Starts the server, and returns when it listens.
    pub(crate) async fn serve(&self) -> Program {
        let mut program = self.begin_to_serve();
        program.url = program.wait_for("http://127.0.0.1:", url_in).await;
        program
    }
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// What it printed, on stdout and on stderr.
    pub(crate) text: String,
}

/// A running program; killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    printed: watch::Sender<String>,
    readers: JoinSet<()>,
    folder: TempDir,
    url: String,
}

impl Program {
    fn start(setup: &Setup, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tollgate"))
            .args(&setup.flags)
            .args(arguments)
            .env_clear()
            .env("DATA_DIR", folder.path().join("data"))
            .envs(&setup.variables)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let printed = watch::Sender::new(String::new());
        let mut readers = JoinSet::new();
        readers.spawn(keep(child.stdout.take().unwrap(), printed.clone()));
        readers.spawn(keep(child.stderr.take().unwrap(), printed.clone()));
        let (mut stdin, input) = (child.stdin.take().unwrap(), setup.input.clone());
        readers.spawn(async move {
            // A program that reads nothing has closed its end.
            stdin.write_all(input.unwrap_or_default().as_bytes()).await.ok();
        });
        Self { child, printed, readers, folder, url: String::new() }
    }

    /// The URL that it listens at.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its first admin, signed in.
    pub(crate) async fn admin(&self) -> Client {
        Client::new(&self.url).signed_in("admin", ADMIN_PASSWORD).await
    }

    /// Host and port that it listens at.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// The folder it was started in; `data` in it is its `DATA_DIR`, unless its setup says else.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything it has printed so far.
    pub(crate) fn printed(&self) -> String {
        self.printed.borrow().clone()
    }

    /// What `find` finds in what it prints, as soon as it does.
    pub(crate) async fn wait_for<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let mut printed = self.printed.subscribe();
        let mut found = None;
        let wait = printed.wait_for(|text| {
            found = find(text);
            found.is_some()
        });
        let waited = timeout(LONG, wait).await.is_ok_and(|waited| waited.is_ok());
        assert!(waited, "waited for {what} in:\n{}", self.printed());
        found.unwrap()
    }

    /// Asks it to stop.
    pub(crate) async fn terminate(&self) {
        let id = self.child.id().expect("it runs");
        let sent = Command::new("kill").arg("-TERM").arg(id.to_string()).status().await.unwrap();
        assert!(sent.success());
    }

    /// Waits for its end and for the last that it printed.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = timeout(LONG, self.child.wait()).await;
        let ended = ended.unwrap_or_else(|_| panic!("it does not end:\n{}", self.printed()));
        while self.readers.join_next().await.is_some() {}
        ended.unwrap()
    }

    /// Ends it by SIGKILL, in the middle of whatever it does.
    pub(crate) async fn kill(mut self) -> String {
        self.child.start_kill().unwrap();
        self.ended().await;
        self.printed()
    }

    /// Asks it to stop, and returns what it printed when it has ended well.
    pub(crate) async fn stop(mut self) -> String {
        self.terminate().await;
        let status = self.ended().await;
        assert!(status.success(), "{status}:\n{}", self.printed());
        self.printed()
    }
}

/// Every file below `folder`.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// Keeps what comes from `pipe`.
async fn keep(mut pipe: impl AsyncRead + Unpin, printed: watch::Sender<String>) {
    let mut buffer = vec![0; 16 * 1024];
    let mut rest = Vec::new();
    while let Ok(read @ 1..) = pipe.read(&mut buffer).await {
        rest.extend_from_slice(&buffer[..read]);
        // Whole lines, so that the two pipes do not mix within one.
        let end = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines = String::from_utf8_lossy(&rest[..end]).into_owned();
        printed.send_modify(|text| text.push_str(&lines));
        rest.drain(..end);
    }
    let last = String::from_utf8_lossy(&rest).into_owned();
    printed.send_modify(|text| text.push_str(&last));
}

/// The URL in the line that tells where the server listens.
fn url_in(text: &str) -> Option<String> {
    let start = text.find("listens on http://127.0.0.1:")? + "listens on ".len();
    let rest = &text[start..];
    Some(rest[..rest.find(char::is_whitespace)?].to_owned())
}
