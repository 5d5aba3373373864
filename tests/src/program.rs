//! Runs a program of a suite with settings of its own.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Output, Stdio};
use std::thread;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What a program that ran to its end printed.
#[derive(Debug)]
pub struct Ran {
    /// Whether it exited with success.
    pub success: bool,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Ran {
    /// What follows `key: ` on a line of standard output.
    pub fn said(&self, key: &str) -> &str {
        let prefix = format!("{key}: ");
        self.stdout
            .lines()
            .find_map(|line| line.strip_prefix(&prefix))
            .unwrap_or_else(|| panic!("no {key:?} in {self:?}"))
    }
}

/// Runs a program to its end, with these variables and no other settings from the environment.
pub fn run(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let ran = command(program, arguments, variables).output().expect("the program starts");
    told(ran)
}

/// The same with a terminal as its standard output, which knows colours.
pub fn run_on_terminal(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC);
    let terminal = terminal.expect("a terminal");
    grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("a terminal for this user");
    let name = ptsname(&terminal, Vec::new()).expect("the name of the terminal");
    let screen = open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty());

    let mut command = command(program, arguments, variables);
    command.env("TERM", "xterm").stdout(screen.expect("the program's end")).stderr(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    // With its end of the terminal: it is over when the program has closed the last.
    drop(command);
    // Both at once, so that the program waits for nobody.
    let screen = thread::spawn(move || {
        let mut stdout = Vec::new();
        // The end is what Linux calls an error.
        let _ = File::from(terminal).read_to_end(&mut stdout);
        stdout
    });
    let ran = child.wait_with_output().expect("the program ends");
    let stdout = screen.join().expect("the terminal is read");
    let mut ran = told(Output { stdout, ..ran });
    // A terminal has both.
    ran.stdout = ran.stdout.replace("\r\n", "\n");
    ran
}

fn command(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let ours = ["SERVICE__", "PROPAGATION__", "CONSOLE__", "TRACING__", "METRICS__", "LOGGING__", "OTEL_"];
    let whole = ["SCHEMA_URL", "EXCLUDED_PATHS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"];
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ours.iter().any(|prefix| text.starts_with(prefix)) || whole.contains(&&*text) {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(variables.iter().copied());
    command
}

fn told(Output { status, stdout, stderr }: Output) -> Ran {
    Ran {
        success: status.success(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// The variables that send all three signals to an OTLP endpoint on this port of the loopback interface.
pub fn to_otlp<'a>(transport: &'a str, port: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut variables = vec![("SERVICE__NAME", "suite"), ("SERVICE__ENVIRONMENT", "staging")];
    for (exporter, host, at, carrier) in [
        (
            "TRACING__EXPORTER_TYPE",
            "TRACING__COLLECTOR__HOST",
            "TRACING__COLLECTOR__PORT",
            "TRACING__COLLECTOR__TRANSPORT",
        ),
        (
            "METRICS__EXPORTER_TYPE",
            "METRICS__COLLECTOR__HOST",
            "METRICS__COLLECTOR__PORT",
            "METRICS__COLLECTOR__TRANSPORT",
        ),
        (
            "LOGGING__EXPORTER_TYPE",
            "LOGGING__COLLECTOR__HOST",
            "LOGGING__COLLECTOR__PORT",
            "LOGGING__COLLECTOR__TRANSPORT",
        ),
    ] {
        variables.extend([(exporter, "otlp"), (host, "127.0.0.1"), (at, port), (carrier, transport)]);
    }
    variables
}
