//! Panics where nobody expects them: at a call's start, and when it is asked how it ended.

use std::fmt;
use std::ops::Deref;
use std::panic::catch_unwind;
use std::time::Duration;

use cryostorm::export::PointValue;
use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{SpanId, Status, TraceContextExt as _};
use cryostorm::{timed, traced};
use cryostorm_tests::paths::on_both;

/// It looks at its error when it is asked for it.
#[derive(Debug)]
struct Lazy;

impl fmt::Display for Lazy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lazy")
    }
}

impl Deref for Lazy {
    type Target = fmt::Error;

    fn deref(&self) -> &fmt::Error {
        panic!("on purpose")
    }
}

#[traced(name = "asked")]
fn asked() -> Result<(), Lazy> {
    Err(Lazy)
}

#[test]
fn an_error_that_panics_when_it_is_looked_at_leaves_no_span_behind() {
    for (current, spans) in on_both(
        |builder| builder,
        |_| {
            catch_unwind(|| asked().is_err()).unwrap_err();
            Context::current().span().span_context().span_id()
        },
    ) {
        assert_eq!(current, SpanId::INVALID);
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!(span.status, Status::error("panicked"));
    }
}

#[timed(name = "entered", in_flight = "entered.in_flight")]
#[traced(name = "entered")]
fn entered() {}

#[test]
fn a_call_that_cannot_be_made_current_is_over_when_it_panics() {
    for (in_flight, spans) in on_both(
        |builder| builder,
        |telemetry| {
            // OpenTelemetry does not let the current context change while somebody looks at it.
            catch_unwind(|| Context::map_current(|_| entered())).unwrap_err();
            telemetry.force_flush(Duration::from_secs(30)).unwrap();
            let points = telemetry.in_memory().metrics();
            let in_flight = points.iter().find(|point| point.name == "entered.in_flight").unwrap();
            match &in_flight.value {
                PointValue::Sum { value, .. } => value.to_string(),
                other => panic!("{other:?}"),
            }
        },
    ) {
        assert_eq!(in_flight, "0");
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!(span.status, Status::error("panicked"));
    }
}
