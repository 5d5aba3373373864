//! Whatever is recorded, it is shown once and breaks nothing.

use std::thread;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::TraceContextExt as _;
use cryostorm::settings::ConsoleFormat::{Json, Tree};
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
    let plan = (proptest::option::weighted(0.8, 0..100_usize), any::<bool>(), any::<bool>(), ".{0,40}");
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
}
