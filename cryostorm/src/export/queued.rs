//! What can wait in a queue, and how much memory it holds on to.

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::Status;
use opentelemetry::{Array, Key, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::exporter::LogEntry;

/// What waits in a queue.
pub(crate) trait Queued: Send + 'static {
    /// About how much memory it takes, with what it owns. Cheap, and allocates nothing.
    fn bytes(&self) -> usize;
}

/// An item with its weight. It is weighed before the queue's lock is taken, because all threads share that.
#[derive(Debug)]
pub(super) struct Weighed<T> {
    pub(super) item: T,
    pub(super) bytes: usize,
}

impl<T: Queued> Weighed<T> {
    #[inline]
    pub(super) fn new(item: T) -> Self {
        Self { bytes: item.bytes(), item }
    }
}

impl Queued for SpanData {
    fn bytes(&self) -> usize {
        let status = match &self.status {
            Status::Error { description } => description.len(),
            _ => 0,
        };
        let events = self.events.iter().map(|event| event.name.len() + attribute_bytes(&event.attributes));
        let links = self.links.iter().map(|link| attribute_bytes(&link.attributes));
        size_of::<Self>()
            + self.name.len()
            + status
            + attribute_bytes(&self.attributes)
            + size_of_val(&*self.events)
            + events.sum::<usize>()
            + size_of_val(&*self.links)
            + links.sum::<usize>()
    }
}

impl Queued for LogEntry {
    fn bytes(&self) -> usize {
        let (record, _) = self;
        let attributes = record.attributes_iter().map(|(key, value)| named(key, any(value)));
        size_of::<Self>()
            + record.target().map_or(0, |target| target.len())
            + record.body().map_or(0, any)
            + attributes.sum::<usize>()
    }
}

/// Text counts as if it were owned, which nobody can see from outside: rather too much than too little.
#[inline]
pub(crate) fn attribute_bytes(attributes: &[KeyValue]) -> usize {
    if attributes.is_empty() {
        return 0;
    }
    let texts = attributes.iter().map(|KeyValue { key, value, .. }| key.as_str().len() + owned(value));
    size_of_val(attributes) + texts.sum::<usize>()
}

fn owned(value: &Value) -> usize {
    match value {
        Value::String(text) => text.as_str().len(),
        Value::Array(Array::Bool(values)) => size_of_val(&**values),
        Value::Array(Array::I64(values)) => size_of_val(&**values),
        Value::Array(Array::F64(values)) => size_of_val(&**values),
        Value::Array(Array::String(values)) => {
            size_of_val(&**values) + values.iter().map(|text| text.as_str().len()).sum::<usize>()
        }
        _ => 0,
    }
}

fn any(value: &AnyValue) -> usize {
    match value {
        AnyValue::String(text) => text.as_str().len(),
        AnyValue::Bytes(bytes) => bytes.len(),
        AnyValue::ListAny(values) => values.iter().map(|value| size_of_val(value) + any(value)).sum(),
        AnyValue::Map(values) => values.iter().map(|(key, value)| named(key, any(value))).sum(),
        _ => 0,
    }
}

/// A value under a key, with what the value owns.
fn named(key: &Key, owned: usize) -> usize {
    size_of::<(Key, AnyValue)>() + key.as_str().len() + owned
}

#[cfg(test)]
mod tests {
    use opentelemetry::StringValue;

    use super::*;

    /// As heavy as it says.
    impl Queued for usize {
        fn bytes(&self) -> usize {
            *self
        }
    }

    #[test]
    fn large_values_are_seen_wherever_they_are() {
        let large = "x".repeat(10_000);
        let list: Vec<StringValue> = vec![large.clone().into(), "y".into()];
        let several =
            [KeyValue::new("text", large.clone()), KeyValue::new("list", Value::Array(list.into()))];
        assert!((20_000..20_500).contains(&attribute_bytes(&several)), "{}", attribute_bytes(&several));
        let nested = AnyValue::Map(Box::new([(large.clone().into(), [large].into_iter().collect())].into()));
        assert!((20_000..20_500).contains(&any(&nested)), "{}", any(&nested));
    }
}
