//! What values, names and times look like to people.

use std::fmt::{self, Display, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::SpanKind;
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};

use super::super::text::{Text, Word, cut};

/// The most bytes of a name.
pub(super) const NAME: usize = 200;
/// The most bytes of an attribute's value.
const VALUE: usize = 120;
/// The most attributes of one item.
const PAIRS: usize = 32;
/// The last second of the year 9999.
const LATEST: u64 = 253_402_300_799;
/// How deep lists and maps are shown.
const DEPTH: usize = 16;

/// ` key=value key=value`: long values are cut, and those with spaces in quotes.
pub(super) fn pairs<'a>(mut pairs: impl Iterator<Item = (&'a str, impl Display)>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for (key, value) in pairs.by_ref().take(PAIRS) {
        let _ = write!(text, " {}={}", Word(&cut(&key, NAME)), Word(&cut(&value, VALUE)));
    }
    match pairs.count() {
        0 => {}
        more => drop(write!(text, " … {more} more")),
    }
    text
}

/// The value of a log record's body or attribute.
pub(super) struct Any<'a>(pub(super) &'a AnyValue);

impl Display for Any<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_any(f, self.0, 0)
    }
}

/// An attribute of a span or of a metric, whose lists look like those of log records.
pub(super) fn pair(KeyValue { key, value, .. }: &KeyValue) -> (&str, Typed<'_>) {
    (key.as_str(), Typed(value))
}

/// The value of such an attribute.
pub(super) struct Typed<'a>(&'a Value);

impl Display for Typed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Array(Array::Bool(flags)) => list(f, flags),
            Value::Array(Array::I64(numbers)) => list(f, numbers),
            Value::Array(Array::F64(numbers)) => list(f, numbers),
            Value::Array(Array::String(texts)) => list(f, texts),
            value => value.fmt(f),
        }
    }
}

fn write_any(f: &mut fmt::Formatter<'_>, value: &AnyValue, depth: usize) -> fmt::Result {
    match value {
        AnyValue::String(text) => f.write_str(text.as_str()),
        AnyValue::Int(number) => number.fmt(f),
        AnyValue::Double(number) => number.fmt(f),
        AnyValue::Boolean(flag) => flag.fmt(f),
        AnyValue::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        AnyValue::ListAny(_) | AnyValue::Map(_) if depth == DEPTH => f.write_str("…"),
        AnyValue::ListAny(items) => list(f, items.iter().map(|item| Nested(item, depth + 1))),
        AnyValue::Map(items) => {
            f.write_str("{")?;
            for (index, (key, item)) in items.iter().enumerate() {
                write!(f, "{}{key}: ", if index > 0 { ", " } else { "" })?;
                write_any(f, item, depth + 1)?;
            }
            f.write_str("}")
        }
        _ => f.write_str("?"),
    }
}

/// A value so deep in another.
struct Nested<'a>(&'a AnyValue, usize);

impl Display for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_any(f, self.0, self.1)
    }
}

/// `[a, b]`
fn list(f: &mut fmt::Formatter<'_>, items: impl IntoIterator<Item = impl Display>) -> fmt::Result {
    f.write_str("[")?;
    for (index, item) in items.into_iter().enumerate() {
        write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
    }
    f.write_str("]")
}

/// ` (server)`; nothing for what is internal.
pub(super) struct Kind<'a>(pub(super) &'a SpanKind);

impl Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            SpanKind::Internal => Ok(()),
            kind => write!(f, " ({})", kind_name(kind)),
        }
    }
}

/// The kind by the name of the specification, in lower case.
pub(super) fn kind_name(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Client => "client",
        SpanKind::Server => "server",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
        SpanKind::Internal => "internal",
    }
}

/// RFC 3339 in UTC, to the millisecond.
pub(super) struct Time(pub(super) SystemTime);

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // humantime refuses years before 1970 and after 9999, and a clock can be wrong.
        let latest = UNIX_EPOCH.checked_add(Duration::from_secs(LATEST)).unwrap_or(UNIX_EPOCH);
        humantime::format_rfc3339_millis(self.0.clamp(UNIX_EPOCH, latest.max(UNIX_EPOCH))).fmt(f)
    }
}

/// The time of that day.
pub(super) struct TimeOfDay(pub(super) SystemTime);

impl Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Time(self.0).to_string();
        // 2026-11-21T19:28:00.123Z
        let of_day = time.split_once('T').map_or(&*time, |(_, of_day)| of_day);
        f.write_str(of_day.trim_end_matches('Z'))
    }
}

/// How measurements spread over the buckets that are not empty: `≤0.005:3 ≤0.01:12 >10:1`.
pub(super) struct Distribution<'a> {
    pub(super) bounds: &'a [f64],
    pub(super) counts: &'a [u64],
}

impl Display for Distribution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for (index, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            match (self.bounds.get(index), self.bounds.last()) {
                (Some(bound), _) => write!(f, "{space}≤{bound}:{count}")?,
                (None, Some(last)) => write!(f, "{space}>{last}:{count}")?,
                (None, None) => continue,
            }
            space = " ";
        }
        Ok(())
    }
}

/// A text kept to its line and cut.
pub(super) fn shown(text: impl Display, most: usize) -> String {
    Text(&cut(&text, most)).to_string()
}

/// Whether it is the scope that goes without saying.
pub(super) fn is_own_scope(scope: &InstrumentationScope) -> bool {
    matches!(scope.name(), "cryostorm" | "")
}
