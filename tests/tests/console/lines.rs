//! What the console shows in lines of the quickstart on a tree with a good file and a bad one.

use cryostorm_tests::program::{Ran, run};

/// The example on two files, one of which is not text.
pub fn quickstart(variables: &[(&str, &str)]) -> Ran {
    let tree = tempfile::tempdir().expect("a directory");
    std::fs::write(tree.path().join("good.rs"), "fn main() {}\n").expect("a file");
    std::fs::write(tree.path().join("bad.rs"), b"\xff\xfe").expect("a file");
    let directory = tree.path().display().to_string();
    let variables: Vec<_> = [("CONSOLE__FORMAT", "lines")].iter().chain(variables).copied().collect();
    run(env!("CARGO_BIN_EXE_quickstart"), &[&directory], &variables)
}

/// The lines of one kind, each without its timestamp.
fn lines<'a>(ran: &'a Ran, kind: &str) -> Vec<&'a str> {
    let of_kind = |line: &'a str| {
        let (time, rest) = line.split_once(' ')?;
        // 2026-11-21T19:28:00.123Z
        (time.len() == 24 && time.ends_with('Z')).then_some(rest.strip_prefix(kind)?.trim_start())
    };
    ran.stdout.lines().filter_map(of_kind).collect()
}

/// The value of `key` on a line.
fn value<'a>(line: &'a str, key: &str) -> &'a str {
    let (_, rest) = line.split_once(&format!("{key}=")).unwrap_or_else(|| panic!("no {key} in {line}"));
    rest.split([' ', '}']).next().unwrap_or_default()
}

#[test]
fn spans_show_their_outcome_parent_duration_and_attributes() {
    let ran = quickstart(&[]);
    assert!(ran.success && ran.stderr.is_empty(), "{ran:?}");
    let spans = lines(&ran, "SPAN");
    assert_eq!(spans.len(), 7, "take, walk, list, two of count and two of lines: {spans:#?}");
    let of = |name: &str| spans.iter().filter(|line| line.contains(name)).copied().collect::<Vec<_>>();
    let take = of(" quickstart::census::take ")[0];
    assert!(take.starts_with("ok ") && !take.contains("parent="), "{take}");
    assert!(take.split(' ').any(|word| word.ends_with("ms") || word.ends_with("µs")), "{take}");
    let id = value(take, "span");
    for count in of(" quickstart::census::count ") {
        assert_eq!((value(count, "parent"), value(count, "trace")), (id, value(take, "trace")));
        let is_bad = count.contains("bad.rs");
        assert_eq!(count.starts_with("ERROR "), is_bad, "{count}");
        assert_eq!(count.contains(r#"exception.message="not UTF-8: "#), is_bad, "{count}");
        assert_eq!(count.contains("error.type=quickstart::census::Unread"), is_bad, "{count}");
    }
}

#[test]
fn metric_points_show_their_value_unit_and_attributes() {
    let ran = quickstart(&[]);
    let points = lines(&ran, "METRIC");
    let has =
        |start: &str, end: &str| points.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(has("census.lines 1 {line}", ""), "{points:#?}");
    assert!(has("function.calls 1 {call}", "{code.function.name=quickstart::census::list}"), "{points:#?}");
    assert!(has("function.calls 1 {call}", "{code.function.name=quickstart::census::count}"), "{points:#?}");
    let failed = "{code.function.name=quickstart::census::count error.type=quickstart::census::Unread}";
    assert!(has("function.calls 1 {call}", failed), "{points:#?}");
    assert!(has("function.duration count=1 sum=0.", failed), "{points:#?}");
}

#[test]
fn logs_show_their_level_message_span_and_attributes() {
    let ran = quickstart(&[]);
    let (logs, spans) = (lines(&ran, "LOG"), lines(&ran, "SPAN"));
    assert_eq!(logs.len(), 2, "{logs:#?}");
    let failed =
        spans.iter().find(|line| line.contains("::count ") && line.contains("bad.rs")).expect("a span");
    assert!(logs[0].starts_with(r#"ERROR "not counted: not UTF-8: "#), "{logs:#?}");
    assert_eq!(
        (value(logs[0], "span"), value(logs[0], "trace")),
        (value(failed, "span"), value(failed, "trace"))
    );
    assert!(logs[0].contains("{file.path=/"), "{logs:#?}");
    assert!(
        logs[1].starts_with(r#"INFO  "census taken""#) && logs[1].ends_with("{lines=1 unread=1}"),
        "{logs:#?}"
    );
}

#[test]
fn the_summary_says_what_telemetry_there_was() {
    let ran = quickstart(&[]);
    for line in ["Rust                1         1        13", "spans                 7         7         0"] {
        assert!(ran.stdout.lines().any(|other| other == line), "{line}\n{}", ran.stdout);
    }
    assert!(ran.stdout.ends_with("All of it was delivered.\n"), "{ran:?}");
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let ran = run(env!("CARGO_BIN_EXE_quickstart"), &["no/such"], &[]);
    assert!(!ran.success && ran.stdout.is_empty(), "{ran:?}");
    assert!(ran.stderr.starts_with("quickstart: no/such: "), "{ran:?}");
}

#[test]
fn in_development_logs_are_on_the_console_wherever_else_they_go() {
    for (environment, shown) in [("development", 2), ("production", 0)] {
        let elsewhere = [
            ("TRACING__EXPORTER_TYPE", "in_memory"),
            ("METRICS__EXPORTER_TYPE", "in_memory"),
            ("LOGGING__EXPORTER_TYPE", "in_memory"),
            ("SERVICE__ENVIRONMENT", environment),
        ];
        let ran = quickstart(&elsewhere);
        assert_eq!(lines(&ran, "LOG").len(), shown, "{environment}: {ran:?}");
        assert!(lines(&ran, "SPAN").is_empty());
        assert!(ran.stdout.contains("log records           2         2         0"), "counted once: {ran:?}");
    }
}
