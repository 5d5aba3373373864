//! Whatever metrics are called and labelled, a scrape keeps to the grammar of its format.

use cryostorm::metric::prometheus::PrometheusReader;
use cryostorm::opentelemetry::metrics::MeterProvider as _;
use cryostorm::opentelemetry::{InstrumentationScope, KeyValue};
use cryostorm::opentelemetry_sdk::Resource;
use cryostorm::opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
use cryostorm::settings::TranslationStrategy;
use cryostorm_tests::exposition::Exposition;
use proptest::collection::vec;
use proptest::prelude::*;

/// A metric with its instrument's kind, any name, a description, a unit and points.
#[derive(Clone, Debug)]
struct Given {
    kind: u8,
    name: String,
    description: String,
    unit: String,
    scope: String,
    points: Vec<(Vec<(String, String)>, f64)>,
}

/// Names that mean the same, that clash with suffixes, and any.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "a",
            "a.b",
            "a_b",
            "a.total",
            "a_count",
            "a.bucket",
            "target",
            "target.info",
            "le",
            "__name__",
            "1",
            "",
            "ü",
            "a:b",
            "a\"b\\\n",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn given() -> impl Strategy<Value = Given> {
    let value = prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), -1.0..100.0];
    let points = vec((vec((name(), any::<String>()), 0..4), value), 1..4);
    let unit = prop_oneof![Just("s".to_owned()), Just("{a}/By".to_owned()), "[ -~]{0,20}"];
    (0..7_u8, name(), any::<String>(), unit, name(), points).prop_map(
        |(kind, name, description, unit, scope, points)| Given {
            kind,
            name,
            description,
            unit,
            scope,
            points,
        },
    )
}

const STRATEGIES: [TranslationStrategy; 4] = [
    TranslationStrategy::UnderscoreEscapingWithSuffixes,
    TranslationStrategy::UnderscoreEscapingWithoutSuffixes,
    TranslationStrategy::NoUtf8EscapingWithSuffixes,
    TranslationStrategy::NoTranslation,
];

const FORMATS: [(&str, bool); 7] = [
    ("*/*", false),
    ("text/plain;version=0.0.4;escaping=dots", false),
    ("text/plain;version=1.0.0;escaping=allow-utf-8", false),
    ("text/plain;version=1.0.0;escaping=values", false),
    ("application/openmetrics-text;escaping=allow-utf-8", true),
    ("application/openmetrics-text;escaping=dots", true),
    ("application/openmetrics-text", true),
];

/// The metrics, under names that the API would not take: a view gives them.
fn provider(given: &[Given], reader: &PrometheusReader) -> SdkMeterProvider {
    let resource =
        Resource::builder_empty().with_attribute(KeyValue::new("service.name", "suite\n\"")).build();
    let mut builder = SdkMeterProvider::builder().with_resource(resource).with_reader(reader.clone());
    for (index, metric) in given.iter().enumerate() {
        let (instrument, metric) = (format!("m{index}"), metric.clone());
        builder = builder.with_view(move |known: &Instrument| {
            let stream = Stream::builder().with_name(metric.name.clone());
            (known.name() == instrument)
                .then(|| stream.with_description(metric.description.clone()).build().ok())
                .flatten()
        });
    }
    let provider = builder.build();
    for (index, metric) in given.iter().enumerate() {
        let scope = InstrumentationScope::builder(metric.scope.clone());
        let scope = scope.with_attributes([KeyValue::new(metric.name.clone(), "scope")]).build();
        record(&provider.meter_with_scope(scope), format!("m{index}"), metric);
    }
    provider
}

fn record(meter: &cryostorm::opentelemetry::metrics::Meter, name: String, metric: &Given) {
    let unit = metric.unit.clone();
    for (labels, value) in &metric.points {
        let pairs = labels.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let attributes: Vec<_> = pairs.collect();
        let (name, unit, value) = (name.clone(), unit.clone(), *value);
        // The SDK's whole sums overflow, so numbers of half the width go into them.
        match metric.kind {
            0 => meter.u64_counter(name).with_unit(unit).build().add(u64::from(value as u32), &attributes),
            1 => meter.f64_counter(name).with_unit(unit).build().add(value, &attributes),
            2 => meter
                .i64_up_down_counter(name)
                .with_unit(unit)
                .build()
                .add(i64::from(value as i32), &attributes),
            3 => meter.f64_gauge(name).with_unit(unit).build().record(value, &attributes),
            4 => meter.f64_histogram(name).with_unit(unit).build().record(value, &attributes),
            5 => {
                let histogram = meter.u64_histogram(name).with_unit(unit);
                histogram.with_boundaries(Vec::new()).build().record(u64::from(value as u32), &attributes);
            }
            _ => {
                let histogram = meter.f64_histogram(name).with_unit(unit);
                histogram.with_boundaries(vec![-1.0, 0.0, 1e300]).build().record(value, &attributes);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn every_scrape_keeps_to_its_grammar(
        strategy in prop::sample::select(STRATEGIES.to_vec()),
        given in vec(given(), 1..6),
    ) {
        let reader = PrometheusReader::new(strategy);
        let _provider = provider(&given, &reader);
        for (accept, is_openmetrics) in FORMATS {
            let scrape = reader.scrape(Some(accept)).unwrap();
            let read = Exposition::parse(&scrape.body, is_openmetrics);
            prop_assert!(read.is_ok(), "{:?} with {strategy} for {accept}: {}", read, scrape.body);
            // Whatever conflicts, the first of all metrics is there besides what identifies the service.
            let families = read.map(|read| read.families.len()).unwrap_or_default();
            let is_only_target = given.iter().all(|metric| metric.name.starts_with("target") || is_lost(metric));
            prop_assert!(families > 1 || is_only_target, "{given:?}: {}", scrape.body);
        }
    }
}

/// Whether the SDK keeps none of the points: it refuses what is no number, and counters what is negative.
fn is_lost(metric: &Given) -> bool {
    let is_refused = |value: f64| !value.is_finite() || (metric.kind == 1 && value < 0.0);
    matches!(metric.kind, 1 | 3 | 4 | 6) && metric.points.iter().all(|(_, value)| is_refused(*value))
}
