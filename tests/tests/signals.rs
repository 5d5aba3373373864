//! Annotated functions where a signal is off: the others go on as if nothing were missing.

use std::cell::Cell;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::logs::AnyValue;
use cryostorm::opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};
use cryostorm::opentelemetry_sdk::trace::Sampler;
use cryostorm::settings::SamplingStrategy;
use cryostorm::{Telemetry, TelemetryGuard, TelemetrySettings, counted, timed, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::{current_id, give_way};
use futures::executor::block_on;
use futures::{Stream, StreamExt as _};
use std::future::Future;

/// Runs `work` in an installation of its own.
fn installed(change: impl FnOnce(&mut TelemetrySettings), work: impl FnOnce()) -> TelemetryGuard {
    let mut settings = quiet();
    change(&mut settings);
    let guard = Telemetry::from_settings(settings).unwrap();
    let around = current_id();
    work();
    assert_eq!(current_id(), around);
    guard.shutdown().unwrap();
    guard
}

thread_local! {
    static OBSERVED: Cell<u32> = const { Cell::new(0) };
}

fn observe() -> u32 {
    OBSERVED.set(OBSERVED.get() + 1);
    OBSERVED.get()
}

#[traced(record_error = both, attributes(before = observe()), ok(n = |_| observe()), err(n = |_| observe()))]
#[counted]
#[timed(in_flight)]
fn work(name: &str) -> Result<usize, String> {
    if name.is_empty() { Err("nobody".to_owned()) } else { Ok(name.len()) }
}

#[traced(record_error = log, attributes(before = observe()), ok(n = |_| observe()), err(n = |_| observe()))]
#[counted]
fn work_later(name: &str) -> impl Future<Output = Result<usize, String>> {
    async move {
        give_way().await;
        work(name)
    }
}

fn everything() {
    work("a").unwrap();
    work("").unwrap_err();
    block_on(work_later("a")).unwrap();
    block_on(work_later("")).unwrap_err();
}

fn bodies(guard: &TelemetryGuard) -> Vec<Option<AnyValue>> {
    guard.in_memory().logs().iter().map(|log| log.body().cloned()).collect()
}

#[test]
fn without_tracing_errors_are_logged_and_calls_are_counted() {
    let _alone = alone();
    OBSERVED.set(0);
    let guard = installed(|settings| settings.tracing.enabled = false, everything);
    assert_eq!(OBSERVED.get(), 0, "there is no span to put it on");
    assert_eq!(guard.in_memory().spans(), []);
    assert_eq!(bodies(&guard), vec![Some(AnyValue::from("nobody")); 3]);
    let logs = guard.in_memory().logs();
    assert!(logs.iter().all(|log| log.trace_context().is_none()));
    let points = guard.in_memory().metrics();
    assert_eq!(points.iter().filter(|point| point.name == "function.calls").count(), 4);
}

#[test]
fn without_metrics_there_are_spans_and_logs() {
    let _alone = alone();
    OBSERVED.set(0);
    let guard = installed(|settings| settings.metrics.enabled = false, everything);
    assert_eq!((OBSERVED.get(), guard.in_memory().spans().len()), (12, 6));
    assert_eq!((bodies(&guard).len(), guard.in_memory().metrics().len()), (3, 0));
}

#[test]
fn without_logging_there_are_spans_with_their_events() {
    let _alone = alone();
    let guard = installed(|settings| settings.logging.enabled = false, everything);
    let events: usize = guard.in_memory().spans().iter().map(|span| span.events.len()).sum();
    assert_eq!((events, bodies(&guard).len()), (2, 0));
}

#[test]
fn without_any_signal_or_sampling_the_functions_do_their_work() {
    let _alone = alone();
    OBSERVED.set(0);
    everything();
    let silent = |settings: &mut TelemetrySettings| {
        settings.tracing.enabled = false;
        settings.metrics.enabled = false;
        settings.logging.enabled = false;
    };
    assert_eq!(installed(silent, everything).export_stats(), Default::default());
    let off =
        |settings: &mut TelemetrySettings| settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
    let guard = installed(off, everything);
    assert_eq!(OBSERVED.get(), 2, "those of futures, whose parent is not known when they are made");
    assert_eq!(guard.in_memory().spans(), []);
    assert_eq!(bodies(&guard).len(), 3, "what is not sampled is logged all the same");
}

#[traced(error_type = |_| { observe(); "named" })]
#[counted(attributes(first = observe() > 0), by = observe())]
#[timed(attributes(first = observe() > 0))]
fn named() -> Result<(), ()> {
    Err(())
}

#[traced(error_type = |_| { observe(); "named" })]
fn items() -> impl Stream<Item = Result<(), ()>> {
    futures::stream::iter([Err(()), Err(())])
}

#[test]
fn without_a_telemetry_nothing_is_evaluated() {
    let _alone = alone();
    OBSERVED.set(0);
    let all = || {
        everything();
        named().unwrap_err();
        assert_eq!(block_on(items().count()), 2);
    };
    all();
    assert_eq!(OBSERVED.get(), 0);
    let without_metrics = installed(|settings| settings.metrics.enabled = false, || named().unwrap_err());
    assert_eq!((OBSERVED.get(), without_metrics.in_memory().spans().len()), (1, 1), "only the error's name");
}

#[traced(error_type = |_| { observe(); "named" }, err(seen = |_| observe()))]
fn named_later() -> impl Future<Output = Result<(), ()>> {
    async { Err(()) }
}

#[test]
fn in_a_trace_that_is_not_sampled_nobody_asks_how_a_call_went() {
    let _alone = alone();
    OBSERVED.set(0);
    // Not remote: the first call under a remote span has ids of its own, as a root has.
    let ids = SpanContext::new(7.into(), 7.into(), TraceFlags::default(), false, TraceState::NONE);
    let unsampled = Context::new().with_remote_span_context(ids);
    let off = |settings: &mut TelemetrySettings| settings.metrics.enabled = false;
    let guard = installed(off, || {
        let _inside = unsampled.attach();
        named().unwrap_err();
        block_on(named_later()).unwrap_err();
        assert_eq!(block_on(items().count()), 2);
    });
    assert_eq!((OBSERVED.get(), guard.in_memory().spans().len()), (0, 0));
}

#[test]
fn a_sampler_of_ones_own_is_told_of_the_attributes() {
    let _alone = alone();
    OBSERVED.set(0);
    let guard = Telemetry::builder(quiet()).with_sampler(Sampler::AlwaysOff).install().unwrap();
    everything();
    guard.shutdown().unwrap();
    assert_eq!(OBSERVED.get(), 6, "and nothing of what comes out");
    assert_eq!(guard.in_memory().spans(), []);
}
