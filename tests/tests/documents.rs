//! The README, and the guides that it leads to, are read where rustdoc is not at work.

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn text(file: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Where the links of a page of Markdown lead.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

#[test]
fn links_lead_to_pages_and_files() {
    for (file, text, folder) in pages() {
        for link in links(&without_code(&text)) {
            let is_there = || Path::new(ROOT).join(folder).join(link).is_file();
            let is_page = link.starts_with("https://") || link.starts_with('#');
            assert!(is_page || is_there(), "{file}: {link}");
        }
    }
}

#[test]
fn examples_are_shown_whole() {
    for (file, text, _) in pages() {
        for block in text.split("\n```").filter_map(|block| block.strip_prefix("rust\n")) {
            let hidden = block.lines().find(|line| *line == "#" || line.starts_with("# "));
            assert_eq!(hidden, None, "{file}");
        }
    }
}

/// The README and its guides: what they are called, what they say, and the folder they are in.
fn pages() -> Vec<(String, String, &'static str)> {
    let readme = text("README.md");
    let mut guides: Vec<_> = links(&readme).filter(|link| link.starts_with("cryostorm/docs/")).collect();
    guides.sort();
    guides.dedup();
    assert!(guides.len() > 5, "{guides:?}");
    let guides = guides.into_iter().map(|guide| (guide.to_owned(), text(guide), "cryostorm/docs"));
    guides.chain([("README.md".to_owned(), readme.clone(), "")]).collect()
}

/// What stands outside of blocks and of words of code.
fn without_code(text: &str) -> String {
    let outside = text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n");
    outside.split('`').step_by(2).collect::<Vec<_>>().join("code")
}
