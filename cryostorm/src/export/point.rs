//! Metric points as plain data, one by one, whatever their aggregation.

use std::fmt;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, ExponentialHistogram, Histogram, Metric, MetricData, ResourceMetrics,
};

/// One point of a metric at one collection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricPoint {
    /// The name of the instrument.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its unit, in UCUM.
    pub unit: String,
    /// What tells this point from the metric's others.
    pub attributes: Vec<KeyValue>,
    /// When it was collected.
    pub time: SystemTime,
    /// What was measured.
    pub value: PointValue,
}

/// What a [`MetricPoint`] measured.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PointValue {
    /// The last value of a gauge.
    Gauge(Number),
    /// A sum.
    Sum {
        /// The sum.
        value: Number,
        /// Whether it only rises.
        monotonic: bool,
    },
    /// A distribution.
    #[non_exhaustive]
    Histogram {
        /// How many measurements.
        count: u64,
        /// Their sum.
        sum: Number,
        /// The least of them.
        min: Option<Number>,
        /// The greatest of them.
        max: Option<Number>,
        /// The upper bounds of the buckets; none where the buckets are exponential.
        bounds: Vec<f64>,
        /// How many measurements are in each bucket, the last one having no upper bound.
        bucket_counts: Vec<u64>,
    },
}

/// A measured number of one of the types that instruments have.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Number {
    /// A whole number that is not negative.
    U64(u64),
    /// A whole number.
    I64(i64),
    /// A number.
    F64(f64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::U64(number) => number.fmt(f),
            Self::I64(number) => number.fmt(f),
            Self::F64(number) => number.fmt(f),
        }
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::U64(number)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::I64(number)
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::F64(number)
    }
}

/// How many points a collection has.
pub(crate) fn point_count(metrics: &ResourceMetrics) -> usize {
    fn count<T>(data: &MetricData<T>) -> usize {
        match data {
            MetricData::Gauge(gauge) => gauge.data_points().count(),
            MetricData::Sum(sum) => sum.data_points().count(),
            MetricData::Histogram(histogram) => histogram.data_points().count(),
            MetricData::ExponentialHistogram(histogram) => histogram.data_points().count(),
        }
    }
    let metrics = metrics.scope_metrics().flat_map(|scope| scope.metrics());
    metrics
        .map(|metric| match metric.data() {
            AggregatedMetrics::F64(data) => count(data),
            AggregatedMetrics::U64(data) => count(data),
            AggregatedMetrics::I64(data) => count(data),
        })
        .sum()
}

/// All points of a collection.
pub(crate) fn points(metrics: &ResourceMetrics) -> Vec<MetricPoint> {
    let metrics = metrics.scope_metrics().flat_map(|scope| scope.metrics());
    metrics.flat_map(metric_points).collect()
}

/// All points of a metric.
pub(crate) fn metric_points(metric: &Metric) -> Vec<MetricPoint> {
    let mut points = Vec::new();
    match metric.data() {
        AggregatedMetrics::F64(data) => collect(metric, data, &mut points),
        AggregatedMetrics::U64(data) => collect(metric, data, &mut points),
        AggregatedMetrics::I64(data) => collect(metric, data, &mut points),
    }
    // In the SDK's order they would be otherwise each time.
    points.sort_by_cached_key(|point: &MetricPoint| -> Vec<_> {
        point.attributes.iter().map(|pair| (pair.key.to_string(), pair.value.to_string())).collect()
    });
    points
}

fn collect<T: Copy + Into<Number>>(metric: &Metric, data: &MetricData<T>, points: &mut Vec<MetricPoint>) {
    let point = |mut attributes: Vec<KeyValue>, time, value| {
        attributes.sort_by(|one, other| one.key.cmp(&other.key));
        MetricPoint {
            name: metric.name().to_owned(),
            description: metric.description().to_owned(),
            unit: metric.unit().to_owned(),
            attributes,
            time,
            value,
        }
    };
    match data {
        MetricData::Gauge(gauge) => points.extend(gauge.data_points().map(|at| {
            point(at.attributes().cloned().collect(), gauge.time(), PointValue::Gauge(at.value().into()))
        })),
        MetricData::Sum(sum) => points.extend(sum.data_points().map(|at| {
            let value = PointValue::Sum { value: at.value().into(), monotonic: sum.is_monotonic() };
            point(at.attributes().cloned().collect(), sum.time(), value)
        })),
        MetricData::Histogram(histogram) => {
            points.extend(
                explicit(histogram).map(|(attributes, value)| point(attributes, histogram.time(), value)),
            );
        }
        MetricData::ExponentialHistogram(histogram) => points.extend(
            exponential(histogram).map(|(attributes, value)| point(attributes, histogram.time(), value)),
        ),
    }
}

fn explicit<T: Copy + Into<Number>>(
    histogram: &Histogram<T>,
) -> impl Iterator<Item = (Vec<KeyValue>, PointValue)> + '_ {
    histogram.data_points().map(|at| {
        let value = PointValue::Histogram {
            count: at.count(),
            sum: at.sum().into(),
            min: at.min().map(Into::into),
            max: at.max().map(Into::into),
            bounds: at.bounds().collect(),
            bucket_counts: at.bucket_counts().collect(),
        };
        (at.attributes().cloned().collect(), value)
    })
}

fn exponential<T: Copy + Into<Number>>(
    histogram: &ExponentialHistogram<T>,
) -> impl Iterator<Item = (Vec<KeyValue>, PointValue)> + '_ {
    histogram.data_points().map(|at| {
        let value = PointValue::Histogram {
            count: at.count() as u64,
            sum: at.sum().into(),
            min: at.min().map(Into::into),
            max: at.max().map(Into::into),
            bounds: Vec::new(),
            bucket_counts: at.positive_bucket().counts().collect(),
        };
        (at.attributes().cloned().collect(), value)
    })
}
