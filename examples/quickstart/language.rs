//! Which language a file is in, by its name.

use std::path::Path;

/// The language, or none for files that are not counted.
pub fn of(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "rs" => "Rust",
        "toml" => "TOML",
        "md" => "Markdown",
        "yaml" | "yml" => "YAML",
        "json" => "JSON",
        "py" => "Python",
        "go" => "Go",
        "js" | "ts" => "JavaScript",
        "c" | "h" | "cc" | "cpp" => "C",
        "java" => "Java",
        "sh" => "Shell",
        "txt" | "stderr" => "Text",
        _ => return None,
    })
}
