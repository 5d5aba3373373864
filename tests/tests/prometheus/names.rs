//! What metrics and labels are called, and what becomes of those that Prometheus cannot have.

use std::collections::BTreeSet;

use cryostorm::catalogue::{AttributeEntry, AttributeValues, Catalogue, InstrumentKind, MetricEntry, Source};
use cryostorm::metric::prometheus::{PrometheusReader, ScrapeError};
use cryostorm::opentelemetry::metrics::{Meter, MeterProvider as _};
use cryostorm::opentelemetry::{InstrumentationScope, KeyValue};
use cryostorm::opentelemetry_sdk::Resource;
use cryostorm::opentelemetry_sdk::metrics::{Aggregation, Instrument, SdkMeterProvider, Stream};
use cryostorm::settings::TranslationStrategy;
use cryostorm_tests::exposition::Exposition;

const OPENMETRICS: &str = "application/openmetrics-text;version=1.0.0";

/// A reader of a provider whose exponential histograms are called so.
fn scraped(strategy: TranslationStrategy) -> (PrometheusReader, SdkMeterProvider, Meter) {
    let reader = PrometheusReader::new(strategy);
    let resource = Resource::builder_empty().with_attribute(KeyValue::new("service.name", "suite")).build();
    let exponential = |instrument: &Instrument| {
        let buckets =
            Aggregation::Base2ExponentialHistogram { max_size: 8, max_scale: 2, record_min_max: true };
        let is_so = instrument.name().starts_with("exponential");
        is_so.then(|| Stream::builder().with_aggregation(buckets).build().ok()).flatten()
    };
    let provider = SdkMeterProvider::builder();
    let provider =
        provider.with_resource(resource).with_reader(reader.clone()).with_view(exponential).build();
    let scope = InstrumentationScope::builder("scope").with_version("1.2").build();
    let meter = provider.meter_with_scope(scope);
    (reader, provider, meter)
}

fn classic() -> (PrometheusReader, SdkMeterProvider, Meter) {
    scraped(TranslationStrategy::UnderscoreEscapingWithSuffixes)
}

fn body(reader: &PrometheusReader, accept: &str) -> String {
    let scrape = reader.scrape(Some(accept)).unwrap();
    let is_openmetrics = accept.starts_with("application/openmetrics-text");
    Exposition::parse(&scrape.body, is_openmetrics)
        .unwrap_or_else(|reason| panic!("{reason}\n{}", scrape.body));
    scrape.body
}

fn record_one_of_each(meter: &Meter) {
    let labels = [KeyValue::new("shop.id", 7), KeyValue::new("note", "a \"b\"\\\n")];
    let orders =
        meter.u64_counter("orders.placed").with_unit("{order}").with_description("Orders \"placed\".\n");
    orders.build().add(3, &labels);
    meter.i64_up_down_counter("orders.waiting").build().add(-2, &[]);
    meter.f64_gauge("cache.hits").with_unit("1").build().record(0.5, &[]);
    let duration =
        meter.f64_histogram("order.duration").with_unit("s").with_boundaries(vec![0.5, 1.0]).build();
    for seconds in [0.25, 0.5, 8.0] {
        duration.record(seconds, &[]);
    }
}

#[test]
fn the_prometheus_format_word_by_word() {
    let (reader, _provider, meter) = classic();
    record_one_of_each(&meter);
    let expected = r#"# TYPE cache_hits_ratio gauge
cache_hits_ratio{otel_scope_name="scope",otel_scope_version="1.2"} 0.5
# TYPE order_duration_seconds histogram
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="0.5"} 2
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="1.0"} 2
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="+Inf"} 3
order_duration_seconds_sum{otel_scope_name="scope",otel_scope_version="1.2"} 8.75
order_duration_seconds_count{otel_scope_name="scope",otel_scope_version="1.2"} 3
# TYPE orders_placed_total counter
# HELP orders_placed_total Orders "placed".\n
orders_placed_total{note="a \"b\"\\\n",otel_scope_name="scope",otel_scope_version="1.2",shop_id="7"} 3
# TYPE orders_waiting gauge
orders_waiting{otel_scope_name="scope",otel_scope_version="1.2"} -2
# TYPE target_info gauge
# HELP target_info What identifies the service: the attributes of its resource.
target_info{service_name="suite"} 1
"#;
    assert_eq!(body(&reader, "text/plain"), expected);
}

