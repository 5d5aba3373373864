//! An event of `tracing`, as a log record.

use std::error::Error;

use opentelemetry::logs::LogRecord;
use opentelemetry::trace::Status;
use opentelemetry::{Context, Value};
use opentelemetry_sdk::logs::SdkLogRecord;
use tracing_core::{Event, Level, Metadata};

use crate::export::text;
use crate::instrument::{Failure, Logging};
use crate::log::record::{any_value, begin, finish};

use super::field::{self, Sink, Typed};
use super::filter::level;

/// Whether it makes the span that it is in an error: one of level ERROR, or what `#[instrument(err)]` leaves of an `Err`.
pub(super) fn is_failure(metadata: &Metadata<'_>) -> bool {
    *metadata.level() == Level::ERROR || is_returned(metadata)
}

/// Whether it is what `#[instrument(err)]` leaves: an error without a message.
fn is_returned(metadata: &Metadata<'_>) -> bool {
    metadata.fields().field("error").is_some() && metadata.fields().field("message").is_none()
}

/// The status of a span that fails by it. Only of what a function returned the words are the span's: others have a log
/// record.
pub(super) fn status(event: &Event<'_>) -> Status {
    let mut error = Returned::default();
    if is_returned(event.metadata()) {
        event.record(&mut Typed(&mut error));
    }
    Status::error(error.0)
}

#[derive(Default)]
struct Returned(String);

impl Sink for Returned {
    fn put(&mut self, key: &'static str, value: Value) {
        if key == "error" {
            self.0 = field::text(value);
        }
    }
}

/// Emits it under the span of `context`, or else under the one that is current.
pub(super) fn emit(event: &Event<'_>, logging: &Logging, context: Option<&Context>) {
    let metadata = event.metadata();
    let mut record = begin(logging, level(metadata));
    record.set_target(metadata.target());
    // Most have no name but the place that they stand in, which is told otherwise.
    if !metadata.name().starts_with("event ") && !is_of_log(metadata) {
        record.set_event_name(metadata.name());
    }
    if let Some(file) = metadata.file() {
        record.add_attribute("code.file.path", file);
    }
    if let Some(line) = metadata.line() {
        record.add_attribute("code.line.number", i64::from(line));
    }
    let mut fields = Fields { record, is_of_log: is_of_log(metadata) };
    event.record(&mut Typed(&mut fields));
    finish(logging, fields.record, context);
}

/// Whether it is a record of the crate `log`, which `tracing-log` made an event of.
pub(super) fn is_of_log(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "log" && metadata.fields().field("log.target").is_some()
}

struct Fields {
    record: SdkLogRecord,
    is_of_log: bool,
}

impl Sink for Fields {
    fn put(&mut self, key: &'static str, value: Value) {
        let record = &mut self.record;
        match key {
            "message" => record.set_body(any_value(value)),
            "log.target" if self.is_of_log => record.set_target(field::text(value)),
            "log.file" if self.is_of_log => record.add_attribute("code.file.path", any_value(value)),
            "log.line" if self.is_of_log => record.add_attribute("code.line.number", any_value(value)),
            "log.module_path" if self.is_of_log => {}
            _ => record.add_attribute(key, any_value(value)),
        }
    }

    fn put_error(&mut self, key: &'static str, error: &(dyn Error + 'static)) {
        let message = text::of(&error);
        self.record.add_attribute("exception.message", message.clone());
        if let Some(causes) = Failure::causes_from(Failure::cause(error)) {
            self.record.add_attribute("exception.stacktrace", any_value(causes));
        }
        self.put(key, message.into());
    }
}
