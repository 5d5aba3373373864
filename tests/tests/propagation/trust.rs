//! How far an entry point trusts what comes in, and how many traces others may have recorded.

use std::time::Instant;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId, Tracer as _};
use cryostorm::opentelemetry::{KeyValue, global};
use cryostorm::opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample, SpanData};
use cryostorm::propagation::Trust;
use cryostorm::settings::SamplingStrategy;
use cryostorm::task::Envelope;
use cryostorm::{Telemetry, TelemetryBuilder, TelemetryGuard, traced};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::paths::on_both;
use tracing_subscriber::layer::SubscriberExt as _;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";
const HEADERS: [(&str, &str); 3] = [
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
    ("tracestate", "vendor=1"),
    ("baggage", "tenant=north"),
];

#[traced(name = "annotated", context = parent)]
fn annotated(parent: Context) {
    inner();
}

#[traced(name = "inner")]
fn inner() {}

fn named<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name} in {spans:?}"))
}

fn is_linked(span: &SpanData) -> bool {
    let links = &span.links.links;
    assert!(links.len() <= 1);
    links.iter().any(|link| {
        let to = &link.span_context;
        to.trace_id().to_string() == TRACE && to.span_id().to_string() == SPAN && to.is_remote()
    })
}

/// Handles a request by hand, by an annotated function with the context as an option, and by one with it made current.
fn handle(guard: &TelemetryGuard, headers: &[(&str, &str)], trust: Trust) -> usize {
    let parent = guard.extract_context_with(headers, trust);
    let members = parent.baggage().len();
    guard.span("by hand").context(parent.clone()).in_scope(|_| inner());
    annotated(parent.clone());
    let _current = parent.attach();
    guard.span("current").in_scope(|_| inner());
    members
}

const ENTRIES: [&str; 3] = ["by hand", "annotated", "current"];

#[test]
fn with_full_trust_the_trace_goes_on_as_its_caller_says() {
    let sampled = [("traceparent", &*HEADERS[0].1.replace("-00", "-01")), HEADERS[1], HEADERS[2]];
    for (members, spans) in on_both(|builder| builder, |guard| handle(guard, &sampled, Trust::Full)) {
        assert_eq!(members, 1);
        assert_eq!(spans.len(), 6);
        for span in &spans {
            assert_eq!(span.span_context.trace_id().to_string(), TRACE);
            assert_eq!(span.span_context.trace_state().header(), "vendor=1");
            assert!(span.links.links.is_empty());
        }
        for entry in ENTRIES {
            assert_eq!(named(&spans, entry).parent_span_id.to_string(), SPAN);
        }
    }
    let unsampled = |guard: &TelemetryGuard| handle(guard, &HEADERS, Trust::default());
    for (_, spans) in on_both(|builder| builder, unsampled) {
        assert_eq!(spans.len(), 0);
    }
}

#[test]
fn with_a_link_a_trace_of_its_own_begins() {
    for (members, spans) in on_both(|builder| builder, |guard| handle(guard, &HEADERS, Trust::Link)) {
        assert_eq!(members, 0, "what comes in is not taken over");
        assert_eq!(spans.len(), 6, "though the caller's is not sampled");
        for entry in ENTRIES {
            let span = named(&spans, entry);
            assert!(is_linked(span), "{span:?}");
            assert_ne!(span.span_context.trace_id().to_string(), TRACE);
            assert_eq!(span.parent_span_id.to_string(), "0000000000000000");
            assert_eq!(span.span_context.trace_state().header(), "");
        }
        let inner: Vec<_> = spans.iter().filter(|span| span.name == "inner").collect();
        assert!(inner.iter().all(|span| span.links.links.is_empty()), "only where it begins");
    }
    // In a span of one's own, too: the request is not a part of what goes on around it.
    let inside = |guard: &TelemetryGuard| {
        guard.span("around").in_scope(|_| handle(guard, &HEADERS, Trust::Link));
    };
    for (_, spans) in on_both(|builder| builder, inside) {
        let around = named(&spans, "around");
        for entry in ENTRIES {
            let span = named(&spans, entry);
            assert!(is_linked(span));
            assert_ne!(span.span_context.trace_id(), around.span_context.trace_id());
        }
    }
}

