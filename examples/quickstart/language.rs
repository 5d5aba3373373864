//! Which language a file is in, by its name.

use std::path::Path;

/// The language; "Other" for files of no known one.
pub fn of(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("rs") => "Rust",
        Some("toml" | "lock") => "TOML",
        Some("md") => "Markdown",
        Some("yaml" | "yml") => "YAML",
        Some("json") => "JSON",
        Some("py") => "Python",
        Some("go") => "Go",
        Some("js" | "ts") => "JavaScript",
        Some("c" | "h" | "cc" | "cpp") => "C",
        Some("java") => "Java",
        Some("sh") => "Shell",
        Some("txt" | "stderr") => "Text",
        _ => "Other",
    }
}
