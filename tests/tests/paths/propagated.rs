//! What goes out with requests.

use std::collections::HashMap;

use cryostorm::opentelemetry_sdk::trace::Sampler;
use cryostorm::settings::SamplingStrategy;
use cryostorm::{Telemetry, TelemetryBuilder, TelemetryGuard, traced};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::paths::on_both;

type Headers = HashMap<String, String>;

fn headers() -> Headers {
    let mut headers = HashMap::new();
    Telemetry::global().inject_context(&mut headers);
    headers
}

/// The trace id, the span id and the flags.
fn parts(headers: &Headers) -> [&str; 3] {
    let parts: Vec<_> = headers["traceparent"].split('-').collect();
    assert_eq!((parts.len(), parts[0]), (4, "00"));
    [parts[1], parts[2], parts[3]]
}

#[traced]
fn outer() -> [Headers; 3] {
    let before = headers();
    [before, inner(), headers()]
}

#[traced]
fn inner() -> Headers {
    headers()
}

/// In a root, in its child, and in the root again.
fn program(_: &TelemetryGuard) -> [Headers; 3] {
    assert_eq!(headers(), Headers::new(), "there is nothing outside");
    outer()
}

#[test]
fn a_sampled_trace_goes_on_with_a_span_id_for_each_span() {
    for (sent, spans) in on_both(|builder| builder, program) {
        let [root, child, again] = sent.each_ref().map(parts);
        assert_eq!(root, again);
        assert_eq!([root[0], root[2]], [child[0], child[2]]);
        assert_eq!(root[2], "01");
        assert_ne!(root[1], child[1]);
        assert_eq!(spans.len(), 2);
    }
}

/// Those of our own path have the span id of the root, which nobody can tell: neither span is recorded.
#[test]
fn a_trace_that_is_not_sampled_goes_on_as_such() {
    for sampler in [Sampler::AlwaysOff, Sampler::ParentBased(Box::new(Sampler::AlwaysOff))] {
        for (sent, spans) in on_both(|builder| builder.with_sampler(sampler.clone()), program) {
            let [root, child, again] = sent.each_ref().map(parts);
            assert_eq!(root, again);
            assert_eq!([root[0], root[2]], [child[0], child[2]]);
            assert_eq!(root[2], "00");
            assert_ne!(root[0], "0".repeat(32));
            assert_ne!(child[1], "0".repeat(16));
            assert_eq!(spans, []);
        }
    }
}

#[test]
fn the_sampler_of_the_settings_lets_traces_go_on_as_well() {
    let off = |_: TelemetryBuilder| {
        let mut settings = quiet();
        settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
        Telemetry::builder(settings)
    };
    for (sent, _) in on_both(off, program) {
        let [root, child, again] = sent.each_ref().map(parts);
        assert_eq!(root, again);
        assert_eq!([root[0], root[2]], [child[0], "00"]);
    }
}

#[test]
fn the_state_of_a_remote_parent_goes_on_whether_it_is_sampled_or_not() {
    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    for flags in ["00", "01"] {
        let program = |telemetry: &TelemetryGuard| {
            let incoming = HashMap::from([
                ("traceparent".to_owned(), format!("00-{TRACE}-b7ad6b7169203331-{flags}")),
                ("tracestate".to_owned(), "vendor=1".to_owned()),
                ("baggage".to_owned(), "tenant=north".to_owned()),
            ]);
            let parent = telemetry.extract_context(&incoming);
            let by_hand = telemetry.span("by hand").context(parent.clone()).in_scope(|_| headers());
            let _attached = parent.attach();
            [vec![by_hand], outer().to_vec()].concat()
        };
        for (sent, _) in on_both(|builder| builder, program) {
            for headers in &sent {
                let [trace, _, sent] = parts(headers);
                assert_eq!([trace, sent], [TRACE, flags]);
                assert_eq!(headers["tracestate"], "vendor=1");
                assert_eq!(headers["baggage"], "tenant=north");
            }
        }
    }
}
