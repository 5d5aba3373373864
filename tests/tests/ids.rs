//! Ids and times of spans.

use std::collections::HashSet;
use std::io::{Read as _, Seek as _, Write as _};
use std::thread;
use std::time::{Duration, SystemTime};

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{
    Span as _, SpanContext, SpanId, TraceContextExt as _, TraceId, Tracer as _,
};
use cryostorm::opentelemetry_sdk::trace::Sampler;
use cryostorm::{Telemetry, TelemetryGuard, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::told::TOLERANCE;
use fork::{Fork, fork, waitpid};

/// Nothing is recorded, and nobody's queue is full, but there are ids.
fn unrecorded() -> TelemetryGuard {
    Telemetry::builder(quiet()).with_sampler(Sampler::AlwaysOff).install().unwrap()
}

fn root(telemetry: &Telemetry) -> SpanContext {
    telemetry.span("root").context(Context::new()).in_scope(|span| span.span_context())
}

#[test]
fn no_two_of_a_million_spans_have_an_id_in_common() {
    const THREADS: usize = 4;
    const EACH: usize = 250_000;
    let _alone = alone();
    let guard = unrecorded();
    let mut spans = HashSet::with_capacity(THREADS * EACH);
    let mut traces = HashSet::with_capacity(THREADS * EACH);
    thread::scope(|scope| {
        let makers = [(); THREADS]
            .map(|()| scope.spawn(|| -> Vec<SpanContext> { (0..EACH).map(|_| root(&guard)).collect() }));
        for maker in makers {
            for context in maker.join().unwrap() {
                spans.insert(context.span_id());
                traces.insert(context.trace_id());
            }
        }
    });
    assert_eq!((spans.len(), traces.len()), (THREADS * EACH, THREADS * EACH));
    assert!(!spans.contains(&SpanId::INVALID) && !traces.contains(&TraceId::INVALID));
    guard.shutdown().unwrap();
}

/// The child has the random state of the parent's thread, and would make the same ids.
#[test]
fn a_forked_process_makes_ids_of_its_own() {
    const EACH: usize = 1000;
    let _alone = alone();
    let guard = unrecorded();
    root(&guard);
    let mut file = tempfile::tempfile().unwrap();
    let child = match fork().unwrap() {
        Fork::Child => {
            // Nothing may unwind here, nor take a lock that another thread had: the sampler leaves nothing to hand over.
            let ids: Vec<u8> = (0..EACH).flat_map(|_| bytes(&root(&guard))).collect();
            let _ = file.write_all(&ids);
            std::process::abort();
        }
        Fork::Parent(child) => child,
    };
    let ours: HashSet<[u8; 24]> = (0..EACH).map(|_| bytes(&root(&guard))).collect();
    waitpid(child).unwrap();
    let mut written = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut written).unwrap();
    let (theirs, rest) = written.as_chunks::<24>();
    assert_eq!((theirs.len(), rest.len()), (EACH, 0));
    let part = |id: &[u8; 24], of: std::ops::Range<usize>| id[of].to_vec();
    for of in [0..16, 16..24] {
        let ours: HashSet<_> = ours.iter().map(|id| part(id, of.clone())).collect();
        assert!(theirs.iter().all(|id| !ours.contains(&part(id, of.clone()))));
    }
    guard.shutdown().unwrap();
}

fn bytes(context: &SpanContext) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..16].copy_from_slice(&context.trace_id().to_bytes());
    bytes[16..].copy_from_slice(&context.span_id().to_bytes());
    bytes
}

#[traced(name = "outer")]
fn outer() {
    inner();
}

#[traced(name = "inner")]
fn inner() {
    // Ends by the system's clock, as all that OpenTelemetry's API ends.
    drop(Context::current_with_span(Telemetry::global().tracer().start("by hand")));
    Telemetry::global().tracer().start("ended").end();
}

#[test]
fn no_child_starts_before_its_parent() {
    const CALLS: usize = 100_000;
    // Its spans fit the queue, whenever that is emptied.
    const ROUND: usize = 250;
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let memory = guard.in_memory();
    for _ in 0..CALLS / ROUND {
        let before = SystemTime::now();
        (0..ROUND).for_each(|_| outer());
        let after = SystemTime::now();
        guard.force_flush(Duration::from_secs(30)).unwrap();
        let spans = memory.spans();
        assert_eq!(spans.len(), 4 * ROUND);
        for spans in spans.chunks(4) {
            let [by_hand, ended, inner, outer] = spans else { panic!("four") };
            assert_eq!((inner.name.as_ref(), outer.name.as_ref()), ("inner", "outer"));
            assert_eq!(inner.parent_span_id, outer.span_context.span_id());
            assert!(inner.start_time >= outer.start_time, "{inner:?} in {outer:?}");
            for span in [by_hand, ended] {
                assert_eq!(span.parent_span_id, inner.span_context.span_id());
                assert!(span.start_time >= inner.start_time, "{span:?} in {inner:?}");
            }
            for span in [by_hand, ended, inner, outer] {
                assert!(before - TOLERANCE <= span.start_time, "{span:?} before {before:?}");
                assert!(span.start_time <= span.end_time);
                assert!(span.end_time <= after + TOLERANCE, "{span:?} after {after:?}");
            }
        }
        memory.clear();
    }
    guard.shutdown().unwrap();
}
