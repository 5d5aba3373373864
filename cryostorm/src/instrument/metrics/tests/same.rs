//! Whatever is counted and measured, on whatever threads, whenever it is collected.

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::Temporality;
use proptest::prelude::*;

use super::super::super::site::{CallSite, HistogramSite, Metric};
use super::super::shard::Shard;
use super::exported::{Data, Exported, Telling};
use super::{CALLS, CHARGE_SITE, DURATION, REFUND_SITE};

const THREADS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Call { thread: usize, series: usize, by: u64, histogram: usize, nanos: u64 },
    End { thread: usize },
    Collect { reader: usize },
}

static MILLIS: HistogramSite = HistogramSite {
    metric: Metric { name: "in.ms", unit: "ms", description: "" },
    buckets: Some(&[0.0, 0.1, 0.25, 3.0, 1e6]),
    ..HistogramSite::DURATION
};
static NANOS: HistogramSite = HistogramSite {
    metric: Metric { name: "in.ns", unit: "ns", description: "" },
    buckets: Some(&[0.1, 0.2, 7.0, 7.5, 1e3, 1e9]),
    ..HistogramSite::DURATION
};
static HOURS: HistogramSite =
    HistogramSite { metric: Metric { name: "in.h", unit: "h", description: "" }, ..HistogramSite::DURATION };
static HISTOGRAMS: [&HistogramSite; 4] = [&DURATION, &MILLIS, &NANOS, &HOURS];

/// Two functions for each histogram, as a call site has but one.
static SITES: [[CallSite; 2]; 4] = [const { [CHARGE_SITE, REFUND_SITE] }; 4];

/// All magnitudes up to ten years, and what lies at the bounds of buckets.
fn nanos() -> impl Strategy<Value = u64> {
    let magnitudes = (0..58_u32, any::<u64>()).prop_map(|(bits, number)| number & ((1 << bits) - 1));
    let bounds =
        prop::sample::select(vec![5_000_000, 10_000_000, 100_000, 250_000, 7, 1000, 3_600_000_000_000 / 200]);
    prop_oneof![magnitudes, (bounds, 0..3_u64).prop_map(|(bound, off)| bound + off - 1)]
}

fn step() -> impl Strategy<Value = Step> {
    let call = (0..THREADS, 0..4_usize, 1..5_u64, 0..HISTOGRAMS.len(), nanos());
    let call = call.prop_map(|(thread, series, by, histogram, nanos)| Step::Call {
        thread,
        series,
        by,
        histogram,
        nanos,
    });
    prop_oneof![
        12 => call,
        1 => (0..THREADS).prop_map(|thread| Step::End { thread }),
        2 => (0..2_usize).prop_map(|reader| Step::Collect { reader }),
    ]
}

/// Sums are made in another order, so they may differ in the last digits.
fn assert_same(ours: &Exported, sdks: &Exported) {
    assert_eq!(ours.points.len(), sdks.points.len(), "{ours:#?} {sdks:#?}");
    for (our, sdk) in ours.points.iter().zip(&sdks.points) {
        assert_eq!((&our.metric, &our.attributes), (&sdk.metric, &sdk.attributes));
        match (&our.data, &sdk.data) {
            (Data::Histogram(our), Data::Histogram(sdk)) => {
                assert_eq!((&our.bounds, &our.buckets), (&sdk.bounds, &sdk.buckets));
                assert_eq!((our.count, our.min, our.max), (sdk.count, sdk.min, sdk.max));
                assert!((our.sum - sdk.sum).abs() <= sdk.sum * 1e-9, "{} {}", our.sum, sdk.sum);
            }
            (our, sdk) => assert_eq!(our, sdk),
        }
    }
}

fn run(steps: Vec<Step>) {
    let readers = [Temporality::Cumulative, Temporality::Delta];
    let (ours, sdks) = (Telling::new(&readers), Telling::new(&readers));
    let mut shards: [Option<Shard>; THREADS] = [const { None }; THREADS];
    for step in steps.into_iter().chain([Step::Collect { reader: 0 }, Step::Collect { reader: 1 }]) {
        match step {
            Step::Call { thread, series, by, histogram, nanos } => {
                let function = &SITES[histogram][usize::from(series == 0)];
                let (attributes, error_type) = match series {
                    2 => (vec![KeyValue::new("channel", "web")], None),
                    3 => (Vec::new(), Some("timeout")),
                    _ => (Vec::new(), None),
                };
                let histogram = HISTOGRAMS[histogram];
                let shard = shards[thread].get_or_insert_with(|| ours.instruments.shard());
                shard.count(function, &CALLS, &attributes, error_type, by);
                shard.record(function, histogram, &attributes, error_type, nanos);
                let mut all = attributes;
                all.push(KeyValue::new("code.function.name", function.function));
                all.extend(error_type.map(|error_type| KeyValue::new("error.type", error_type)));
                sdks.instruments.made.calls(&CALLS).instrument.add(by, &all);
                sdks.instruments.made.duration(histogram).instrument.record(nanos, &all);
            }
            Step::End { thread } => shards[thread] = None,
            Step::Collect { reader } => assert_same(&ours.collect(reader), &sdks.collect(reader)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_is_exported_is_what_the_sdk_alone_would_export(steps in prop::collection::vec(step(), 0..120)) {
        run(steps);
    }
}
