//! Metrics whose attributes differ from call to call: three enums of four values, or a free text.

use std::hint::black_box;

use cryostorm::MetricAttribute;
use metrics::counter;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, MeterProvider};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::{Contender, Subject, cryostorm as ours, metrics as facade, no_such, prometheus, repeat, sdk};
use crate::row::Row;

macro_rules! enums {
    ($($name:ident)*) => {$(
        #[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, MetricAttribute)]
        pub enum $name {
            First,
            Second,
            Third,
            Fourth,
        }

        impl $name {
            #[inline(always)]
            fn of(number: u64) -> Self {
                match number & 3 {
                    0 => Self::First,
                    1 => Self::Second,
                    2 => Self::Third,
                    _ => Self::Fourth,
                }
            }

            fn text(self) -> &'static str {
                match self {
                    Self::First => "first",
                    Self::Second => "second",
                    Self::Third => "third",
                    Self::Fourth => "fourth",
                }
            }
        }
    )*};
}
enums!(Model Region Tier);

/// The three of a call: 64 series.
#[inline(always)]
fn three(id: u64) -> (Model, Region, Tier) {
    (Model::of(id), Region::of(id >> 2), Tier::of(id >> 4))
}

/// As many texts as there are series of enums.
fn texts() -> Vec<String> {
    (0..64).map(|number| format!("customer-{number}")).collect()
}

#[inline(always)]
fn text(texts: &[String], id: u64) -> &str {
    &texts[(id & 63) as usize]
}

#[cryostorm::metrics(prefix = "bench")]
mod declared {
    use super::{Model, Region, Tier};

    #[metric(attributes(function = "call", channel = "web"))]
    pub fn literal() -> Counter<u64>;

    pub fn enums(model: Model, region: Region, tier: Tier) -> Counter<u64>;

    pub fn text(#[attribute(unbounded(limit = 100))] tenant: &str) -> Counter<u64>;
}

pub fn set_up(contender: Contender, row: Row) -> Subject {
    match contender {
        Contender::Cryostorm => ours::installed(of_ours(row), row),
        Contender::Sdk => of_sdk(row),
        Contender::SdkBound => of_sdk_bound(row),
        Contender::Metrics => of_metrics(row),
        Contender::Prometheus => of_prometheus(row),
        other => no_such(other.name(), row),
    }
}

pub fn of_ours(row: Row) -> Subject {
    match row {
        Row::Declared | Row::DeclaredThreads => Subject::new(|calls| repeat(calls, literal)),
        Row::DeclaredText | Row::DeclaredTextThreads => {
            let texts = texts();
            Subject::new(move |calls| repeat(calls, |id| of_text(text(&texts, id), id)))
        }
        _ => Subject::new(|calls| repeat(calls, |id| of_three(three(id), id))),
    }
}

#[inline(never)]
fn literal(id: u64) -> u64 {
    declared::literal().add(1);
    black_box(id)
}

#[inline(never)]
fn of_three((model, region, tier): (Model, Region, Tier), id: u64) -> u64 {
    declared::enums(model, region, tier).add(1);
    black_box(id)
}

#[inline(never)]
fn of_text(tenant: &str, id: u64) -> u64 {
    declared::text(tenant).add(1);
    black_box(id)
}

#[inline(always)]
fn pairs((model, region, tier): (Model, Region, Tier)) -> [KeyValue; 3] {
    [
        KeyValue::new("model", model.text()),
        KeyValue::new("region", region.text()),
        KeyValue::new("tier", tier.text()),
    ]
}

fn of_sdk(row: Row) -> Subject {
    let provider = sdk::meter_provider();
    let counter = provider.meter("bench").u64_counter("bench.calls").build();
    let subject = match row {
        Row::DeclaredText | Row::DeclaredTextThreads => {
            let texts = texts();
            Subject::new(move |calls| {
                repeat(calls, |id| {
                    counter.add(1, &[KeyValue::new("tenant", text(&texts, id).to_owned())]);
                    black_box(id)
                })
            })
        }
        _ => Subject::new(move |calls| {
            repeat(calls, |id| {
                counter.add(1, &pairs(three(id)));
                black_box(id)
            })
        }),
    };
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

/// All counters are bound before, as a user would who knows all attribute sets.
fn of_sdk_bound(row: Row) -> Subject {
    let provider = sdk::meter_provider();
    let counter = provider.meter("bench").u64_counter("bench.calls").build();
    let bound: Vec<BoundCounter<u64>> = match row {
        Row::DeclaredEnums | Row::DeclaredEnumsThreads => {
            (0..64).map(|id| counter.bind(&pairs(three(id)))).collect()
        }
        _ => no_such("sdk-bound", row),
    };
    let subject = Subject::new(move |calls| {
        repeat(calls, |id| {
            bound[(id & 63) as usize].add(1);
            black_box(id)
        });
    });
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

fn of_metrics(row: Row) -> Subject {
    let registry = facade::install();
    let subject = match row {
        Row::DeclaredText | Row::DeclaredTextThreads => {
            let texts = texts();
            Subject::new(move |calls| {
                repeat(calls, |id| {
                    counter!("bench.calls", "tenant" => text(&texts, id).to_owned()).increment(1)
                });
            })
        }
        _ => Subject::new(|calls| {
            repeat(calls, |id| {
                let (model, region, tier) = three(id);
                counter!("bench.calls", "model" => model.text(), "region" => region.text(), "tier" => tier.text())
                    .increment(1);
            });
        }),
    };
    subject.flushed_by(move || facade::collect(&registry))
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Three {
    model: &'static str,
    region: &'static str,
    tier: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Tenant {
    tenant: String,
}

fn of_prometheus(row: Row) -> Subject {
    let mut registry = Registry::default();
    let subject = match row {
        Row::DeclaredText | Row::DeclaredTextThreads => {
            let (texts, calls) = (texts(), Family::<Tenant, Counter>::default());
            registry.register("bench_calls", "Calls", calls.clone());
            Subject::new(move |times| {
                repeat(times, |id| {
                    calls.get_or_create(&Tenant { tenant: text(&texts, id).to_owned() }).inc()
                });
            })
        }
        _ => {
            let calls = Family::<Three, Counter>::default();
            registry.register("bench_calls", "Calls", calls.clone());
            Subject::new(move |times| {
                repeat(times, |id| {
                    let (model, region, tier) = three(id);
                    let labels = Three { model: model.text(), region: region.text(), tier: tier.text() };
                    calls.get_or_create(&labels).inc()
                });
            })
        }
    };
    subject.flushed_by(move || prometheus::scrape(&registry))
}
