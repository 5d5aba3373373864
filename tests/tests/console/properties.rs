//! Whatever is recorded, it is shown once and breaks nothing.

use std::thread;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::TraceContextExt as _;
use cryostorm::settings::ConsoleFormat::{Json, Lines, Tree};
use cryostorm::{Level, Telemetry};
use proptest::prelude::*;

use crate::screen::{said, shown};

/// A span: the number of the one it starts under, if there are so many, whether that is in another thread, and what is on
/// it.
#[derive(Clone, Debug)]
struct Plan {
    parent: Option<usize>,
    aside: bool,
    ends_late: bool,
    text: String,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let text = prop_oneof![".{0,40}", r#"[ ={}"\\\\a\n]{0,12}"#];
    let plan = (proptest::option::weighted(0.8, 0..100_usize), any::<bool>(), any::<bool>(), text);
    let plan = plan.prop_map(|(parent, aside, ends_late, text)| Plan { parent, aside, ends_late, text });
    proptest::collection::vec(plan, 1..40)
}

/// Starts all spans, and ends some at once and others when all have started.
fn carry_out(plans: &[Plan]) {
    let mut contexts: Vec<Context> = Vec::new();
    let mut running = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        let parent = plan.parent.filter(|_| number > 0).map(|parent| contexts[parent % number].clone());
        let start = || {
            let telemetry = Telemetry::global();
            let span = telemetry
                .span(format!("<{number}>"))
                .attribute(plan.text.clone(), plan.text.clone())
                .context(parent.unwrap_or_default())
                .start();
            span.add_event(plan.text.clone(), &[("text", &plan.text.as_str())]);
            telemetry.log(Level::Info, format!("[{number}]"), &[("text", &plan.text.as_str())]);
            let context = span.context().clone();
            (!plan.ends_late).then(|| context.span().end());
            context
        };
        let context = match plan.aside {
            true => thread::scope(|scope| scope.spawn(start).join().expect("no panic")),
            false => start(),
        };
        running.extend(plan.ends_late.then(|| context.clone()));
        contexts.push(context);
    }
    running.iter().for_each(|context| context.span().end());
}

/// What stands on a line, by the grammar of the guide.
#[derive(Debug, PartialEq)]
enum Part {
    Word(String),
    Pair(String, String),
    Open,
    Close,
}

fn parts(line: &str) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), line);
    loop {
        rest = rest.trim_start_matches(' ');
        let (part, after) = match rest.chars().next() {
            None => return parts,
            Some('{') => (Part::Open, &rest[1..]),
            Some('}') => (Part::Close, &rest[1..]),
            Some(_) => {
                let (word, after) = word(rest);
                match after.strip_prefix('=').map(self::word) {
                    Some((value, after)) => (Part::Pair(word, value), after),
                    None => (Part::Word(word), after),
                }
            }
        };
        parts.push(part);
        rest = after;
    }
}

/// The word that a text begins with, and what follows.
fn word(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        return match text.find([' ', '=', '{', '}', '"']) {
            Some(end) => (text[..end].to_owned(), &text[end..]),
            None => (text.to_owned(), ""),
        };
    };
    let (mut word, mut rest) = (String::new(), quoted.chars());
    loop {
        match (rest.next(), rest.as_str()) {
            (Some('"'), after) => return (word, after),
            (Some('\\'), _) => word.push(match rest.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    let (code, after) = rest.as_str()[1..].split_once('}').expect("the end of a code");
                    rest = after.chars();
                    u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character")
                }
                Some(c @ ('"' | '\\')) => c,
                other => panic!("{other:?} was escaped in {text}"),
            }),
            (Some(c), _) => word.push(c),
            (None, _) => panic!("no end in {text}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn trees_have_every_span_and_log_once(plans in plans()) {
        let text = shown(Tree, |_, _| carry_out(&plans));
        let (starts, trees) = said(&text);
        for number in 0..plans.len() {
            let (name, body) = (format!("<{number}>"), format!("[{number}]"));
            let with = |lines: &[String], words: &[&str], what: &str| {
                let has = |line: &&String| {
                    let rest = words.iter().find_map(|word| line.strip_prefix(word));
                    rest.is_some_and(|rest| rest.trim_start_matches(['│', '├', '└', '─', ' ']).starts_with(what))
                };
                lines.iter().filter(has).count()
            };
            prop_assert_eq!(with(&starts, &["start "], &name), 1, "{}", text);
            prop_assert_eq!(with(&trees, &["ok    "], &name), 1, "{} in {}", name, text);
            prop_assert_eq!(with(&trees, &["INFO  "], &body), 1, "{} in {}", body, text);
        }
    }

    #[test]
    fn json_has_every_span_and_log_once_on_a_line_that_parses(plans in plans()) {
        let text = shown(Json, |_, _| carry_out(&plans));
        let mut lines = Vec::new();
        for line in text.lines() {
            lines.push(serde_json::from_str::<serde_json::Value>(line).map_err(|error| {
                TestCaseError::fail(format!("{error}: {line}"))
            })?);
        }
        for (number, plan) in plans.iter().enumerate() {
            let spans: Vec<_> = lines.iter().filter(|line| line["name"] == format!("<{number}>")).collect();
            prop_assert_eq!(spans.len(), 1);
            prop_assert_eq!(&spans[0]["attributes"][&plan.text], &plan.text.as_str());
            let logs = lines.iter().filter(|line| line["body"] == format!("[{number}]"));
            prop_assert_eq!(logs.count(), 1);
        }
        prop_assert_eq!(lines.len(), 2 * plans.len());
    }
    #[test]
    fn lines_say_what_was_recorded_and_nothing_else(plans in plans()) {
        let text = shown(Lines, |_, _| carry_out(&plans));
        let lines: Vec<_> = text.lines().map(parts).collect();
        prop_assert_eq!(lines.len(), 2 * plans.len(), "{}", text);
        for (number, plan) in plans.iter().enumerate() {
            let pair = |key: &str| Part::Pair(key.to_owned(), plan.text.clone());
            // After the time, and before what is different each time.
            let after = |start: [&str; 3], skipped: usize| {
                let start = start.map(|word| Part::Word(word.to_owned()));
                let found = lines.iter().filter(|line| line[1..].starts_with(&start));
                found.map(|line| &line[4 + skipped..]).collect::<Vec<_>>()
            };
            let (name, body) = (format!("<{number}>"), format!("[{number}]"));
            // The ids of the trace, the span and the parent, where it has one.
            let ids = if plan.parent.is_some() && number > 0 { 3 } else { 2 };
            let span = [
                Part::Open, pair(&plan.text), Part::Close, pair("event"), Part::Open, pair("text"), Part::Close,
            ];
            prop_assert_eq!(after(["SPAN", "ok", &name], 1 + ids), [&span], "{}", text);
            let log = [Part::Open, pair("text"), Part::Close];
            prop_assert_eq!(after(["LOG", "INFO", &body], 2), [&log], "{}", text);
        }
    }
}
