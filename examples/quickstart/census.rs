//! Walks a tree, reads every file, counts its lines and bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use cryostorm::{FutureExt, Level, Telemetry, counted, timed, traced};
use tokio::fs;
use tokio::task::JoinSet;

use crate::language;

#[cryostorm::metrics(prefix = "census")]
mod metrics {
    /// Lines of text that were counted.
    #[metric(unit = "{line}")]
    pub fn lines() -> Counter<u64>;
}

/// How many files are read at once.
const READERS: usize = 8;

/// What was counted, by language.
#[derive(Default)]
pub struct Census {
    languages: BTreeMap<&'static str, Count>,
    unread: usize,
}

#[derive(Clone, Copy, Default)]
struct Count {
    files: usize,
    lines: usize,
    bytes: usize,
}

/// Why a directory or a file was not counted.
#[derive(Debug)]
enum Unread {
    /// It could not be read.
    Io(io::Error),
    /// It is not text in UTF-8.
    NotText(std::str::Utf8Error),
}

/// Counts everything under `root`.
#[traced(attributes(census.root = %root.display()))]
#[timed]
pub async fn take(root: PathBuf) -> Census {
    let (files, unread) = walk(root).await;
    let mut files = files.into_iter();
    let mut readers = JoinSet::new();
    let mut census = Census { unread, ..Census::default() };
    loop {
        while readers.len() < READERS
            && let Some(path) = files.next()
        {
            // A task starts without a parent unless it is given one.
            readers.spawn(async move { (language::of(&path), count(&path).await) }.with_current_context());
        }
        match readers.join_next().await {
            Some(Ok((language, Ok(count)))) => census.add(language, count),
            Some(_) => census.unread += 1,
            None => break,
        }
    }
    let telemetry = Telemetry::global();
    let total = census.languages.values().map(|count| count.lines).sum::<usize>();
    metrics::lines().add(total as u64);
    telemetry.log(Level::Info, "census taken", &[("lines", &total), ("unread", &census.unread)]);
    census
}

/// All files under `root`, in order, and how many directories could not be read.
#[traced]
async fn walk(root: PathBuf) -> (Vec<PathBuf>, usize) {
    let (mut files, mut unread) = (Vec::new(), 0);
    let mut directories = vec![root];
    while let Some(directory) = directories.pop() {
        match list(&directory).await {
            Ok((more, below)) => {
                files.extend(more);
                directories.extend(below);
            }
            Err(_) => unread += 1,
        }
    }
    files.sort();
    cryostorm::current_span().set_attribute("census.files", files.len());
    (files, unread)
}

/// The files in one directory, and the directories in it that are neither hidden nor made by a build.
#[traced(attributes(file.directory = %directory.display()))]
#[counted]
async fn list(directory: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Unread> {
    let read = async {
        let (mut files, mut directories) = (Vec::new(), Vec::new());
        let mut entries = fs::read_dir(directory).await?;
        while let Some(entry) = entries.next_entry().await? {
            let (kind, name) = (entry.file_type().await?, entry.file_name());
            if kind.is_file() {
                files.push(entry.path());
            } else if kind.is_dir() && !name.to_string_lossy().starts_with('.') && name != "target" {
                directories.push(entry.path());
            }
        }
        Ok((files, directories))
    };
    read.await.map_err(Unread::Io).inspect_err(|error| not_counted(directory, error))
}

/// Reads and counts one file.
#[traced(attributes(file.path = %path.display()))]
#[counted(objective(success = 0.99))]
#[timed(objective(latency = 0.1, target = 0.95))]
async fn count(path: &Path) -> Result<Count, Unread> {
    let bytes = fs::read(path).await.map_err(Unread::Io);
    bytes.and_then(|bytes| lines(&bytes)).inspect_err(|error| not_counted(path, error))
}

/// Counts the lines of one file's text.
#[traced(attributes(file.size = text.len()))]
#[counted]
fn lines(text: &[u8]) -> Result<Count, Unread> {
    let text = std::str::from_utf8(text).map_err(Unread::NotText)?;
    Ok(Count { files: 1, lines: text.lines().count(), bytes: text.len() })
}

/// Logs under the span that is current, which is the one that failed.
fn not_counted(path: &Path, error: &Unread) {
    let path = path.display().to_string();
    Telemetry::global().log(Level::Error, format!("not counted: {error}"), &[("file.path", &path)]);
}

impl Census {
    fn add(&mut self, language: &'static str, count: Count) {
        let sum = self.languages.entry(language).or_default();
        sum.files += count.files;
        sum.lines += count.lines;
        sum.bytes += count.bytes;
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "language        files     lines     bytes")?;
        for (language, Count { files, lines, bytes }) in &self.languages {
            writeln!(f, "{language:<11}{files:>10}{lines:>10}{bytes:>10}")?;
        }
        write!(f, "not counted{:>10}", self.unread)
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::NotText(error) => write!(f, "not UTF-8: {error}"),
        }
    }
}

// Without a source: what it says has the cause in it.
impl std::error::Error for Unread {}
