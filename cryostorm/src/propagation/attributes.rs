//! Members of the baggage as attributes of spans and log records.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::logs::LogRecord;
use opentelemetry::trace::Span as _;
use opentelemetry::{Context, InstrumentationScope, Key, KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use crate::settings::TelemetrySettings;

/// The keys of the members that are copied. What a span or record says of the same key itself is left as it is.
#[derive(Clone, Debug)]
pub(crate) struct BaggageAttributes(Arc<[Key]>);

impl BaggageAttributes {
    pub(crate) fn from_settings(settings: &TelemetrySettings) -> Self {
        Self(settings.propagation.baggage_attributes.iter().cloned().map(Key::from).collect())
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that the context has, and for which there is no attribute yet.
    pub(crate) fn of(&self, context: &Context, is_there: impl Fn(&Key) -> bool) -> Vec<KeyValue> {
        let member = |key: &Key| {
            let value = context.baggage().get(key)?;
            (!is_there(key)).then(|| KeyValue::new(key.clone(), value.clone()))
        };
        self.0.iter().filter_map(member).collect()
    }
}

/// For the spans that the SDK's tracer makes.
impl SpanProcessor for BaggageAttributes {
    fn on_start(&self, span: &mut Span, context: &Context) {
        let present = span.exported_data().map(|data| data.attributes).unwrap_or_default();
        for attribute in self.of(context, |key| present.iter().any(|attribute| attribute.key == *key)) {
            span.set_attribute(attribute);
        }
    }

    fn on_end(&self, _span: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for BaggageAttributes {
    fn emit(&self, record: &mut SdkLogRecord, _scope: &InstrumentationScope) {
        let attributes = Context::map_current(|context| {
            self.of(context, |key| record.attributes_iter().any(|(present, _)| present == key))
        });
        for KeyValue { key, value, .. } in attributes {
            if let Value::String(text) = value {
                record.add_attribute(key, text);
            }
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}