/// Has the spans recorded that are linked, as its answer says.
#[derive(Clone, Debug)]
struct ByLinks;

impl ShouldSample for ByLinks {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let mut answer = Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links);
        answer.attributes.push(KeyValue::new("links", links.len() as i64));
        answer
    }
}

#[test]
fn where_telemetry_is_suppressed_a_request_does_not_change_that() {
    let program = |guard: &TelemetryGuard| {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        for trust in [Trust::Full, Trust::Link, Trust::None] {
            let parent = guard.extract_context_with(HEADERS.as_slice(), trust);
            assert!(parent.is_telemetry_suppressed(), "{trust:?}");
            let _current = parent.attach();
            inner();
            global::tracer("library").in_span("of a library", |_| ());
        }
    };
    for ((), spans) in on_both(|builder| builder, program) {
        assert!(spans.is_empty(), "{spans:?}");
    }
}

#[test]
fn the_first_span_is_linked_whoever_makes_it() {
    let program = |guard: &TelemetryGuard| {
        let parent = || guard.extract_context_with(HEADERS.as_slice(), Trust::Link).attach();
        let layer = tracing_subscriber::registry().with(cryostorm::tracing::layer());
        tracing::subscriber::with_default(layer, || {
            {
                let _current = parent();
                tracing::info_span!("of tracing").in_scope(inner);
            }
            {
                let _current = parent();
                global::tracer("library").in_span("of a library", |_| inner());
            }
            {
                let _current = parent();
                guard.tracer().in_span("of our tracer", |_| inner());
            }
            let _current = parent();
            tracing::info_span!(parent: None, "no entry").in_scope(|| ());
        });
        let message = Envelope::with_context((), guard.extract_context_with(HEADERS.as_slice(), Trust::Link));
        guard.span("receiver").link(&message).in_scope(|_| ());
        let layer = tracing_opentelemetry::layer().with_tracer(global::tracer("library"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _current = parent();
            tracing::info_span!("of their layer").in_scope(inner);
        });
    };
    for own_sampler in [false, true] {
        let build =
            |builder: TelemetryBuilder| if own_sampler { builder.with_sampler(ByLinks) } else { builder };
        for ((), spans) in on_both(build, program) {
            for entry in ["of tracing", "of a library", "of our tracer", "of their layer"] {
                let span = named(&spans, entry);
                assert!(is_linked(span), "{span:?}");
                let seen = span.attributes.iter().find(|attribute| attribute.key.as_str() == "links");
                assert_eq!(seen.map(|seen| seen.value.clone()), own_sampler.then(|| 1.into()), "{entry}");
                assert_eq!(span.links.dropped_count, 0);
            }
            assert!(!is_linked(named(&spans, "no entry")), "its own root");
            assert!(is_linked(named(&spans, "receiver")), "linked to by hand");
            assert!(spans.iter().filter(|span| span.name == "inner").all(|span| !is_linked(span)));
        }
    }
}

#[test]
fn without_trust_nothing_comes_in() {
    for (members, spans) in on_both(|builder| builder, |guard| handle(guard, &HEADERS, Trust::None)) {
        assert_eq!(members, 0);
        assert_eq!(spans.len(), 6);
        for entry in ENTRIES {
            let span = named(&spans, entry);
            assert_ne!(span.span_context.trace_id().to_string(), TRACE);
            assert!(span.links.links.is_empty());
        }
    }
}

#[test]
fn where_nothing_comes_in_trust_makes_no_difference() {
    for trust in [Trust::Full, Trust::Link, Trust::None] {
        let inside = |guard: &TelemetryGuard| {
            guard.span("around").in_scope(|_| handle(guard, &[], trust));
        };
        for (_, spans) in on_both(|builder| builder, inside) {
            let around = named(&spans, "around").span_context.span_id();
            for entry in ENTRIES {
                assert_eq!(named(&spans, entry).parent_span_id, around, "{trust:?}");
            }
        }
    }
}

