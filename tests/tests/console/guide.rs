//! The guide to the console shows what the console prints.

use cryostorm_tests::program::{Ran, run, run_on_terminal};

use crate::screen::{lines, said};

const GUIDE: &str = include_str!("../../../cryostorm/docs/console.md");
const README: &str = include_str!("../../../README.md");

fn orders(variables: &[(&str, &str)]) -> Ran {
    ended(run(env!("CARGO_BIN_EXE_orders"), &[], variables))
}

fn orders_on_terminal(variables: &[(&str, &str)]) -> Ran {
    ended(run_on_terminal(env!("CARGO_BIN_EXE_orders"), &[], variables))
}

fn ended(ran: Ran) -> Ran {
    assert!(ran.success && ran.stderr.is_empty(), "{ran:?}");
    ran
}

/// The block of the guide that begins in this way.
fn block(start: &str) -> &'static str {
    blocks(GUIDE)
        .find(|block| block.starts_with(start))
        .unwrap_or_else(|| panic!("no block begins with {start:?}"))
}

fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("\n```").filter_map(|block| block.strip_prefix("text\n"))
}

/// What comes in the order in which it is written: starts and trees. And of metrics, which come in any, what they are of.
fn apart(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (metrics, others): (Vec<_>, Vec<_>) = text.lines().partition(|line| is_metric(line));
    let (starts, trees) = said(&others.join("\n"));
    let pairs = metrics.iter().flat_map(|line| line.split_whitespace()).filter(|word| word.contains('='));
    let mut pairs: Vec<_> = pairs.map(str::to_owned).collect();
    pairs.sort();
    (starts, trees, pairs)
}

fn is_metric(line: &str) -> bool {
    line.ends_with(" metrics") || line.starts_with("  ")
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
        let is_tree = |line: &&str| !line.contains(" start ") && !is_metric(line);
        text.lines().filter(is_tree).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(traces(&trees(&ran.stdout)), traces(&trees(guide)));
}

#[test]
fn the_guide_shows_lines_as_they_are() {
    let ran = orders(&[("CONSOLE__FORMAT", "lines")]);
    let shape = |line: &str| {
        let words = line.split(' ').map(|word| match word.split_once('=') {
            Some((key @ ("trace" | "span" | "parent"), _)) => key,
            _ => word,
        });
        without_numbers(&words.collect::<Vec<_>>().join(" "))
    };
    let printed: Vec<_> = ran.stdout.lines().map(shape).collect();
    for line in block("20").lines() {
        assert!(printed.contains(&shape(line)), "{line}\n{}", ran.stdout);
    }
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

/// The pieces of a text that came to a terminal, each with its style.
fn pieces(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let styled = move |(index, piece): (usize, _)| match index {
        0 => ("", piece),
        _ => str::split_once(piece, 'm').unwrap_or_else(|| panic!("no style in {text:?}")),
    };
    text.split('\x1b').enumerate().map(styled)
}

fn without_colors(text: &str) -> String {
    pieces(text).map(|(_, piece)| piece).collect()
}

/// The words of a text, in which a zero stands for every number.
fn without_numbers(text: &str) -> String {
    let parts = |word: &str| {
        let parts: Vec<_> =
            word.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        parts.join("0")
    };
    text.split_whitespace().map(parts).collect::<Vec<_>>().join(" ")
}

/// How each line is coloured, whatever the numbers on it are: starts, trees and metrics, as [`apart`]. A trace has the same
/// colour on all lines, and is called by when it came.
fn colored(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let of_traces = ["[34", "[35", "[36", "[94", "[95", "[96"];
    let mut traces = Vec::new();
    let (mut starts, mut trees, mut metrics) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines() {
        let mut shape = String::new();
        for (style, piece) in pieces(line) {
            if of_traces.contains(&style) && piece.len() == 6 {
                let known = traces.iter().position(|trace| *trace == (style, piece));
                let number = known.unwrap_or(traces.len());
                traces.resize(traces.len().max(number + 1), (style, piece));
                shape += &format!("<trace {number}>");
            } else {
                shape += &format!("<{style}>{}", without_numbers(piece));
            }
        }
        match without_colors(line) {
            line if is_metric(&line) => metrics.extend(shape.split("<[2>").nth(1).map(str::to_owned)),
            line if line.contains(" start ") => starts.push(shape),
            _ => trees.push(shape),
        }
    }
    assert_eq!(traces.len(), 2, "{traces:?}");
    metrics.sort();
    (starts, trees, metrics)
}

#[test]
fn the_guide_shows_a_terminal_as_it_is() {
    let guide = block("␛[2m").replace('␛', "\x1b");
    // A terminal in a test, and what is told to take a pipe for one.
    for ran in [orders_on_terminal(&[]), orders(&[("CLICOLOR_FORCE", "1")])] {
        assert_eq!(apart(&without_colors(&ran.stdout)), apart(&without_colors(&guide)), "{}", ran.stdout);
        assert_eq!(colored(&ran.stdout), colored(&guide), "{}", ran.stdout);
    }
}

#[test]
fn a_terminal_without_colors_is_a_pipe() {
    let ran = orders_on_terminal(&[("NO_COLOR", "1")]);
    assert_eq!(apart(&ran.stdout), apart(block("10:")), "{}", ran.stdout);
}

#[test]
fn the_readme_shows_the_tree_of_the_quickstart() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/sample");
    let ran = ended(run(env!("CARGO_BIN_EXE_quickstart"), &[sample], &[]));
    let lines = ran.stdout.lines().count();
    assert!(lines < 50, "a page, not {lines} lines");
    let telemetry = ran.stdout.split("\n\n").next().unwrap_or_default();
    let (starts, mut tree, metrics) = apart(telemetry);
    let spans = |line: &&String| line.contains("quickstart::");
    assert_eq!(starts.len(), tree.iter().filter(spans).count());
    assert!(metrics.contains(&"code.function.name=quickstart::census::count".to_owned()), "{metrics:?}");

    let (_, mut shown, _) = apart(blocks(README).next().expect("a block"));
    for lines in [&mut tree, &mut shown] {
        // Repositories are in different places, and files are read at the same time.
        lines.iter_mut().for_each(|line| line.truncate(line.find("=/").unwrap_or(line.len())));
        lines.sort();
    }
    assert_eq!(tree, shown);
}

#[test]
fn colors_are_for_trees_on_terminals_unless_the_environment_says_otherwise() {
    for (variables, has_color) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")], false),
        (&[("CONSOLE__FORMAT", "json")], false),
        (&[("CONSOLE__FORMAT", "lines")], false),
    ] {
        assert_eq!(orders_on_terminal(variables).stdout.contains('\x1b'), has_color, "{variables:?}");
    }
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
