//! Events of `tracing` as log records.

use std::cell::Cell;
use std::fmt;
use std::time::{Duration, SystemTime};

use cryostorm::opentelemetry::Key;
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry::trace::SpanContext;
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use cryostorm::settings::TargetLevels;
use cryostorm::{Level, Telemetry, TelemetrySettings, traced};
use cryostorm_tests::installation::{alone, quiet};
use tracing_subscriber::layer::{Identity, SubscriberExt as _};

use super::{Counted, Unread, attribute, body, bridge_all, bridged};

/// The log records that `work` leaves under these settings.
fn logs_under(settings: TelemetrySettings, work: impl FnOnce()) -> Vec<SdkLogRecord> {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(settings).unwrap();
    bridged(work);
    telemetry.shutdown().unwrap();
    telemetry.in_memory().logs()
}

fn logs(work: impl FnOnce()) -> Vec<SdkLogRecord> {
    logs_under(quiet(), work)
}

fn ids(log: &SdkLogRecord) -> Option<SpanContext> {
    log.trace_context().map(|context| {
        let flags = context.trace_flags.unwrap_or_default();
        SpanContext::new(context.trace_id, context.span_id, flags, false, Default::default())
    })
}

#[test]
fn an_event_is_a_record_with_all_that_it_says() {
    let error = Unread("x".parse::<u8>().unwrap_err());
    let before = SystemTime::now();
    let line = line!() + 2;
    let logs = logs(|| {
        tracing::warn!(
            target: "shop::cart",
            flag = true,
            whole = -7,
            large = u64::MAX,
            share = 0.5,
            text = "plain",
            shown = %7,
            debugged = ?Some("x"),
            failure = &error as &(dyn std::error::Error + 'static),
            "{} items",
            3
        );
    });
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((body(log).as_str(), log.target().unwrap().as_ref()), ("3 items", "shop::cart"));
    assert_eq!((log.severity_number(), log.severity_text()), (Some(Severity::Warn), Some("WARN")));
    assert!((before..=SystemTime::now()).contains(&log.timestamp().unwrap()));
    assert_eq!(log.event_name(), None);
    let expected: Vec<(Key, AnyValue)> = vec![
        ("code.file.path".into(), "tests/tests/bridges/events.rs".into()),
        ("code.line.number".into(), i64::from(line).into()),
        ("flag".into(), true.into()),
        ("whole".into(), (-7).into()),
        ("large".into(), u64::MAX.to_string().into()),
        ("share".into(), 0.5.into()),
        ("text".into(), "plain".into()),
        ("shown".into(), "7".into()),
        ("debugged".into(), "Some(\"x\")".into()),
        ("exception.message".into(), "unread".into()),
        ("exception.stacktrace".into(), "caused by: invalid digit found in string\n".into()),
        ("failure".into(), "unread".into()),
    ];
    assert_eq!(log.attributes_iter().cloned().collect::<Vec<_>>(), expected);
}

#[test]
fn an_event_that_was_given_a_name_keeps_it() {
    let logs = logs(|| tracing::info!(name: "order.placed", order = 7));
    assert_eq!((logs[0].event_name(), body(&logs[0]).as_str()), (Some("order.placed"), ""));
    assert_eq!(attribute(&logs[0], "order"), Some(7.into()));
}

#[traced(name = "annotated")]
fn annotated() -> SpanContext {
    tracing::info!("in annotated");
    cryostorm::current_span().span_context()
}

#[test]
fn an_event_belongs_to_the_span_that_is_current_or_named() {
    let mut expected = Vec::new();
    let logs = logs(|| {
        tracing::info!("outside");
        expected.push(None);
        let other = tracing::info_span!("other");
        tracing::info_span!("theirs").in_scope(|| {
            tracing::info!("in theirs");
            expected.push(Some(cryostorm::current_span().span_context()));
            expected.push(Some(annotated()));
            tracing::info!(parent: &other, "of another");
            expected.push(Some(other.in_scope(|| cryostorm::current_span().span_context())));
            tracing::info!(parent: None, "of none");
            expected.push(None);
            let span = Telemetry::global().span("by hand").start();
            tracing::info!("by hand");
            expected.push(Some(span.span_context()));
        });
    });
    assert_eq!(logs.iter().map(ids).collect::<Vec<_>>(), expected);
    assert!(expected[1].as_ref().is_some_and(SpanContext::is_sampled));
}

#[test]
fn a_parent_that_only_others_know_is_no_guess() {
    let logs = logs(|| {
        let subscriber =
            tracing_subscriber::registry().with(Identity::new()).with(cryostorm::tracing::layer());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("current").in_scope(|| {
                let theirs = tracing::debug_span!("only for the other layer");
                assert!(theirs.id().is_some());
                tracing::info!(parent: &theirs, "event");
                tracing::info_span!(parent: &theirs, "span").in_scope(|| {
                    assert!(cryostorm::current_span().span_context().is_valid());
                });
            });
        });
    });
    assert_eq!(logs.iter().map(ids).collect::<Vec<_>>(), [None]);
}