#[test]
fn openmetrics_word_by_word() {
    let (reader, _provider, meter) = classic();
    record_one_of_each(&meter);
    let expected = r#"# TYPE cache_hits_ratio gauge
# UNIT cache_hits_ratio ratio
cache_hits_ratio{otel_scope_name="scope",otel_scope_version="1.2"} 0.5
# TYPE order_duration_seconds histogram
# UNIT order_duration_seconds seconds
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="0.5"} 2
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="1.0"} 2
order_duration_seconds_bucket{otel_scope_name="scope",otel_scope_version="1.2",le="+Inf"} 3
order_duration_seconds_sum{otel_scope_name="scope",otel_scope_version="1.2"} 8.75
order_duration_seconds_count{otel_scope_name="scope",otel_scope_version="1.2"} 3
# TYPE orders_placed counter
# HELP orders_placed Orders \"placed\".\n
orders_placed_total{note="a \"b\"\\\n",otel_scope_name="scope",otel_scope_version="1.2",shop_id="7"} 3
# TYPE orders_waiting gauge
orders_waiting{otel_scope_name="scope",otel_scope_version="1.2"} -2
# TYPE target info
# HELP target What identifies the service: the attributes of its resource.
target_info{service_name="suite"} 1
# EOF
"#;
    assert_eq!(body(&reader, OPENMETRICS), expected);
}

/// The rules of a catalogue are about the series that are scraped, also where a name has the words of its suffixes already.
#[test]
fn rules_know_what_is_scraped() {
    let (reader, _provider, meter) = classic();
    let labels = ["2nd", "_hidden", "team.name"];
    let attributes = labels.map(|key| KeyValue::new(key, "a"));
    let counters = [("total.requests", "1"), ("disk.bytes.total", "By"), ("sent", "By/s"), ("runs", "{run}")];
    for (name, unit) in counters {
        meter.u64_counter(name).with_unit(unit).build().add(1, &attributes);
    }
    let histograms = [("wait", "s"), ("wait.seconds.longest", "s"), ("kilobytes", "By")];
    for (name, unit) in histograms {
        meter.f64_histogram(name).with_unit(unit).build().record(1.0, &attributes);
    }
    let read = Exposition::parse(&body(&reader, "text/plain"), false).unwrap();
    let entry = |name: &str, unit, kind| {
        MetricEntry::new(name.to_owned(), kind, Source::new("suite", "suite.rs", 1))
            .with_unit(unit)
            .with_attributes(labels.map(|key| AttributeEntry::new(key, AttributeValues::Text)))
    };
    let counters = counters.map(|(name, unit)| entry(name, unit, InstrumentKind::Counter));
    let histograms = histograms.map(|(name, unit)| entry(name, unit, InstrumentKind::Histogram));
    let catalogue = Catalogue::new([], counters.into_iter().chain(histograms));
    let rules = catalogue.to_prometheus_rules("shop").unwrap().to_string();
    let names: BTreeSet<_> =
        rules.match_indices("rate(").map(|(at, found)| series(&rules[at + found.len()..])).collect();
    assert_eq!(names.len(), 4 + 2 * 3, "{names:?}");
    for name in names {
        let own = [("key_2nd", "a"), ("key_hidden", "a"), ("team_name", "a")];
        let own =
            if name.ends_with("_bucket") { [&own[..], &[("le", "+Inf")]].concat() } else { own.to_vec() };
        assert_eq!(read.value(name, &own), Some(1.0), "{name} in {read:?}");
    }
    assert!(rules.contains("sum by (job, key_2nd, key_hidden, team_name)"), "{rules}");
}

/// The name of the series that a query begins with.
fn series(query: &str) -> &str {
    query.split('{').next().unwrap()
}

