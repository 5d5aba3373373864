//! A process of the official OpenTelemetry Collector, as a real backend to export to.

use std::{
    env, fmt, fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::received::Received;
use crate::skip::skip;

/// Bounds every wait for the collector. It starts in less than a second; a loaded machine may take its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often new ports are tried when another process took one.
const ATTEMPTS: usize = 3;

const INSTALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/collector/install");

/// A running collector, killed when dropped. It listens on free ports of the loopback interface only.
#[derive(Debug)]
pub struct Collector {
    child: Child,
    ports: Ports,
    dir: TempDir,
}

/// Why there is no collector to test with.
#[derive(Debug)]
pub struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

impl Collector {
    /// The collector's binary: the absolute path in `CRYOSTORM_OTELCOL`, or else what `tests/collector/install` put
    /// into its cache. Never builds it: that takes minutes and network access, which a plain `cargo test` should not.
    ///
    /// # Errors
    ///
    /// Says what to do if there is none.
    pub fn locate() -> Result<PathBuf, Missing> {
        if let Some(binary) = env::var_os("CRYOSTORM_OTELCOL").filter(|path| !path.is_empty()) {
            return Ok(binary.into());
        }
        let output = Command::new(INSTALL)
            .arg("--check")
            .output()
            .map_err(|error| Missing(format!("cannot run tests/collector/install: {error}")))?;
        let say = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() {
            Ok(say(&output.stdout).into())
        } else {
            Err(Missing(say(&output.stderr)))
        }
    }

    /// Starts the collector that [`locate`](Self::locate) finds. If there is none, says that `suite` is skipped.
    ///
    /// # Panics
    ///
    /// If there is none although the environment asks for one with `CI=true` or `CRYOSTORM_REQUIRE_COLLECTOR=1`, or
    /// if it does not start.
    pub fn start_or_skip(suite: &str) -> Option<Self> {
        match Self::locate() {
            Ok(binary) => Some(Self::start(&binary)),
            Err(why) => {
                skip(suite, "CRYOSTORM_REQUIRE_COLLECTOR", &why);
                None
            }
        }
    }

    /// Starts the collector and waits until all its pipelines are up.
    ///
    /// # Panics
    ///
    /// If it does not start; the message has its log.
    pub fn start(binary: &Path) -> Self {
        let mut attempt = 1;
        loop {
            match Self::try_start(binary) {
                Ok(collector) => return collector,
                Err(log) if attempt < ATTEMPTS && log.contains("address already in use") => attempt += 1,
                Err(log) => panic!("{} does not start:\n{log}", binary.display()),
            }
        }
    }

    /// One attempt; the error is the log of a collector that exited or did not become ready.
    fn try_start(binary: &Path) -> Result<Self, String> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let log = fs::File::create(dir.path().join("log")).expect("a log file");
        let ports = Ports::free();
        fs::write(dir.path().join("config.yaml"), ports.config()).expect("a configuration file");
        // The collector says that it is ready a little before it handles signals. It leaves an ignored interrupt
        // ignored until then, so that `stop` cannot kill it by being early.
        let child = Command::new("sh")
            .args(["-c", "trap '' INT; exec \"$0\" --config config.yaml"])
            .arg(binary)
            .current_dir(dir.path())
            // OTEL_* and proxy settings of the developer are not for this collector.
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // A file, because nobody would drain a pipe.
            .stderr(log)
            .spawn()
            .expect("a shell");
        let mut collector = Self { child, ports, dir };
        let ready = poll(|| {
            if collector.exited().is_some() {
                return Some(false);
            }
            let response = request(collector.ports.health, "GET", &collector.ports.health_path(), "").ok()?;
            (response.status == 200).then_some(true)
        });
        if ready == Some(true) { Ok(collector) } else { Err(collector.log()) }
    }

    /// The port of the OTLP receiver for gRPC.
    pub fn grpc_port(&self) -> u16 {
        self.ports.grpc
    }

    /// The port of the OTLP receiver for HTTP.
    pub fn http_port(&self) -> u16 {
        self.ports.http
    }

    /// The port of the Prometheus endpoint, with the path `/metrics`.
    pub fn prometheus_port(&self) -> u16 {
        self.ports.prometheus
    }

    /// What the collector logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).expect("the collector's log")
    }

    /// Stops the collector, which makes it flush its pipelines, and reads all that it received.
    ///
    /// # Panics
    ///
    /// If it does not exit in time and with success, or wrote what is not OTLP.
    pub fn stop(mut self) -> Received {
        // Again and again, as the first may be ignored; once it handles them, a second one changes nothing.
        let status = poll(|| {
            self.interrupt();
            self.exited()
        });
        assert!(status.is_some_and(|status| status.success()), "stopped with {status:?}:\n{}", self.log());
        let lines = ["traces", "metrics", "logs"].map(|signal| {
            let file = self.dir.path().join(signal).with_extension("jsonl");
            fs::read_to_string(file).expect("the file exporter's output")
        });
        Received::parse(&lines.concat())
    }

    /// The standard library can only kill. The shell's own `kill` is there even where /bin/kill is not.
    fn interrupt(&self) {
        let pid = self.child.id().to_string();
        // Fails only if the collector is gone, which its exit status then tells.
        let _ = Command::new("sh").args(["-c", "kill -INT \"$0\""]).arg(pid).stderr(Stdio::null()).status();
    }

    fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the state of the collector")
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Ports {
    grpc: u16,
    http: u16,
    prometheus: u16,
    health: u16,
    pprof: u16,
    zpages: u16,
}

