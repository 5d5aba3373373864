//! The guide to the console shows what the console prints.

use cryostorm_tests::program::{Ran, run};

use crate::screen::{lines, said};

const GUIDE: &str = include_str!("../../../cryostorm/docs/console.md");

fn orders(variables: &[(&str, &str)]) -> Ran {
    let ran = run(env!("CARGO_BIN_EXE_orders"), &[], variables);
    assert!(ran.success && ran.stderr.is_empty(), "{ran:?}");
    ran
}

/// The block of the guide that begins in this way.
fn block(start: &str) -> &'static str {
    let block =
        GUIDE.split("\n```").find_map(|block| block.strip_prefix("text\n").filter(|b| b.starts_with(start)));
    block.unwrap_or_else(|| panic!("no block begins with {start:?}"))
}

/// What comes in the order in which it is written: starts and trees. And of metrics, which come in any, what they are of.
fn apart(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let is_metric = |line: &&str| line.ends_with(" metrics") || line.starts_with("  ");
    let (metrics, others): (Vec<_>, Vec<_>) = text.lines().partition(is_metric);
    let (starts, trees) = said(&others.join("\n"));
    let pairs = metrics.iter().flat_map(|line| line.split_whitespace()).filter(|word| word.contains('='));
    let mut pairs: Vec<_> = pairs.map(str::to_owned).collect();
    pairs.sort();
    (starts, trees, pairs)
}

#[test]
fn the_guide_shows_trees_as_they_are() {
    let ran = orders(&[]);
    let guide = block("10:");
    assert_eq!(apart(&ran.stdout), apart(guide), "{}", ran.stdout);
    // A trace has one id here and one there.
    let traces = |text: &str| {
        let mut known = Vec::new();
        let numbers = lines(text).into_iter().map(|line| {
            known.iter().position(|id| *id == line.trace).unwrap_or_else(|| {
                known.push(line.trace.to_owned());
                known.len() - 1
            })
        });
        numbers.collect::<Vec<_>>()
    };
    let trees = |text: &str| {
        let is_tree =
            |line: &&str| !line.contains(" start ") && !line.ends_with(" metrics") && !line.starts_with("  ");
        text.lines().filter(is_tree).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(traces(&trees(&ran.stdout)), traces(&trees(guide)));
}

#[test]
fn the_guide_shows_json_as_it_is() {
    let ran = orders(&[("CONSOLE__FORMAT", "json")]);
    for line in block("{").lines() {
        let shown: serde_json::Value = serde_json::from_str(line).expect("JSON in the guide");
        let keys = |object: &serde_json::Value| {
            object.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let printed = ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        let is_same = |printed: &serde_json::Value| {
            ["type", "name", "body", "attributes"].iter().all(|key| printed[key] == shown[key])
        };
        let printed = printed.into_iter().find(is_same).unwrap_or_else(|| panic!("{line}\n{}", ran.stdout));
        assert_eq!(keys(&printed), keys(&shown), "{line}");
    }
}

#[test]
fn colors_are_for_terminals_unless_the_environment_says_otherwise() {
    for (variables, has_color) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1"), ("CONSOLE__FORMAT", "json")], false),
        (&[("CLICOLOR_FORCE", "1"), ("CONSOLE__FORMAT", "lines")], false),
    ] {
        assert_eq!(orders(variables).stdout.contains('\x1b'), has_color, "{variables:?}");
    }
}