#[test]
fn names_in_utf8_are_quoted_for_those_who_take_them() {
    let (reader, _provider, meter) = scraped(TranslationStrategy::NoTranslation);
    meter.u64_counter("orders.placed").with_unit("By").build().add(1, &[KeyValue::new("shop.id", 7)]);
    let sample = |accept| {
        let body = body(&reader, accept);
        body.lines().find(|line| line.ends_with("\"} 1") && line.contains("placed")).unwrap().to_owned()
    };
    let scope = r#"otel_scope_name="scope",otel_scope_version="1.2""#;
    assert_eq!(
        sample("text/plain;version=1.0.0;escaping=allow-utf-8"),
        format!(r#"{{"orders.placed",{scope},"shop.id"="7"}} 1"#)
    );
    assert_eq!(
        sample("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8"),
        format!(r#"{{"orders.placed_total",{scope},"shop.id"="7"}} 1"#)
    );
    assert_eq!(sample("text/plain"), format!(r#"orders_placed{{{scope},shop_id="7"}} 1"#));
    assert!(
        sample("text/plain;version=1.0.0;escaping=values")
            .starts_with("U__orders_2e_placed{U__shop_2e_id=\"7\",")
    );
    assert!(sample("text/plain;version=1.0.0;escaping=dots").starts_with("orders_dot_placed{"));
}

#[test]
fn of_metrics_that_conflict_the_first_stays() {
    let (reader, provider, meter) = classic();
    meter.u64_counter("jobs").with_description("First.").build().add(1, &[]);
    meter.f64_gauge("jobs.total").build().record(2.0, &[]);
    meter.f64_histogram("size").with_boundaries(vec![1.0]).build().record(0.5, &[]);
    meter.u64_gauge("size.count").build().record(9, &[]);
    meter.u64_gauge("target.info").build().record(9, &[]);
    meter.f64_histogram("exponential").build().record(1.0, &[]);
    // Another scope has a metric of the same name and type: one family, told apart by their scopes.
    provider.meter("scope.b").u64_counter("jobs").with_description("Second.").build().add(4, &[]);
    for (accept, is_openmetrics) in [("text/plain", false), (OPENMETRICS, true)] {
        let read = Exposition::parse(&body(&reader, accept), is_openmetrics).unwrap();
        let names: Vec<_> = read.families.iter().map(|family| family.name.as_str()).collect();
        assert_eq!(
            names,
            if is_openmetrics { ["jobs", "size", "target"] } else { ["jobs_total", "size", "target_info"] }
        );
        assert_eq!(read.families[0].help.as_deref(), Some("First."));
        assert_eq!(read.value("jobs_total", &[("otel_scope_name", "scope")]), Some(1.0));
        assert_eq!(read.value("jobs_total", &[("otel_scope_name", "scope.b")]), Some(4.0));
        assert_eq!(read.value("size_count", &[]), Some(1.0));
    }
}

#[test]
fn what_only_one_format_cannot_have_is_in_the_other() {
    let (reader, _provider, meter) = classic();
    meter.f64_gauge("target").build().record(2.0, &[]);
    meter.f64_gauge("jobs").build().record(3.0, &[]);
    meter.u64_counter("jobs").build().add(1, &[]);
    let read = Exposition::parse(&body(&reader, "text/plain"), false).unwrap();
    assert_eq!(read.value("target", &[]), Some(2.0));
    assert_eq!((read.value("jobs", &[]), read.value("jobs_total", &[])), (Some(3.0), Some(1.0)));
    // There the family of `target_info` is called `target`.
    let read = Exposition::parse(&body(&reader, OPENMETRICS), true).unwrap();
    assert_eq!(read.value("target", &[]), None);
}

#[test]
fn metrics_that_would_become_one_are_not_added_up() {
    let (reader, provider, meter) = classic();
    // In whichever order they come.
    provider.meter("scope.b").u64_counter("jobs_done").build().add(10, &[]);
    meter.u64_counter("jobs_done").build().add(4, &[KeyValue::new("kind", "b")]);
    meter.u64_counter("jobs.done").build().add(2, &[KeyValue::new("kind", "a")]);
    for (accept, is_openmetrics) in [("text/plain", false), (OPENMETRICS, true)] {
        let text = body(&reader, accept);
        let read = Exposition::parse(&text, is_openmetrics).unwrap();
        assert_eq!(read.value("jobs_done_total", &[("kind", "a")]), Some(2.0));
        assert_eq!(text.lines().filter(|line| line.starts_with("jobs_done_total{")).count(), 1, "{text}");
    }
    // Where they keep their names, they are two.
    let (reader, _provider, meter) = scraped(TranslationStrategy::NoUtf8EscapingWithSuffixes);
    meter.u64_counter("jobs_done").build().add(4, &[]);
    meter.u64_counter("jobs.done").build().add(2, &[]);
    let text = body(&reader, "text/plain;version=1.0.0;escaping=allow-utf-8");
    let read = Exposition::parse(&text, false).unwrap();
    assert_eq!(
        (read.value("jobs_done_total", &[]), read.value("jobs.done_total", &[])),
        (Some(4.0), Some(2.0))
    );
}

#[test]
fn numbers_that_are_none_have_names() {
    let (reader, _provider, meter) = classic();
    let level = meter.f64_up_down_counter("level").build();
    // The SDK refuses a measurement that is no number, but a sum may become one.
    for (label, steps) in [
        ("up", &[f64::MAX, f64::MAX][..]),
        ("down", &[f64::MIN, f64::MIN]),
        ("huge", &[1e300]),
        ("tiny", &[1e-7]),
    ] {
        for step in steps {
            level.add(*step, &[KeyValue::new("at", label)]);
        }
    }
    let body = body(&reader, OPENMETRICS);
    for (label, value) in [("up", "+Inf"), ("down", "-Inf"), ("huge", "1e300"), ("tiny", "1e-7")] {
        let line =
            format!(r#"level{{at="{label}",otel_scope_name="scope",otel_scope_version="1.2"}} {value}"#);
        assert!(body.lines().any(|known| known == line), "{line} in {body}");
    }
}

#[test]
fn a_reader_that_is_not_installed_says_so() {
    let error = PrometheusReader::default().scrape(None).unwrap_err();
    assert!(matches!(error, ScrapeError::NotCollected(_)), "{error}");
}