/// None is recorded because others say so.
fn limited(strategy: SamplingStrategy) -> impl Fn(TelemetryBuilder) -> TelemetryBuilder {
    move |_| {
        let mut settings = quiet();
        settings.tracing.sampling_strategy = strategy;
        settings.tracing.sample_rate = 0.0;
        settings.propagation.max_remote_sampled_per_second = Some(0);
        Telemetry::builder(settings)
    }
}

/// A request whose caller has it sampled. Whether it was, and what its service would send on.
fn request(guard: &TelemetryGuard) -> (bool, String) {
    let flags = HEADERS[0].1.replace("-00", "-01");
    let parent = guard.extract_context([("traceparent", &*flags), HEADERS[1]].as_slice());
    assert!(
        parent.span().span_context().is_sampled(),
        "to be sent on as it came where there are no spans here"
    );
    let mut headers = std::collections::HashMap::new();
    let is_sampled = guard.span("server").context(parent).in_scope(|span| {
        guard.inject_context(&mut headers);
        guard.span("inner").in_scope(|_| ());
        span.span_context().is_sampled()
    });
    assert_eq!(headers["tracestate"], "vendor=1");
    (is_sampled, headers["traceparent"].clone())
}

#[test]
fn beyond_the_limit_sampling_is_decided_as_for_a_root() {
    use SamplingStrategy::{
        AlwaysOff, AlwaysOn, ParentBasedAlwaysOff, ParentBasedAlwaysOn, ParentBasedTraceIdRatio,
    };
    for (strategy, expected) in [
        (ParentBasedAlwaysOff, false),
        (ParentBasedTraceIdRatio, false),
        (ParentBasedAlwaysOn, true),
        (AlwaysOn, true),
        (AlwaysOff, false),
    ] {
        for ((is_sampled, sent), spans) in on_both(limited(strategy), request) {
            assert_eq!(is_sampled, expected, "{strategy}");
            assert_eq!(spans.len(), if expected { 2 } else { 0 }, "{strategy}");
            assert!(sent.contains(TRACE), "the trace is the same");
            assert_eq!(sent.ends_with("-01"), expected, "and others hear of the decision");
        }
    }
    let own = |builder| {
        limited(SamplingStrategy::AlwaysOn)(builder)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOff)))
    };
    for ((is_sampled, _), spans) in on_both(own, request) {
        assert!(!is_sampled && spans.is_empty(), "a sampler of one's own");
    }
}

#[test]
fn within_the_limit_the_caller_decides_and_once_for_a_request() {
    let some = |_| {
        let mut settings = quiet();
        settings.tracing.sampling_strategy = SamplingStrategy::ParentBasedAlwaysOff;
        settings.propagation.max_remote_sampled_per_second = Some(3);
        Telemetry::builder(settings)
    };
    let many = |guard: &TelemetryGuard| {
        let sampled = [("traceparent", &*HEADERS[0].1.replace("-00", "-01"))];
        let began = Instant::now();
        (0..1000).map(|_| guard.extract_context(sampled.as_slice())).for_each(|parent| {
            // One trace, however many spans of it begin here.
            guard.span("first").context(parent.clone()).in_scope(|_| ());
            guard.span("second").context(parent).in_scope(|_| ());
        });
        // As many as began while the loop ran.
        usize::try_from(began.elapsed().as_secs()).unwrap() + 1
    };
    for (seconds, spans) in on_both(some, many) {
        let count = |name: &str| spans.iter().filter(|span| span.name == name).count();
        assert_eq!(count("first"), count("second"));
        assert!((3..=3 * seconds).contains(&count("first")), "{} in {seconds} s", count("first"));
    }
    // Nobody is asked for whom nothing is recorded.
    let ignored = |guard: &TelemetryGuard| {
        let sampled = [("traceparent", &*HEADERS[0].1.replace("-00", "-01"))];
        for trust in [Trust::Link, Trust::None].into_iter().cycle().take(100) {
            guard
                .span("ignored")
                .context(guard.extract_context_with(sampled.as_slice(), trust))
                .in_scope(|_| ());
        }
        request(guard).0
    };
    for (is_sampled, _) in on_both(some, ignored) {
        assert!(is_sampled);
    }
}
