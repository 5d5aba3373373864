//! The same program on both paths that spans take: our own, and the SDK's.

use std::time::Duration;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use cryostorm::{Telemetry, TelemetryBuilder, TelemetryGuard};

use crate::installation::{alone, quiet};
use crate::told::{All, told};

/// Wants to see spans start, and so makes the SDK's tracer serve.
#[derive(Debug)]
pub struct Watching;

impl SpanProcessor for Watching {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, _span: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// What the program returned on our own path and on the SDK's, each with the spans that it left.
pub fn on_both<T>(
    change: impl Fn(TelemetryBuilder) -> TelemetryBuilder,
    program: impl Fn(&TelemetryGuard) -> T,
) -> [(T, Vec<SpanData>); 2] {
    let _alone = alone();
    [false, true].map(|is_watched| {
        let builder = change(Telemetry::builder(quiet()));
        let builder = if is_watched { builder.with_span_processor(Watching) } else { builder };
        let guard = builder.install().expect("an installation");
        let returned = program(&guard);
        guard.shutdown().expect("nothing is lost");
        (returned, guard.in_memory().spans())
    })
}

/// What the spans of the program say, which is the same on both paths.
///
/// # Panics
///
/// If it is not.
pub fn same_on_both<T>(
    change: impl Fn(TelemetryBuilder) -> TelemetryBuilder,
    program: impl Fn(&TelemetryGuard) -> T,
) -> All {
    let [(_, own), (_, sdk)] = on_both(change, program);
    let (own, sdk) = (told(&own), told(&sdk));
    for (name, span) in &sdk {
        assert_eq!(own.get(name), Some(span), "{name}: ours, and the SDK's");
    }
    assert_eq!(own.keys().collect::<Vec<_>>(), sdk.keys().collect::<Vec<_>>());
    own
}
