//! A process of Prometheus that scrapes an address, and requests to a server that is scraped.

use std::env;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::collector::{poll, request};
use crate::skip::skip;

/// How often new ports are tried when another process took one.
const ATTEMPTS: usize = 3;

/// Bounds every wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running Prometheus, killed when dropped. It listens on a free port of the loopback interface only.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    port: u16,
    dir: TempDir,
}

impl Prometheus {
    /// Starts Prometheus and lets it scrape `target` several times a second. If it is not on the `PATH`, says that
    /// `suite` is skipped.
    ///
    /// # Panics
    ///
    /// If there is none although the environment asks for one with `CI=true` or `CRYOSTORM_REQUIRE_PROMETHEUS=1`, or
    /// if it does not start.
    pub fn start_or_skip(suite: &str, target: SocketAddr) -> Option<Self> {
        if !is_there_or_skip(suite, "prometheus") {
            return None;
        }
        let mut attempt = 1;
        loop {
            match Self::try_start(target) {
                Ok(prometheus) => return Some(prometheus),
                Err(log) if attempt < ATTEMPTS && log.contains("address already in use") => attempt += 1,
                Err(log) => panic!("prometheus does not start:\n{log}"),
            }
        }
    }

    fn try_start(target: SocketAddr) -> Result<Self, String> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let log = fs::File::create(dir.path().join("log")).expect("a log file");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        drop(listener);
        let config = format!(
            "scrape_configs: [{{ job_name: suite, scrape_interval: 200ms, scrape_timeout: 200ms, \
             static_configs: [{{ targets: ['{target}'] }}] }}]\n"
        );
        fs::write(dir.path().join("prometheus.yml"), config).expect("a configuration file");
        let child = Command::new("prometheus")
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=warn"])
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // A file, because nobody would drain a pipe.
            .stderr(log)
            .spawn()
            .expect("prometheus");
        let mut prometheus = Self { child, port, dir };
        let is_ready = poll(|| {
            if prometheus.child.try_wait().expect("the state of prometheus").is_some() {
                return Some(false);
            }
            let response = request(port, "GET", "/-/ready", "").ok()?;
            (response.status == 200).then_some(true)
        });
        if is_ready == Some(true) { Ok(prometheus) } else { Err(prometheus.log()) }
    }

    /// What Prometheus logged so far, from warnings up.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).expect("the log")
    }

    /// Asks for the value of an expression until it is the one expected; the last value where it never is.
    ///
    /// # Errors
    ///
    /// The last value, and the log.
    pub fn expect(&self, expression: &str, expected: f64) -> Result<(), String> {
        let mut last = None;
        let found = poll(|| {
            last = self.value(expression);
            (last == Some(expected)).then_some(())
        });
        found.ok_or_else(|| format!("{expression} is {last:?} and not {expected}\n{}", self.log()))
    }

    /// The value of an expression that has one.
    fn value(&self, expression: &str) -> Option<f64> {
        let escaped: String = expression.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let answer = request(self.port, "GET", &format!("/api/v1/query?query={escaped}"), "").ok()?;
        let answer: Value = serde_json::from_str(&answer.body).ok()?;
        answer["data"]["result"][0]["value"][1].as_str()?.parse().ok()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether there is such a program; if not, says that `suite` is skipped.
fn is_there_or_skip(suite: &str, program: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    let is_there = env::split_paths(&paths).any(|path| path.join(program).is_file());
    if !is_there {
        let why = format!("there is no `{program}` on the PATH; the Debian package `prometheus` has it");
        skip(suite, "CRYOSTORM_REQUIRE_PROMETHEUS", &why);
    }
    is_there
}

/// The answer of a server.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The header fields, one a line.
    pub head: String,
    /// The body.
    pub body: String,
}

/// Sends one request without a body.
///
/// # Errors
///
/// If there is no connection or no HTTP response.
pub fn get(address: SocketAddr, method: &str, path: &str, fields: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP status line"))?;
    Ok(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() })
}
