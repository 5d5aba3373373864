//! A log record made by hand.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Logger, Severity};
use opentelemetry::{Array, Context, KeyValue, Value};
use opentelemetry_sdk::logs::SdkLogRecord;

use crate::instrument::{self, AttributeValue, Logging};
use crate::settings::Level;

/// Emits a record, unless its level is not severe enough or telemetry is suppressed. The SDK adds the ids of the span
/// that is current.
pub(crate) fn emit(
    logging: &Logging,
    level: Level,
    message: Cow<'static, str>,
    attributes: &[(&'static str, &dyn AttributeValue)],
) {
    let Some(mut record) = begin(logging, level, message.into_owned()) else { return };
    for (key, value) in attributes {
        if let Some(value) = value.to_value() {
            record.add_attribute(*key, any_value(value));
        }
    }
    logging.logger.emit(record);
}

/// Emits a record under the span of `context`, on the terms of [`emit`].
pub(crate) fn emit_under(
    context: Option<&Context>,
    logging: &Logging,
    level: Level,
    message: String,
    attributes: impl Iterator<Item = KeyValue>,
) {
    let Some(mut record) = begin(logging, level, message) else { return };
    let _current = context.map(|context| context.clone().attach());
    for KeyValue { key, value, .. } in attributes {
        record.add_attribute(key, any_value(value));
    }
    logging.logger.emit(record);
}

fn begin(logging: &Logging, level: Level, message: String) -> Option<SdkLogRecord> {
    if level < logging.level || instrument::context().is_none() {
        return None;
    }
    let mut record = logging.logger.create_log_record();
    let (severity, text) = severity(level);
    record.set_timestamp(SystemTime::now());
    record.set_severity_number(severity);
    record.set_severity_text(text);
    record.set_body(AnyValue::from(message));
    Some(record)
}

/// A value as log records have it.
fn any_value(value: Value) -> AnyValue {
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
