//! Walks a tree, reads every file, counts its lines and bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use cryostorm::{FutureExt, Level, Telemetry, counted, timed, traced};
use tokio::fs;
use tokio::task::JoinSet;

use crate::language;

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

/// Why a file was not counted.
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
pub async fn take(root: PathBuf) -> io::Result<Census> {
    let mut files = walk(&root)?.into_iter();
    let mut readers = JoinSet::new();
    let mut census = Census::default();
    loop {
        while readers.len() < READERS
            && let Some((path, language)) = files.next()
        {
            // A task starts without a parent unless it is given one.
            readers.spawn(async move { (language, count(&path).await) }.with_current_context());
        }
        match readers.join_next().await {
            None => return Ok(census),
            Some(Ok((language, Ok(count)))) => census.add(language, count),
            Some(_) => census.unread += 1,
        }
    }
}

/// The files under `root` that are in a known language, in order.
#[traced]
#[counted]
fn walk(root: &Path) -> io::Result<Vec<(PathBuf, &'static str)>> {
    let mut found = Vec::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let path = entry.path();
            let hidden_or_built =
                entry.file_name().to_string_lossy().starts_with('.') || path.ends_with("target");
            match (entry.file_type()?, language::of(&path)) {
                (kind, _) if kind.is_dir() && !hidden_or_built => directories.push(path),
                (kind, Some(language)) if kind.is_file() => found.push((path, language)),
                _ => {}
            }
        }
    }
    found.sort();
    cryostorm::current_span().set_attribute("census.files", found.len());
    Ok(found)
}

/// Reads and counts one file.
#[traced(attributes(file.path = %path.display()))]
#[counted]
#[timed]
async fn count(path: &Path) -> Result<Count, Unread> {
    let bytes = fs::read(path).await.map_err(Unread::Io);
    bytes.and_then(|bytes| lines(&bytes)).inspect_err(|error| {
        let attributes = [("file.path", path.display().to_string().into())];
        Telemetry::global().log(Level::Error, format!("not counted: {error}"), attributes);
    })
}

/// Counts the lines of one file's text.
#[traced(attributes(file.size = text.len()))]
#[counted]
fn lines(text: &[u8]) -> Result<Count, Unread> {
    let text = std::str::from_utf8(text).map_err(Unread::NotText)?;
    Ok(Count { files: 1, lines: text.lines().count(), bytes: text.len() })
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
        writeln!(f, "language       files     lines      bytes")?;
        for (language, Count { files, lines, bytes }) in &self.languages {
            writeln!(f, "{language:<12} {files:>7} {lines:>9} {bytes:>10}")?;
        }
        write!(f, "not counted  {:>7}", self.unread)
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

impl std::error::Error for Unread {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::NotText(error) => Some(error),
        }
    }
}
