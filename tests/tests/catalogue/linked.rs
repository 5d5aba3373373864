//! What the linker finds of the functions here.

use cryostorm::catalogue::{
    AttributeValues, Catalogue, InstrumentKind, MetricEntry, MetricField, NumberType, Objective, Source,
    SpanEntry, catalogue,
};
use cryostorm::opentelemetry::trace::SpanKind;
use cryostorm::settings::EnvironmentType;
use cryostorm::{Error, Telemetry, counted, timed, traced};
use cryostorm_tests::installation::{alone, quiet};

const STORED: &str = "linked.stored";

/// Stores a thing.
#[traced(kind = Client, attributes(db.system = "postgres", thing.id = id), ok(thing.size = |size| *size))]
#[counted(name = STORED, unit = "{thing}", attributes(channel = "web", rush = id > 7), objective(success = 0.999))]
#[timed(
    name = "linked.store.duration",
    unit = "ms",
    buckets = [10, 250],
    in_flight = "linked.store.in_flight",
    objective(latency = 250, target = 0.99)
)]
fn store(id: u64) -> Result<u64, std::fmt::Error> {
    Ok(id)
}

struct Shelf<T>(T);

#[traced]
impl<T: Send> Shelf<T> {
    async fn fill(self) -> T {
        self.0
    }
}

trait Named {
    const NAME: &'static str;

    /// In no catalogue: its name differs from type to type.
    #[traced(name = Self::NAME)]
    fn name(&self) {}
}

#[counted(name = "linked.never.called", attributes(kind = "first"))]
fn never_called() {}

#[counted(name = "linked.twice", unit = "s", description = "Once.")]
fn once() {}

#[counted(name = "linked.Twice", unit = "ms", description = "Once.")]
fn twice() {}

/// Sells a thing.
#[counted(name = "linked.shared")]
fn sell() {}

/// Buys a thing.
#[counted(name = "linked.Shared")]
fn buy() {}

/// Lends a thing.
#[counted(name = "linked.described")]
fn lend() {}

#[counted(name = "linked.described", description = "Things that change hands.")]
fn give() {}

/// Things that are left.
#[timed(name = "linked.alone")]
fn leave() {}

#[test]
fn what_a_function_says_of_itself_describes_a_metric_that_is_its_own() {
    let catalogue = catalogue();
    let descriptions = |name: &str| -> Vec<_> {
        let metrics = catalogue.metrics.iter().filter(|metric| metric.name.eq_ignore_ascii_case(name));
        metrics.map(|metric| &*metric.description).collect()
    };
    assert_eq!(descriptions("linked.alone"), ["Things that are left."]);
    assert_eq!(descriptions("linked.shared"), ["Calls of annotated functions."; 2]);
    assert_eq!(descriptions("linked.described"), ["Things that change hands."; 2]);
    let of_descriptions: Vec<_> = catalogue
        .conflicts()
        .into_iter()
        .filter(|conflict| conflict.field == MetricField::Description)
        .collect();
    assert_eq!(of_descriptions, []);
}

#[test]
fn a_shared_metric_is_exported_with_the_description_that_is_written_down() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    lend();
    give();
    sell();
    buy();
    leave();
    guard.shutdown().unwrap();
    let points = guard.in_memory().metrics();
    let of_it: Vec<_> = points.iter().filter(|point| point.name == "linked.described").collect();
    assert_eq!(of_it.len(), 2);
    assert!(of_it.iter().all(|point| point.description == "Things that change hands."), "{of_it:?}");
    assert!(points.iter().any(|point| point.description == "Things that are left."));
    assert!(!points.iter().any(|point| point.description == "Sells a thing."));
}

fn span(name: &str) -> SpanEntry {
    let catalogue = catalogue();
    let mut found = catalogue.spans.into_iter().filter(|span| span.name.ends_with(name));
    let span = found.next().unwrap();
    assert_eq!(found.next(), None);
    span
}

fn metric(name: &str) -> MetricEntry {
    let catalogue = catalogue();
    let mut found = catalogue.metrics.into_iter().filter(|metric| metric.name == name);
    let metric = found.next().unwrap();
    assert_eq!(found.next(), None);
    metric
}

