//! Spans made by hand, in trees of every kind.

use cryostorm::opentelemetry::trace::Status;
use cryostorm::opentelemetry::{Array, KeyValue, Value};
use cryostorm::settings::SamplingStrategy;
use cryostorm::{Telemetry, TelemetryBuilder};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::paths::same_on_both;
use proptest::prelude::*;

use super::programs::{End, Node, Parent, Program, Step, Target, tree};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn generated_trees_are_told_alike(nodes in tree(), has_parents in any::<bool>()) {
        let change = |builder: TelemetryBuilder| if has_parents { builder } else { always_on() };
        same_on_both(change, |telemetry| Program::new(telemetry, &nodes).run());
    }
}

/// Spans are recorded under a parent that is not sampled, too.
fn always_on() -> TelemetryBuilder {
    let mut settings = quiet();
    settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOn;
    Telemetry::builder(settings)
}

fn unchanged(builder: TelemetryBuilder) -> TelemetryBuilder {
    builder
}

/// A span on its own, with these steps.
fn told_of(steps: Vec<Step>, end: End) -> cryostorm_tests::told::Told {
    let nodes = [Node { steps, end, ..Node::default() }];
    let mut all = same_on_both(unchanged, |telemetry| Program::new(telemetry, &nodes).run());
    assert_eq!(all.len(), 1);
    all.pop_first().unwrap().1
}

#[test]
fn a_status_that_says_more_stays() {
    let (ok, error, other) = (Status::Ok, Status::error("a"), Status::error("b"));
    for (set, kept) in [
        (vec![&ok, &error], &ok),
        (vec![&error, &ok], &ok),
        (vec![&error, &Status::Unset], &error),
        (vec![&error, &other], &other),
        (vec![&other, &error], &other),
        (vec![&Status::Unset], &Status::Unset),
    ] {
        let steps = set.into_iter().cloned().map(Step::Status).collect();
        assert_eq!(told_of(steps, End::Scope).status, *kept);
    }
}

#[test]
fn what_is_beyond_the_limits_is_dropped_and_counted() {
    let ways = [End::Guard, End::Scope, End::Future, End::Elsewhere, End::Early, End::Tracer];
    for end in ways {
        let node = Node {
            attributes: (0..130_i64).map(Value::I64).collect(),
            links: vec![Target::Remote; 130],
            steps: vec![Step::Flood, Step::Attribute(Value::Bool(true))],
            end,
            ..Node::default()
        };
        let all = same_on_both(unchanged, |telemetry| {
            Program::new(telemetry, std::slice::from_ref(&node)).run();
        });
        let span = &all["0"];
        assert_eq!((span.attributes.len(), span.events.len(), span.links.len()), (128, 128, 128));
        assert_eq!((span.dropped_attributes, span.dropped_links), (2 + 130 + 1, 2 + 130));
        // A future adds one more when it is woken.
        assert!((2..=3).contains(&span.dropped_events), "{}", span.dropped_events);
        assert_eq!((span.events[0].attributes.len(), span.events[0].dropped), (128, 2));
        assert_eq!((span.links[0].attributes.len(), span.links[0].dropped), (0, 0));
    }
}

#[test]
fn what_is_written_when_the_span_has_ended_is_not_there() {
    let steps = vec![Step::Rename, Step::Attribute("before".into())];
    let span = told_of(steps, End::Early);
    assert_eq!(span.attributes, [KeyValue::new("step.1", "before")]);
    assert_eq!(span.events, []);
}

#[test]
fn attributes_of_all_types_arrive_as_they_are() {
    let values = [
        Value::Bool(true),
        Value::I64(i64::MIN),
        Value::F64(-0.5),
        Value::String("blå".into()),
        Value::Array(Array::Bool(vec![true, false])),
        Value::Array(Array::I64(vec![])),
        Value::Array(Array::F64(vec![0.1])),
        Value::Array(Array::String(vec!["a".into(), "".into()])),
    ];
    let node = Node { attributes: values.to_vec(), ..Node::default() };
    let nodes = [node];
    let all = same_on_both(unchanged, |telemetry| Program::new(telemetry, &nodes).run());
    let arrived: Vec<_> = all["0"].attributes.iter().map(|pair| pair.value.clone()).collect();
    assert_eq!(arrived, values);
}

#[test]
fn a_remote_parent_decides_and_its_state_goes_on() {
    let child = |parent| Node { parent, ..Node::default() };
    let nodes = [child(Parent::Remote), child(Parent::RemoteWithState), child(Parent::RemoteUnsampled)];
    let all = same_on_both(unchanged, |telemetry| Program::new(telemetry, &nodes).run());
    assert_eq!(all.len(), 2, "not that of the parent that is not sampled");
    assert!(all.values().all(|span| span.parent_is_remote && span.is_sampled && !span.is_remote));
    assert_eq!(all["0"].trace_state, "");
    assert_eq!(all["1"].trace_state, "vendor=1,other=2");
}
