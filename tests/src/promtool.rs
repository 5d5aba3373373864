//! `promtool` of Prometheus, which says what Prometheus would make of rules and of a scrape.

use std::env;
use std::fs::{self, File};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::skip::skip;

/// `promtool`, and a directory for its files.
#[derive(Debug)]
pub struct Promtool {
    binary: String,
    dir: TempDir,
}

impl Promtool {
    /// The path in `CRYOSTORM_PROMTOOL`, or else what the search path has. If there is none, says that `suite` is skipped.
    ///
    /// # Panics
    ///
    /// If there is none although the environment asks for one with `CI=true` or `CRYOSTORM_REQUIRE_PROMETHEUS=1`.
    pub fn find_or_skip(suite: &str) -> Option<Self> {
        let own = env::var("CRYOSTORM_PROMTOOL").ok().filter(|path| !path.is_empty());
        let binary = own.unwrap_or_else(|| "promtool".to_owned());
        let runs =
            Command::new(&binary).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !runs.is_ok_and(|status| status.success()) {
            let why = format!("{binary} does not run; it comes with the Debian package prometheus");
            skip(suite, "CRYOSTORM_REQUIRE_PROMETHEUS", &why);
            return None;
        }
        Some(Self { binary, dir: tempfile::tempdir().expect("a temporary directory") })
    }

    /// Asserts that it finds nothing wrong with the rules, its lints among it.
    ///
    /// # Panics
    ///
    /// If it finds something, with what it says.
    pub fn check_rules(&self, rules: &str) {
        self.write("rules.yaml", rules);
        self.run(&["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], Stdio::null());
    }

    /// Asserts that the rules do what a unit test of `promtool`, which names them `rules.yaml`, says.
    ///
    /// # Panics
    ///
    /// If they do not, with what it says.
    pub fn test_rules(&self, rules: &str, test: &str) {
        self.write("rules.yaml", rules);
        self.write("test.yaml", test);
        self.run(&["test", "rules", "test.yaml"], Stdio::null());
    }

    /// Asserts that it finds nothing wrong with a scrape.
    ///
    /// # Panics
    ///
    /// If it finds something, with what it says.
    pub fn check_metrics(&self, scrape: &str) {
        self.write("scrape.txt", scrape);
        let said = self.run(&["check", "metrics"], self.open("scrape.txt").into());
        assert_eq!(said, "", "{scrape}");
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).expect("a file");
    }

    fn open(&self, name: &str) -> File {
        File::open(self.dir.path().join(name)).expect("the file")
    }

    /// What it says, if it is content.
    fn run(&self, arguments: &[&str], input: Stdio) -> String {
        let output = Command::new(&self.binary)
            .args(arguments)
            .current_dir(self.dir.path())
            .stdin(input)
            .output()
            .expect("promtool ran before");
        let said =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(output.status.success(), "promtool {}:\n{said}", arguments.join(" "));
        said
    }
}