#[test]
fn what_the_settings_leave_out_is_not_formatted() {
    let mut settings = quiet();
    settings.logging.level = Level::Warn;
    settings.logging.targets = TargetLevels::default().with("shop", Level::Debug).with("shop::db", None);
    let formatted = Cell::new(0);
    let logs = logs_under(settings, || {
        let value = Counted(&formatted);
        tracing::info!(?value, "too low {value:?}");
        tracing::error!(target: "shop::db", ?value, "off");
        tracing::trace!(target: "shop", ?value, "too low");
        assert_eq!(formatted.get(), 0);
        tracing::debug!(target: "shop::cart", ?value, "kept");
        tracing::warn!("kept, too");
    });
    assert_eq!(logs.iter().map(body).collect::<Vec<_>>(), ["kept", "kept, too"]);
    assert_eq!(formatted.get(), 1);
}

#[test]
fn without_logs_or_without_spans_there_is_the_rest() {
    let program = || {
        tracing::info_span!("span").in_scope(|| tracing::error!("event"));
        tracing::error!("outside");
    };
    let mut settings = quiet();
    settings.logging.enabled = false;
    assert!(logs_under(settings, program).is_empty());
    let mut settings = quiet();
    settings.tracing.enabled = false;
    let logs = logs_under(settings, program);
    assert_eq!(logs.iter().map(ids).collect::<Vec<_>>(), [None, None]);
}

#[test]
fn a_field_that_panics_costs_itself_alone() {
    struct Panics;
    impl fmt::Debug for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("until here")?;
            panic!("a field may do this")
        }
    }
    let logs = logs(|| {
        tracing::info_span!("span", value = ?Panics)
            .in_scope(|| tracing::info!(value = ?Panics, "{:?}", Panics));
    });
    assert_eq!(
        (body(&logs[0]).as_str(), attribute(&logs[0], "value")),
        ("until here", Some("until here".into()))
    );
}

#[test]
fn a_field_may_log_and_make_spans_itself() {
    struct Busy;
    impl fmt::Debug for Busy {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            tracing::info_span!("inside").in_scope(|| tracing::info!("inside"));
            tracing::Span::current().record("value", "from inside");
            f.write_str("busy")
        }
    }
    let _alone = alone();
    // Under a default of the thread `tracing` itself leaves out what is said inside of what is said.
    bridge_all();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    {
        let span = tracing::info_span!("span", value = ?Busy);
        let _entered = span.enter();
        span.record("value", tracing::field::debug(&Busy));
        tracing::info!(value = ?Busy, "outside");
    }
    telemetry.shutdown().unwrap();
    let logs = telemetry.in_memory().logs();
    assert_eq!(logs.iter().map(body).collect::<Vec<_>>(), ["inside", "inside", "inside", "outside"]);
    assert_eq!(telemetry.in_memory().spans().len(), 4);
}

#[test]
fn what_is_filtered_is_asked_for_once() {
    let mut settings = quiet();
    settings.logging.level = Level::Error;
    settings.tracing.level = Level::Warn;
    logs_under(settings, || {
        // Nothing in this process is interested in less, so that the macros need not ask for more than the level.
        assert_eq!(tracing::level_filters::LevelFilter::current(), tracing::level_filters::LevelFilter::WARN);
    });
}

#[test]
fn other_layers_see_what_ours_leaves_out() {
    use std::sync::atomic::{AtomicU32, Ordering};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

    static SEEN: AtomicU32 = AtomicU32::new(0);
    struct Seeing;
    impl<S: tracing::Subscriber> Layer<S> for Seeing {
        fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
            SEEN.fetch_add(1, Ordering::Relaxed);
        }
    }
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    let subscriber = tracing_subscriber::registry().with(Seeing).with(cryostorm::tracing::layer());
    tracing::subscriber::with_default(subscriber, || {
        tracing::trace!("for the other");
        tracing::info!("for both");
    });
    telemetry.force_flush(Duration::from_secs(30)).unwrap();
    assert_eq!((SEEN.load(Ordering::Relaxed), telemetry.in_memory().logs().len()), (2, 1));
    telemetry.shutdown().unwrap();
}
