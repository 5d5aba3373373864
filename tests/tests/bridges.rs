//! Spans and events of the crate `tracing`, and records of the crate `log`, in the same telemetry as everything else.

use std::cell::Cell;
use std::fmt;

use cryostorm::opentelemetry::logs::AnyValue;
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use tracing_subscriber::layer::SubscriberExt as _;

#[path = "bridges/entered.rs"]
mod entered;
#[path = "bridges/events.rs"]
mod events;
#[path = "bridges/executors.rs"]
mod executors;
#[path = "bridges/library.rs"]
mod library;
#[path = "bridges/lifecycle.rs"]
mod lifecycle;
#[path = "bridges/parents.rs"]
mod parents;
#[path = "bridges/records.rs"]
mod records;
#[path = "bridges/recursion.rs"]
mod recursion;
#[path = "bridges/spans.rs"]
mod spans;

/// Counts how often it is formatted.
struct Counted<'a>(&'a Cell<u32>);

impl fmt::Debug for Counted<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(self.0.get() + 1);
        Ok(())
    }
}

/// An error with a cause.
#[derive(Debug)]
struct Unread(std::num::ParseIntError);

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unread")
    }
}

impl std::error::Error for Unread {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Runs `work` with the layer on this thread.
fn bridged<T>(work: impl FnOnce() -> T) -> T {
    let subscriber = tracing_subscriber::registry().with(cryostorm::tracing::layer());
    tracing::subscriber::with_default(subscriber, work)
}

/// Has the layer on every thread of this process.
fn bridge_all() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(cryostorm::tracing::layer());
        tracing::subscriber::set_global_default(subscriber).expect("no other in this process");
    });
}

/// The message of a log record.
fn body(log: &SdkLogRecord) -> String {
    match log.body() {
        Some(AnyValue::String(text)) => text.to_string(),
        None => String::new(),
        other => panic!("{other:?}"),
    }
}

/// The value of a log record's attribute.
fn attribute(log: &SdkLogRecord, key: &str) -> Option<AnyValue> {
    let mut found = log.attributes_iter().filter(|(name, _)| name.as_str() == key);
    let value = found.next().map(|(_, value)| value.clone());
    assert!(found.next().is_none(), "{key} twice on {log:?}");
    value
}
