//! Before installation, after shutdown, from one installation to the next, and at the end of a thread.

use std::cell::RefCell;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cryostorm::opentelemetry::{Context, InstrumentationScope};
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use cryostorm::opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use cryostorm::{Level, Telemetry, traced};
use cryostorm_tests::installation::{alone, quiet};
use tracing::level_filters::LevelFilter;

use super::{body, bridge_all, bridged};

/// One place in the source, whatever is installed when it is passed.
fn pass(value: &dyn fmt::Debug) {
    tracing::info_span!("place").in_scope(|| tracing::debug!(?value, "place"));
}

/// Another, passed for the first time under an installation.
fn pass_later(value: &dyn fmt::Debug) {
    tracing::info_span!("later").in_scope(|| tracing::debug!(?value, "later"));
}

struct Unwanted;

impl fmt::Debug for Unwanted {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("formatted where nobody wants it")
    }
}

#[test]
fn the_layer_serves_whichever_telemetry_is_in_force() {
    let _alone = alone();
    bridge_all();
    pass(&Unwanted);
    for (logging, tracing, expected) in [
        (Level::Info, Level::Info, (2, 0)),
        (Level::Debug, Level::Warn, (0, 2)),
        (Level::Debug, Level::Info, (2, 2)),
    ] {
        let mut settings = quiet();
        (settings.logging.level, settings.tracing.level) = (logging, tracing);
        let telemetry = Telemetry::from_settings(settings).unwrap();
        let value: &dyn fmt::Debug = if logging == Level::Info { &Unwanted } else { &7 };
        pass(value);
        pass_later(value);
        telemetry.shutdown().unwrap();
        let memory = telemetry.in_memory();
        assert_eq!((memory.spans().len(), memory.logs().len()), expected);
        pass(&Unwanted);
        assert_eq!((memory.spans().len(), memory.logs().len()), expected, "after shutdown");
    }
}

#[test]
fn who_asks_for_the_level_before_installation_is_not_told_that_there_is_none() {
    let _alone = alone();
    bridged(|| assert_eq!(LevelFilter::current(), LevelFilter::TRACE));
}

#[test]
fn spans_across_an_installation_and_a_shutdown_do_no_harm() {
    let _alone = alone();
    bridge_all();
    let before = tracing::info_span!("before");
    let entered = before.clone().entered();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    before.in_scope(|| {
        tracing::info_span!("inside").in_scope(|| tracing::info!("inside"));
        tracing::info_span!(parent: &before, "child").follows_from(&before);
        before.record("nothing", 7);
    });
    drop(entered);
    let open = tracing::info_span!("open");
    let entered = open.clone().entered();
    telemetry.shutdown().unwrap();
    tracing::info_span!("late").in_scope(|| tracing::error!("late"));
    drop((entered, open));
    let memory = telemetry.in_memory();
    let names: Vec<_> = memory.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["inside", "child"]);
    assert_eq!(memory.logs().iter().map(body).collect::<Vec<_>>(), ["inside"]);
    assert_eq!(telemetry.export_stats().traces.after_shutdown, 1);
    assert!(!cryostorm::current_span().span_context().is_valid());
}

#[test]
fn the_end_of_a_thread_is_no_place_for_telemetry_but_no_harm() {
    // It makes and enters no span: the registry of `tracing-subscriber` panics where a thread that is ending does so.
    struct AtTheEnd(#[expect(dead_code, reason = "it ends there")] tracing::Span);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            tracing::error!("late");
            log::error!("late");
        }
    }
    thread_local!(static FIRST: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) });

    let _alone = alone();
    bridge_all();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    std::thread::spawn(|| {
        // Made before the thread's context, and so dropped after it.
        FIRST.with(|first| first.replace(None));
        let span = tracing::info_span!("span");
        span.in_scope(|| tracing::info!("event"));
        FIRST.with(|first| first.replace(Some(AtTheEnd(span))));
    })
    .join()
    .unwrap();
    telemetry.shutdown().unwrap();
    let memory = telemetry.in_memory();
    assert_eq!(memory.spans().len(), 1, "it ends with the thread");
    assert_eq!(memory.logs().iter().map(body).collect::<Vec<_>>(), ["event"]);
}

#[test]
fn where_telemetry_is_suppressed_it_stays_so() {
    let _alone = alone();
    bridge_all();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    let made_outside = tracing::info_span!("made outside");
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        made_outside.in_scope(|| {
            assert!(Context::is_current_telemetry_suppressed());
            tracing::info_span!("inside").in_scope(|| tracing::error!("inside"));
        });
    }
    drop(made_outside);
    telemetry.shutdown().unwrap();
    let memory = telemetry.in_memory();
    assert_eq!((memory.spans().len(), memory.logs().len()), (1, 0));
}

/// Traces and logs whatever it is told.
#[derive(Debug)]
struct Talkative;

static TOLD: AtomicU32 = AtomicU32::new(0);

fn talk() {
    assert!(TOLD.fetch_add(1, Ordering::Relaxed) < 1000, "set off by itself");
    tracing::info_span!("of a processor").in_scope(|| tracing::error!("of a processor"));
    Telemetry::global().log(Level::Error, "by hand", &[]);
}

impl SpanProcessor for Talkative {
    fn on_start(&self, _span: &mut Span, _context: &Context) {
        talk();
    }

    fn on_end(&self, _span: SpanData) {
        // No span, which the registry of `tracing-subscriber` would keep for good where it closes another.
        tracing::error!("of a processor");
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Talkative {
    fn emit(&self, _record: &mut SdkLogRecord, _scope: &InstrumentationScope) {
        talk();
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

#[traced(name = "annotated")]
fn annotated() {}

#[test]
fn processors_that_trace_and_log_are_not_set_off_by_themselves() {
    let _alone = alone();
    bridge_all();
    let telemetry = Telemetry::builder(quiet())
        .with_span_processor(Talkative)
        .with_log_processor(Talkative)
        .install()
        .unwrap();
    tracing::info_span!("span").in_scope(|| tracing::info!("event"));
    annotated();
    telemetry.log(Level::Info, "record", &[]);
    telemetry.shutdown().unwrap();
    let memory = telemetry.in_memory();
    for name in ["span", "annotated"] {
        assert_eq!(memory.spans().iter().filter(|span| span.name == name).count(), 1, "{name}");
    }
    for message in ["event", "record"] {
        assert_eq!(memory.logs().iter().filter(|log| body(log) == message).count(), 1, "{message}");
    }
}
