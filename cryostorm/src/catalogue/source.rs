//! Where things are declared.

use std::fmt;

/// Where a span or a metric is declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Source {
    /// The path of the annotated function, or of the metric.
    pub function: String,
    /// The file, as the compiler names it.
    pub file: String,
    /// The line.
    pub line: u32,
}

impl Source {
    /// A place in the code.
    pub fn new(function: impl Into<String>, file: impl Into<String>, line: u32) -> Self {
        Self { function: function.into(), file: file.into(), line }
    }

    /// File and line, the same on every machine: of a dependency, whose file has an absolute path, what is left from
    /// the directory of its package on.
    ///
    /// ```
    /// use cryostorm::catalogue::Source;
    ///
    /// assert_eq!(Source::new("shop::charge", "src/shop.rs", 7).location(), "src/shop.rs:7");
    /// let dependency = Source::new("pool::get", "/home/ada/registry/pool-1.2.0/src/lib.rs", 9);
    /// assert_eq!(dependency.location(), "pool-1.2.0/src/lib.rs:9");
    /// ```
    pub fn location(&self) -> String {
        let file = self.file.replace('\\', "/");
        let is_absolute = file.starts_with('/') || file.get(1..3) == Some(":/");
        let shown = if is_absolute { package_relative(&file) } else { &file };
        format!("{shown}:{}", self.line)
    }
}

/// An absolute path from the directory above the last `src` on, or else its last part.
fn package_relative(file: &str) -> &str {
    let Some((package, _)) = file.rsplit_once("/src/") else {
        return file.rsplit('/').next().unwrap_or(file);
    };
    let start = package.rfind('/').map_or(0, |slash| slash + 1);
    file.get(start..).unwrap_or(file)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.function, self.location())
    }
}
