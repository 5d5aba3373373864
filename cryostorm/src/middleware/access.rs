//! The access log.

use std::borrow::Cow;
use std::time::Duration;

use opentelemetry::{Context, KeyValue, Value};

use crate::Level;
use crate::instrument;
use crate::log::record;

use super::key;
use super::metrics;

/// What the access log says of a request.
#[derive(Debug)]
pub(super) struct Access {
    name: Cow<'static, str>,
    attributes: Vec<KeyValue>,
}

/// How the request went.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    /// The Telemetry that observed it.
    pub(super) telemetry: u64,
    pub(super) context: &'a Context,
    pub(super) status: Option<Cow<'static, str>>,
    pub(super) is_error: bool,
    pub(super) nanos: u64,
    /// How long its bodies were, where it is none of gRPC, whose convention knows no sizes.
    pub(super) sizes: Option<[u64; 2]>,
}

impl Access {
    pub(super) fn new(name: Cow<'static, str>, attributes: Vec<KeyValue>) -> Self {
        Self { name, attributes }
    }

    /// Adds an attribute, in place of that with its key.
    pub(super) fn set(&mut self, attribute: KeyValue) {
        match self.attributes.iter_mut().find(|other| other.key == attribute.key) {
            Some(other) => *other = attribute,
            None => self.attributes.push(attribute),
        }
    }

    /// Logs the request under its span.
    pub(super) fn log(self, outcome: &Outcome<'_>) {
        let Self { name, attributes } = self;
        let Outcome { telemetry, context, status, is_error, nanos, sizes } = outcome;
        let Some(local) = instrument::current().filter(|local| local.id() == *telemetry) else { return };
        let Some(logging) = &local.signals().logging else { return };
        let whole = |bytes: u64| Value::from(i64::try_from(bytes).unwrap_or(i64::MAX));
        let (duration, sizes) = match sizes {
            Some([request, response]) => (
                &metrics::HTTP_SERVER_DURATION,
                Some([
                    KeyValue::new(key::HTTP_REQUEST_BODY_SIZE, whole(*request)),
                    KeyValue::new(key::HTTP_RESPONSE_BODY_SIZE, whole(*response)),
                ]),
            ),
            None => (&metrics::RPC_SERVER_DURATION, None),
        };
        let duration = KeyValue::new(duration.metric.name, Duration::from_nanos(*nanos).as_secs_f64());
        record::emit_under(
            Some(context),
            logging,
            if *is_error { Level::Error } else { Level::Info },
            format!("{name} {}", status.as_deref().unwrap_or("without response")),
            attributes.into_iter().chain(sizes.into_iter().flatten()).chain([duration]),
        );
    }
}
