//! What is said of functions that lost the span that spawned them. Tokio tells of tasks only where the whole program is built
//! with `--cfg tokio_unstable`, so that there are two builds to look at.

#![cfg(target_os = "linux")]

use cryostorm_tests::program::{Ran, run};

fn said(threads: &str) -> (Ran, Vec<String>) {
    let ran = run(env!("CARGO_BIN_EXE_lost_context"), &[threads], &[]);
    assert!(ran.success, "{ran:?}");
    let lines = ran.stderr.lines().map(str::to_owned).collect();
    (ran, lines)
}

#[cfg(not(tokio_unstable))]
#[test]
fn without_the_hook_that_is_said_once_and_no_more() {
    let (_, lines) = said("2");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("warn_of_lost_context") && lines[0].contains("--cfg tokio_unstable"),
        "{lines:?}"
    );
}

#[cfg(tokio_unstable)]
#[test]
fn each_function_that_lost_its_spawner_is_told_of_once_and_no_other() {
    for threads in ["0", "4"] {
        let (ran, lines) = said(threads);
        let functions = ["lost", "lost_by_hand", "lost_in_a_block", "lost_at_a_place", "outer"];
        assert_eq!(lines.len(), functions.len(), "{lines:#?}");
        for function in functions {
            let start = format!("cryostorm: `lost_context::{function}` (tests/programs/lost_context.rs:");
            let line = lines.iter().find(|line| line.starts_with(&start)).expect(function);
            let spawner = if function == "lost_by_hand" { "by hand" } else { "lost_context::place" };
            assert!(line.contains(&format!(" inside `{spawner}` (span ")), "{line}");
            assert!(line.contains("cryostorm::task::spawn") && line.contains("#[traced(root)]"), "{line}");
            if function == "lost_at_a_place" {
                assert!(line.contains(&format!(" spawned at {}:", ran.said("spawned at"))), "{line}");
            }
        }
    }
}
