//! Errors that say themselves what they are.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry::trace::Status;
use cryostorm::{ClassifyError, Level, counted, timed, traced};
use cryostorm_tests::trace::{error_type, give_way, spans_of, telemetry, total};
use futures::executor::block_on;
use futures::{Stream, StreamExt as _};

#[derive(Clone, Copy, Debug)]
enum Charge {
    Declined,
    Gateway,
    /// Panics whatever it is asked.
    Broken,
}

impl fmt::Display for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "charging: {self:?}")
    }
}

impl std::error::Error for Charge {}

impl ClassifyError for Charge {
    fn error_type(&self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Gateway => "gateway",
            Self::Broken => panic!("on purpose"),
        }
    }

    fn severity(&self) -> Level {
        match self {
            Self::Declined => Level::Info,
            Self::Gateway => Level::Fatal,
            Self::Broken => panic!("on purpose"),
        }
    }

    fn is_expected(&self) -> bool {
        match self {
            Self::Declined => true,
            Self::Gateway => false,
            Self::Broken => panic!("on purpose"),
        }
    }
}

macro_rules! charging {
    ($($(#[$attribute:meta])* $name:ident $error:ty, $make:expr;)*) => {$(
        $(#[$attribute])*
        #[counted]
        #[timed]
        fn $name(charge: Charge) -> Result<u8, $error> {
            let make: fn(Charge) -> $error = $make;
            Err(make(charge))
        }
    )*};
}
charging! {
    #[traced] plain Charge, |charge| charge;
    #[traced] boxed Box<Charge>, Box::new;
    #[traced] shared Arc<Charge>, Arc::new;
    #[traced] unlogged Charge, |charge| charge;
    #[traced(record_error = log)] logged Charge, |charge| charge;
    #[traced(record_error = both)] both Charge, |charge| charge;
    #[traced(error_type = "renamed")] renamed Charge, |charge| charge;
}

#[traced]
#[counted]
#[timed]
async fn later(charge: Charge) -> Result<u8, Charge> {
    give_way().await;
    Err(charge)
}

#[traced]
#[counted]
#[timed]
async fn generic<E: ClassifyError>(error: E) -> Result<u8, E> {
    give_way().await;
    Err(error)
}

fn each(charge: Charge) {
    plain(charge).unwrap_err();
    boxed(charge).unwrap_err();
    shared(charge).unwrap_err();
    block_on(later(charge)).unwrap_err();
    block_on(generic(charge)).unwrap_err();
}

const EACH: [&str; 5] = ["plain", "boxed", "shared", "later", "generic"];

#[test]
fn an_error_names_itself_and_an_expected_one_is_no_failure() {
    let trace = spans_of(|| each(Charge::Gateway));
    for name in EACH {
        let span = trace.named(name);
        assert_eq!(error_type(span).as_deref(), Some("gateway"), "{name}");
        assert_eq!(span.status, Status::error("charging: Gateway"));
        assert_eq!(span.events.len(), 1);
    }
    let trace = spans_of(|| each(Charge::Declined));
    for name in EACH {
        let span = trace.named(name);
        assert_eq!((error_type(span), span.status.clone(), span.events.len()), (None, Status::Unset, 0));
    }
    for metric in ["function.calls", "function.duration"] {
        for name in EACH {
            let counted = [Some("gateway"), None].map(|error| total(metric, name, error));
            assert_eq!(counted, [1, 1], "{metric} {name}");
        }
    }
}

#[test]
fn one_that_panics_when_it_is_asked_hurts_nothing() {
    let trace = spans_of(|| each(Charge::Broken));
    for name in EACH {
        let span = trace.named(name);
        assert!(error_type(span).unwrap().contains("outcomes::classified::Charge"), "{name}");
        assert_eq!((span.status.clone(), span.events.len()), (Status::error("charging: Broken"), 1));
    }
}

#[test]
fn a_name_given_at_the_function_goes_before() {
    let trace = spans_of(|| assert!(renamed(Charge::Gateway).or(renamed(Charge::Declined)).is_err()));
    assert_eq!(trace.spans.iter().map(error_type).collect::<Vec<_>>(), [Some("renamed".to_owned()), None]);
}

/// The severities of the records of a function.
fn severities(function: &str) -> Vec<(Option<Severity>, Option<AnyValue>)> {
    telemetry().force_flush(Duration::from_secs(30)).unwrap();
    let function = AnyValue::from(format!("outcomes::classified::{function}"));
    let logs = telemetry().in_memory().logs();
    let of_function = logs.iter().filter(|log| log.attributes_iter().any(|(_, value)| *value == function));
    of_function.map(|log| (log.severity_number(), log.body().cloned())).collect()
}

#[test]
fn a_record_has_the_severity_that_the_error_has() {
    let all = [Charge::Declined, Charge::Gateway, Charge::Broken];
    let trace = spans_of(|| {
        for charge in all {
            let _ = (logged(charge), both(charge), unlogged(charge));
        }
    });
    let of = |severity, charge| (Some(severity), Some(AnyValue::from(format!("charging: {charge:?}"))));
    let expected = [
        of(Severity::Info, Charge::Declined),
        of(Severity::Fatal, Charge::Gateway),
        of(Severity::Error, Charge::Broken),
    ];
    assert_eq!(severities("logged"), expected);
    assert_eq!(severities("both"), expected);
    assert_eq!(severities("unlogged"), []);
    let events = trace.spans.iter().filter(|span| span.name.ends_with("::both"));
    assert_eq!(events.map(|span| span.events.len()).collect::<Vec<_>>(), [0, 1, 1]);
}

#[traced(record_error = log)]
#[counted]
fn charges(charges: &'static [Charge]) -> impl Stream<Item = Result<u8, Charge>> {
    futures::stream::iter(charges).map(|charge| Err(*charge))
}

#[test]
fn a_stream_goes_well_with_expected_errors() {
    use Charge::{Declined, Gateway};
    let trace = spans_of(|| {
        assert_eq!(block_on(charges(&[Declined]).count()), 1);
        assert_eq!(block_on(charges(&[Declined, Gateway, Declined, Gateway]).count()), 4);
    });
    let types: Vec<_> = trace.spans.iter().map(error_type).collect();
    assert_eq!(types, [None, Some("gateway".to_owned())]);
    let logged: Vec<_> = severities("charges").into_iter().filter_map(|(severity, _)| severity).collect();
    assert_eq!(logged, [Severity::Info, Severity::Info, Severity::Fatal], "until the first failure");
    assert_eq!([None, Some("gateway")].map(|error| total("function.calls", "charges", error)), [1, 1]);
}
