//! What readers get.

use std::sync::{Arc, Weak};
use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Temporality};

use super::super::super::instruments::Instruments;

/// Instruments with readers.
pub(super) struct Telling {
    pub(super) instruments: Instruments,
    readers: Vec<Reader>,
    _provider: SdkMeterProvider,
}

/// What one collection exported, in an order that does not vary.
#[derive(Debug, PartialEq)]
pub(super) struct Exported {
    pub(super) points: Vec<Point>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Point {
    pub(super) metric: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) data: Data,
}

#[derive(Debug, PartialEq)]
pub(super) enum Data {
    Sum(i128),
    Histogram(Histogram),
}

#[derive(Debug, PartialEq)]
pub(super) struct Histogram {
    pub(super) count: u64,
    pub(super) sum: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) bounds: Vec<f64>,
    pub(super) buckets: Vec<u64>,
}

impl Telling {
    pub(super) fn new(readers: &[Temporality]) -> Self {
        let readers: Vec<_> = readers.iter().map(|temporality| Reader::new(*temporality)).collect();
        let provider = readers
            .iter()
            .fold(SdkMeterProvider::builder(), |builder, reader| builder.with_reader(reader.clone()))
            .build();
        Self { instruments: Instruments::new(provider.meter("test")), readers, _provider: provider }
    }

    pub(super) fn collect(&self, reader: usize) -> Exported {
        let mut metrics = ResourceMetrics::default();
        self.readers[reader].collect(&mut metrics).unwrap();
        let metrics = metrics.scope_metrics().flat_map(|scope| scope.metrics());
        let mut points: Vec<_> = metrics.flat_map(|metric| points(metric.name(), metric.data())).collect();
        points.sort_by(|a, b| (&a.metric, &a.attributes).cmp(&(&b.metric, &b.attributes)));
        Exported { points }
    }
}

impl Data {
    /// The sum, or how often something was measured.
    pub(super) fn total(&self) -> i128 {
        match self {
            Self::Sum(sum) => *sum,
            Self::Histogram(histogram) => histogram.count.into(),
        }
    }
}

fn points(metric: &str, data: &AggregatedMetrics) -> Vec<Point> {
    let point = |attributes: &mut dyn Iterator<Item = &opentelemetry::KeyValue>, data| {
        let mut attributes: Vec<_> =
            attributes.map(|it| (it.key.to_string(), it.value.to_string())).collect();
        attributes.sort();
        Point { metric: metric.to_owned(), attributes, data }
    };
    match data {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|it| point(&mut it.attributes(), Data::Sum(it.value().into()))).collect()
        }
        AggregatedMetrics::I64(MetricData::Sum(sum)) => {
            sum.data_points().map(|it| point(&mut it.attributes(), Data::Sum(it.value().into()))).collect()
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => histogram
            .data_points()
            .map(|it| {
                let data = Data::Histogram(Histogram {
                    count: it.count(),
                    sum: it.sum(),
                    min: it.min().unwrap(),
                    max: it.max().unwrap(),
                    bounds: it.bounds().collect(),
                    buckets: it.bucket_counts().collect(),
                });
                point(&mut it.attributes(), data)
            })
            .collect(),
        other => panic!("unexpected: {other:?}"),
    }
}

/// One that the test keeps, too.
#[derive(Clone, Debug)]
struct Reader(Arc<ManualReader>);

impl Reader {
    fn new(temporality: Temporality) -> Self {
        Self(Arc::new(ManualReader::builder().with_temporality(temporality).build()))
    }
}

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}
