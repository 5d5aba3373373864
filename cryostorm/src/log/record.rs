//! From what is known of a log record to the record.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Logger, Severity};
use opentelemetry::{Array, Context, KeyValue, Value};
use opentelemetry_sdk::logs::SdkLogRecord;

use crate::feedback::{self, Depth};
use crate::instrument::{self, AttributeValue, Logging};
use crate::settings::Level;

thread_local! {
    /// Whether this thread hands a record to the processors, which may be a user's own.
    static IS_EMITTING: Depth = const { Depth::new(0) };
}

/// Emits a record, unless its level is not severe enough or telemetry is suppressed. The SDK adds the ids of the span
/// that is current.
pub(crate) fn emit(
    logging: &Logging,
    level: Level,
    message: Cow<'static, str>,
    attributes: &[(&'static str, &dyn AttributeValue)],
) {
    let Some(mut record) = begin_with(logging, level, message.into_owned()) else { return };
    for (key, value) in attributes {
        if let Some(value) = value.to_value() {
            record.add_attribute(*key, any_value(value));
        }
    }
    finish(logging, record, None);
}

/// Emits a record under the span of `context`, on the terms of [`emit`].
pub(crate) fn emit_under(
    context: Option<&Context>,
    logging: &Logging,
    level: Level,
    message: String,
    attributes: impl Iterator<Item = KeyValue>,
) {
    let Some(mut record) = begin_with(logging, level, message) else { return };
    for KeyValue { key, value, .. } in attributes {
        record.add_attribute(key, any_value(value));
    }
    finish(logging, record, context);
}

fn begin_with(logging: &Logging, level: Level, message: String) -> Option<SdkLogRecord> {
    if level < logging.level || !instrument::may_observe() {
        return None;
    }
    let mut record = begin(logging, level);
    record.set_body(AnyValue::from(message));
    Some(record)
}

/// A record of that severity, of now.
pub(crate) fn begin(logging: &Logging, level: Level) -> SdkLogRecord {
    let mut record = logging.logger.create_log_record();
    let (severity, text) = severity(level);
    record.set_timestamp(SystemTime::now());
    record.set_severity_number(severity);
    record.set_severity_text(text);
    record
}

/// Emits it under the span of `context`, or else under the one that is current. Not where a processor logs, which would
/// be called by itself.
pub(crate) fn finish(logging: &Logging, record: SdkLogRecord, context: Option<&Context>) {
    // Current, because processors read its baggage too.
    let _current = context.map(|context| context.clone().attach());
    feedback::once(&IS_EMITTING, || logging.logger.emit(record));
}

/// A value as log records have it.
pub(crate) fn any_value(value: Value) -> AnyValue {
    match value {
        Value::Bool(flag) => flag.into(),
        Value::I64(number) => number.into(),
        Value::F64(number) => number.into(),
        Value::String(text) => AnyValue::String(text),
        Value::Array(Array::Bool(flags)) => flags.into_iter().collect(),
        Value::Array(Array::I64(numbers)) => numbers.into_iter().collect(),
        Value::Array(Array::F64(numbers)) => numbers.into_iter().collect(),
        Value::Array(Array::String(texts)) => texts.into_iter().collect(),
        other => AnyValue::String(other.as_str().into_owned().into()),
    }
}

fn severity(level: Level) -> (Severity, &'static str) {
    match level {
        Level::Trace => (Severity::Trace, "TRACE"),
        Level::Debug => (Severity::Debug, "DEBUG"),
        Level::Info => (Severity::Info, "INFO"),
        Level::Warn => (Severity::Warn, "WARN"),
        Level::Error => (Severity::Error, "ERROR"),
        Level::Fatal => (Severity::Fatal, "FATAL"),
    }
}