fn values(attributes: &[cryostorm::catalogue::AttributeEntry], key: &str) -> AttributeValues {
    attributes.iter().find(|attribute| attribute.key == key).unwrap().values.clone()
}

#[test]
fn an_annotated_function_is_found_without_a_call() {
    let store = span("linked::store");
    assert_eq!(store.kind, SpanKind::Client);
    assert_eq!(values(&store.attributes, "db.system"), AttributeValues::Known(vec!["postgres".into()]));
    for key in ["thing.id", "thing.size"] {
        assert_eq!(values(&store.attributes, key), AttributeValues::Unbounded { limit: None });
    }
    assert!(store.source.function.ends_with("linked::store"), "{}", store.source);
    assert!(store.source.file.ends_with("linked.rs") && store.source.line > 10, "{}", store.source);
    assert!(span("linked::Shelf::fill").source.line > store.source.line);
    assert!(!catalogue().spans.iter().any(|span| span.source.function.ends_with("Named::name")));
}

#[test]
fn its_metrics_are_found_with_all_that_is_known_of_them() {
    let stored = metric(STORED);
    assert_eq!(
        (stored.kind, &*stored.unit, &*stored.description),
        (InstrumentKind::Counter, "{thing}", "Stores a thing.")
    );
    assert_eq!(values(&stored.attributes, "channel"), AttributeValues::Known(vec!["web".into()]));
    assert_eq!(values(&stored.attributes, "rush"), AttributeValues::Text);
    let AttributeValues::Known(function) = values(&stored.attributes, "code.function.name") else { panic!() };
    assert_eq!(function, [stored.source.function.clone().into()]);
    assert_eq!(stored.objective, Some(Objective::Success { target: 0.999 }));

    let duration = metric("linked.store.duration");
    assert_eq!((duration.kind, &*duration.unit), (InstrumentKind::Histogram, "ms"));
    assert_eq!(duration.buckets, Some(vec![10.0, 250.0]));
    assert_eq!(duration.objective, Some(Objective::Latency { seconds: 0.25, target: 0.99 }));
    assert_eq!(metric("linked.store.in_flight").kind, InstrumentKind::UpDownCounter);
}

#[test]
fn what_contradicts_itself_is_an_error_in_development_and_said_elsewhere() {
    let _alone = alone();
    let mut settings = quiet();
    settings.service.environment = EnvironmentType::Development;
    let error = Telemetry::from_settings(settings).unwrap_err();
    assert!(matches!(&error, Error::Catalogue(conflicts) if conflicts.len() == 1), "{error}");
    let text = error.to_string();
    for part in ["linked.Twice", r#""s""#, r#""ms""#, "linked::once", "linked::twice", "linked.rs:"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    Telemetry::from_settings(quiet()).unwrap().shutdown().unwrap();
}

#[test]
fn another_type_of_values_is_a_contradiction() {
    let source = |line| Source::new("io::bytes", "src/io.rs", line);
    let whole = MetricEntry::new("io.bytes", InstrumentKind::Counter, source(1));
    let parts = MetricEntry::new("io.bytes", InstrumentKind::Counter, source(2)).with_number(NumberType::F64);
    let conflicts = Catalogue::new([], [whole, parts]).conflicts();
    assert_eq!(
        conflicts[0].to_string(),
        r#"metric "io.bytes" has two types of values: u64 at io::bytes (src/io.rs:1) and f64 at io::bytes (src/io.rs:2)"#
    );
}

#[test]
fn what_is_known_begins_at_zero() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    guard.shutdown().unwrap();
    let points = guard.in_memory().metrics();
    let values = |name: &str| -> Vec<_> {
        points.iter().filter(|point| point.name == name).map(|point| format!("{:?}", point.value)).collect()
    };
    assert_eq!(values("linked.never.called"), ["Sum { value: U64(0), monotonic: true }"]);
    assert_eq!(values("linked.store.in_flight"), ["Sum { value: I64(0), monotonic: false }"]);
    assert_eq!(values(STORED), [""; 0], "not known before a call");
}

#[test]
fn what_is_not_called_still_compiles() {
    let _ = (store as fn(u64) -> _, never_called as fn(), once as fn(), twice as fn());
    struct Thing;
    impl Named for Thing {
        const NAME: &'static str = "thing";
    }
    Thing.name();
    drop(Shelf(1).fill());
}