impl Ports {
    /// Ports that were free a moment ago; all bound at once, so that they differ.
    fn free() -> Self {
        let listeners = [(); 6].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
        let [grpc, http, prometheus, health, pprof, zpages] =
            listeners.each_ref().map(|listener| listener.local_addr().expect("a bound address").port());
        Self { grpc, http, prometheus, health, pprof, zpages }
    }

    /// Differs from that of a collector which took our health port, and must not pass for ours.
    fn health_path(&self) -> String {
        format!("/ready-{}-{}", self.grpc, self.http)
    }

    fn config(&self) -> String {
        let Self { grpc, http, prometheus, health, pprof, zpages } = self;
        let health_path = self.health_path();
        // A file for each signal: one file exporter in several pipelines shuts down with the first of them, and then
        // crashes when the next is flushed. Own metrics are off because they would listen on a fixed port.
        format!(
            "\
receivers:
  otlp:
    protocols:
      grpc: {{ endpoint: '127.0.0.1:{grpc}' }}
      http: {{ endpoint: '127.0.0.1:{http}' }}
processors:
  memory_limiter: {{ check_interval: 1s, limit_mib: 256 }}
  batch: {{ timeout: 50ms }}
exporters:
  debug: {{ verbosity: basic }}
  file/traces: {{ path: traces.jsonl, format: json, flush_interval: 50ms }}
  file/metrics: {{ path: metrics.jsonl, format: json, flush_interval: 50ms }}
  file/logs: {{ path: logs.jsonl, format: json, flush_interval: 50ms }}
  prometheus: {{ endpoint: '127.0.0.1:{prometheus}' }}
extensions:
  health_check: {{ endpoint: '127.0.0.1:{health}', path: '{health_path}' }}
  pprof: {{ endpoint: '127.0.0.1:{pprof}' }}
  zpages: {{ endpoint: '127.0.0.1:{zpages}' }}
service:
  extensions: [health_check, pprof, zpages]
  telemetry:
    metrics: {{ level: none }}
  pipelines:
    traces: {{ receivers: [otlp], processors: [memory_limiter, batch], exporters: [debug, file/traces] }}
    metrics: {{ receivers: [otlp], processors: [memory_limiter, batch], exporters: [debug, file/metrics, prometheus] }}
    logs: {{ receivers: [otlp], processors: [memory_limiter, batch], exporters: [debug, file/logs] }}
"
        )
    }
}

/// Asks until there is an answer, or `None` when patience runs out.
pub fn poll<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}

/// The answer to a [`request`].
#[derive(Debug)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// Sends an HTTP request, with JSON as its body, to a port of the loopback interface.
///
/// # Errors
///
/// If there is no connection or no HTTP response.
pub fn request(port: u16, method: &str, path: &str, body: &str) -> io::Result<Response> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // HTTP/1.0: the body ends with the connection and is never chunked.
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP status line"))?;
    Ok(Response { status, body: body.to_owned() })
}
