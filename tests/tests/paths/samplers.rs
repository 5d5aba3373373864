//! Samplers of a user's own, and what they are told.

use std::fmt;
use std::sync::{Arc, Mutex};

use cryostorm::opentelemetry::trace::{
    Link, SpanContext, SpanKind, TraceContextExt as _, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};
use cryostorm::{Telemetry, traced};
use cryostorm_tests::paths::{on_both, same_on_both};
use cryostorm_tests::told::told;
use cryostorm_tests::trace::current_id;

#[traced(name = "bare")]
fn bare() -> (bool, bool) {
    let context = Context::current();
    (context.span().is_recording(), context.span().span_context().is_sampled())
}

#[traced(name = "rich", kind = Server, attributes(fixed = 1, id = id), links = [link])]
fn rich(id: &str, link: &SpanContext) {}

#[traced(name = "rooted", root)]
fn rooted() {}

/// A few spans of every kind. Says what `bare` saw of its own.
fn program(telemetry: &Telemetry) -> (bool, bool) {
    let around = current_id();
    let builder = telemetry.span("by hand").kind(SpanKind::Consumer).attribute("a", 1);
    let (link, seen) = builder.in_scope(|span| (span.span_context(), bare()));
    telemetry.span("linked").link(link.clone()).in_scope(|_| {
        rooted();
        rich("seven", &link);
    });
    assert_eq!(current_id(), around);
    seen
}

/// What a sampler is asked.
struct Asked<'a> {
    parent: &'a Context,
    trace: TraceId,
    name: &'a str,
    kind: &'a SpanKind,
    attributes: &'a [KeyValue],
    links: &'a [Link],
}

/// A sampler that is a function.
#[derive(Clone)]
struct Deciding<F>(F);

impl<F> fmt::Debug for Deciding<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deciding")
    }
}

impl<F> ShouldSample for Deciding<F>
where
    F: Fn(&Asked<'_>) -> SamplingResult + Clone + Send + Sync + 'static,
{
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let parent = parent.expect("a context, if only an empty one");
        (self.0)(&Asked { parent, trace, name, kind, attributes, links })
    }
}

fn decided(decision: SamplingDecision) -> SamplingResult {
    SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::default() }
}

#[test]
fn samplers_of_the_sdk_decide_alike() {
    use Sampler::*;
    let ours = |sampler: Sampler| {
        same_on_both(|builder| builder.with_sampler(sampler.clone()), |guard| program(guard))
    };
    let parent_based = |root| ParentBased(Box::new(root));
    for (sampler, spans) in [
        (AlwaysOn, 5),
        (AlwaysOff, 0),
        (parent_based(AlwaysOn), 5),
        (parent_based(AlwaysOff), 0),
        (TraceIdRatioBased(1.0), 5),
        (TraceIdRatioBased(0.0), 0),
    ] {
        assert_eq!(ours(sampler.clone()).len(), spans, "{sampler:?}");
    }
}

#[test]
fn a_share_of_the_traces_is_whole_traces() {
    let change = |builder: cryostorm::TelemetryBuilder| builder.with_sampler(Sampler::TraceIdRatioBased(0.5));
    let program = |guard: &cryostorm::TelemetryGuard| {
        for _ in 0..200 {
            guard.span("root").in_scope(|_| bare());
        }
    };
    for ((), spans) in on_both(change, program) {
        // Seven standard deviations from what is expected.
        assert!((100..300).contains(&spans.len()), "{}", spans.len());
        let roots = spans.iter().filter(|span| span.name == "root").count();
        assert_eq!(roots * 2, spans.len());
    }
}

#[test]
fn what_only_records_is_written_on_and_not_exported() {
    let sampler = Deciding(|_: &Asked<'_>| decided(SamplingDecision::RecordOnly));
    for (seen, spans) in on_both(|builder| builder.with_sampler(sampler.clone()), |guard| program(guard)) {
        assert_eq!((seen, spans), ((true, false), vec![]));
    }
}

#[test]
fn a_sampler_adds_attributes_and_changes_the_trace_state() {
    let sampler = Deciding(|asked: &Asked<'_>| {
        let state = asked.parent.span().span_context().trace_state().clone();
        let depth = state.get("depth").map_or(0, |depth| depth.parse::<u8>().unwrap()) + 1;
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: vec![KeyValue::new("sampler", true), KeyValue::new("depth", i64::from(depth))],
            trace_state: state.insert("depth", depth.to_string()).unwrap(),
        }
    });
    let all = same_on_both(|builder| builder.with_sampler(sampler.clone()), |guard| program(guard));
    for (name, state) in
        [("by hand", "depth=1"), ("bare", "depth=2"), ("rooted", "depth=1"), ("rich", "depth=2")]
    {
        let span = &all[name];
        assert_eq!(span.trace_state, state, "{name}");
        assert!(span.attributes.contains(&KeyValue::new("sampler", true)), "{name}: {span:?}");
    }
}

/// What a sampler was asked, without ids that differ from run to run.
type Written = (String, SpanKind, Vec<KeyValue>, usize, bool, bool, bool);

#[test]
fn a_sampler_is_told_the_same() {
    let [own, sdk] = [0, 1].map(|path| {
        let written: Arc<Mutex<Vec<Vec<Written>>>> = Arc::default();
        let change = |builder: cryostorm::TelemetryBuilder| {
            written.lock().unwrap().push(Vec::new());
            let written = Arc::clone(&written);
            builder.with_sampler(Deciding(move |asked: &Asked<'_>| {
                let parent = asked.parent.span();
                let parent = parent.span_context();
                assert_ne!(asked.trace, TraceId::INVALID);
                written.lock().unwrap().last_mut().unwrap().push((
                    asked.name.to_owned(),
                    asked.kind.clone(),
                    asked.attributes.to_vec(),
                    asked.links.len(),
                    asked.parent.has_active_span(),
                    parent.is_valid(),
                    parent.trace_id() == asked.trace,
                ));
                decided(SamplingDecision::RecordAndSample)
            }))
        };
        on_both(change, |guard| program(guard));
        let mut written = written.lock().unwrap();
        assert_eq!(written.len(), 2);
        written.swap_remove(path)
    });
    assert_eq!(own.len(), 5);
    assert_eq!(own, sdk);
}

#[test]
fn a_sampler_may_use_the_context() {
    let sampler = Deciding(|asked: &Asked<'_>| {
        let _attached = asked.parent.with_value(7_u8).attach();
        assert_eq!(Context::current().get::<u8>(), Some(&7));
        cryostorm::current_span().set_attribute("asked for", asked.name.to_owned());
        decided(SamplingDecision::RecordAndSample)
    });
    let all = same_on_both(|builder| builder.with_sampler(sampler.clone()), |guard| program(guard));
    assert_eq!(all.len(), 5);
    assert!(all["by hand"].attributes.contains(&KeyValue::new("asked for", "bare")));
}

#[test]
fn a_sampler_that_panics_drops_the_span_and_hurts_nobody() {
    let sampler = Deciding(|asked: &Asked<'_>| match asked.name {
        "by hand" => panic!("on purpose"),
        _ => decided(SamplingDecision::RecordAndSample),
    });
    for (_, spans) in on_both(|builder| builder.with_sampler(sampler.clone()), |guard| program(guard)) {
        assert_eq!(told(&spans).keys().collect::<Vec<_>>(), ["bare", "linked", "rich", "rooted"]);
    }
}
