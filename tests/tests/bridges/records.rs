//! Records of the crate `log`, by our own logger, and as events by `tracing-log`.

use std::cell::Cell;
use std::sync::Once;

use cryostorm::log::LogBridge;
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use cryostorm::settings::TargetLevels;
use cryostorm::{Error, Level, Telemetry, TelemetrySettings};
use cryostorm_tests::installation::{alone, quiet};
use log::Log as _;
use tracing_log::LogTracer;

use super::{Counted, attribute, body, bridged};

/// The log records that `work` leaves under these settings, with the logger of this process.
fn logs_under(settings: TelemetrySettings, work: impl FnOnce()) -> Vec<SdkLogRecord> {
    static ONCE: Once = Once::new();
    let _alone = alone();
    // Before telemetry is installed, as a `main` may do.
    ONCE.call_once(|| cryostorm::log::init().unwrap());
    let telemetry = Telemetry::from_settings(settings).unwrap();
    work();
    telemetry.shutdown().unwrap();
    telemetry.in_memory().logs()
}

#[test]
fn a_record_arrives_with_all_that_it_says() {
    let error = "x".parse::<u8>().unwrap_err();
    let line = line!() + 4;
    let mut context = None;
    let logs = logs_under(quiet(), || {
        let span = Telemetry::global().span("around").start();
        log::warn!(
            target: "shop::cart",
            flag = true, whole = -7, large = u64::MAX, share = 0.5, text = "plain",
            shown:% = 7, debugged:? = Some("x"), error:% = error, nothing = Option::<bool>::None;
            "{} items", 3
        );
        context = Some(span.span_context());
    });
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((body(log).as_str(), log.target().unwrap().as_ref()), ("3 items", "shop::cart"));
    assert_eq!((log.severity_number(), log.severity_text()), (Some(Severity::Warn), Some("WARN")));
    assert!(log.timestamp().is_some());
    let ids = log.trace_context().map(|ids| (ids.trace_id, ids.span_id));
    assert_eq!(ids, context.map(|context| (context.trace_id(), context.span_id())));
    let expected: Vec<(&str, AnyValue)> = vec![
        ("code.file.path", "tests/tests/bridges/records.rs".into()),
        ("code.line.number", i64::from(line).into()),
        ("flag", true.into()),
        ("whole", (-7).into()),
        ("large", u64::MAX.to_string().into()),
        ("share", 0.5.into()),
        ("text", "plain".into()),
        ("shown", "7".into()),
        ("debugged", "Some(\"x\")".into()),
        ("error", "invalid digit found in string".into()),
    ];
    let attributes = log.attributes_iter().map(|(key, value)| (key.as_str().to_owned(), value.clone()));
    let expected: Vec<_> = expected.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    assert_eq!(attributes.collect::<Vec<_>>(), expected);
}

#[test]
fn levels_and_targets_are_those_of_the_settings_and_what_is_left_out_is_not_formatted() {
    let mut settings = quiet();
    settings.logging.level = Level::Warn;
    settings.logging.targets = TargetLevels::default().with("shop", Level::Debug).with("shop::db", None);
    let formatted = Cell::new(0);
    let logs = logs_under(settings, || {
        let value = Counted(&formatted);
        assert_eq!(log::max_level(), log::LevelFilter::Debug);
        log::info!(value:?; "too low {value:?}");
        log::error!(target: "shop::db", "off {value:?}");
        assert_eq!(formatted.get(), 0);
        log::debug!(target: "shop::cart", value:?; "kept");
        log::warn!("kept, too");
    });
    assert_eq!(formatted.get(), 1);
    assert_eq!(logs.iter().map(body).collect::<Vec<_>>(), ["kept", "kept, too"]);
    assert_eq!(logs[1].target().unwrap(), "bridges::records");
}

#[test]
fn without_telemetry_records_go_nowhere_and_cost_no_more_than_a_look_at_the_level() {
    logs_under(quiet(), || ());
    let _alone = alone();
    assert_eq!(log::max_level(), log::LevelFilter::Off);
    let record = log::Record::builder().level(log::Level::Error).args(format_args!("nowhere")).build();
    assert!(!LogBridge.enabled(record.metadata()));
    LogBridge.log(&record);
    LogBridge.flush();
}

#[test]
fn a_second_logger_is_refused_by_name() {
    logs_under(quiet(), || ());
    let error = cryostorm::log::init().unwrap_err();
    assert!(matches!(error, Error::Logger) && error.to_string().contains("`log`"), "{error}");
}

#[test]
fn what_opentelemetry_says_of_itself_is_left_out() {
    let logs = logs_under(quiet(), || {
        for target in ["opentelemetry", "opentelemetry_sdk", "opentelemetry-otlp"] {
            log::error!(target: target, "of itself");
        }
        log::error!(target: "opentelemetry_demo", "of a service");
    });
    assert_eq!(logs.iter().map(body).collect::<Vec<_>>(), ["of a service"]);
}

/// As `tracing-log` hands it on, wherever that is the logger of the program.
fn by_tracing_log(target: &str, level: log::Level, message: &str) {
    let mut record = log::Record::builder();
    record.target(target).level(level).file(Some("shop.rs")).line(Some(7)).module_path(Some("shop::module"));
    LogTracer::new().log(&record.args(format_args!("{message}")).build());
}

#[test]
fn what_comes_through_tracing_says_where_it_came_from_and_arrives_once() {
    let mut settings = quiet();
    settings.logging.targets =
        TargetLevels::default().with("shop::db", Level::Warn).with("shop", Level::Debug);
    let logs = logs_under(settings, || {
        bridged(|| {
            by_tracing_log("shop::db", log::Level::Info, "too low");
            by_tracing_log("shop::cart", log::Level::Debug, "kept");
            by_tracing_log("other", log::Level::Debug, "too low, too");
        });
    });
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((body(log).as_str(), log.target().unwrap().as_ref()), ("kept", "shop::cart"));
    assert_eq!(log.severity_number(), Some(Severity::Debug));
    assert_eq!(log.event_name(), None);
    assert_eq!(attribute(log, "code.file.path"), Some("shop.rs".into()));
    assert_eq!(attribute(log, "code.line.number"), Some(7.into()));
    assert_eq!(log.attributes_iter().count(), 2);
}
