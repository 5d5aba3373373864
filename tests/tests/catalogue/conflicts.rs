//! Metrics that share a name and not the rest.

use cryostorm::catalogue::{
    AttributeEntry, AttributeValues, Catalogue, InstrumentKind, MetricEntry, MetricField,
};

use super::shop::{calls, duration, shop, source};

#[test]
fn functions_that_share_a_metric_do_not_conflict() {
    assert_eq!(shop().conflicts(), []);
}

#[test]
fn every_difference_is_named_with_both_places() {
    let other = MetricEntry::new("Function.Duration", InstrumentKind::Gauge, source("shop::pack", 99))
        .with_unit("ms")
        .with_description("Packing.");
    let conflicts = Catalogue::new([], [other, duration("shop::charge", 12)]).conflicts();
    let fields: Vec<_> = conflicts.iter().map(|conflict| conflict.field).collect();
    assert_eq!(
        fields,
        [MetricField::Kind, MetricField::Unit, MetricField::Description, MetricField::Buckets]
    );
    let messages: Vec<_> = conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            r#"metric "Function.Duration" has two kinds: gauge at shop::pack (src/shop.rs:99) and histogram at shop::charge (src/shop.rs:12)"#,
            r#"metric "Function.Duration" has two units: "ms" at shop::pack (src/shop.rs:99) and "s" at shop::charge (src/shop.rs:12)"#,
            r#"metric "Function.Duration" has two descriptions: "Packing." at shop::pack (src/shop.rs:99) and "Durations of annotated functions." at shop::charge (src/shop.rs:12)"#,
            r#"metric "Function.Duration" has two sets of buckets: the default at shop::pack (src/shop.rs:99) and [0.1, 0.25, 1.0] at shop::charge (src/shop.rs:12)"#,
        ]
    );
}

#[test]
fn observers_of_the_same_series_conflict() {
    let observed = |function: &str, line, key: &str| {
        MetricEntry::new("queue.depth", InstrumentKind::ObservableGauge, source(function, line))
            .with_attributes([AttributeEntry::new(key, AttributeValues::Boolean)])
    };
    let metrics = [
        observed("a::depth", 1, "urgent"),
        observed("b::depth", 2, "urgent"),
        // Of other series.
        observed("c::depth", 3, "paid"),
        // Many may count.
        calls("shop::charge", 4),
        calls("shop::charge", 5),
    ];
    let conflicts = Catalogue::new([], metrics).conflicts();
    assert_eq!(conflicts.iter().map(|conflict| conflict.field).collect::<Vec<_>>(), [MetricField::Observer]);
    assert_eq!(
        conflicts[0].to_string(),
        r#"metric "queue.depth" has two observers of the same series: observable gauge ["urgent"] at a::depth (src/shop.rs:1) and observable gauge ["urgent"] at b::depth (src/shop.rs:2)"#
    );
}

#[test]
fn a_difference_is_named_once_however_many_places_have_it() {
    let metrics = (1..=10).map(|line| {
        let unit = if line == 1 { "{call}" } else { "1" };
        calls("shop::charge", line).with_unit(unit)
    });
    let conflicts = Catalogue::new([], metrics).conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].first.source.line, conflicts[0].second.source.line), (1, 2));
}
