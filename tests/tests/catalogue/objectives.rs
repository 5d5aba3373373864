//! Objectives that nothing measures are refused.

use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Objective, ObjectiveError};

use super::shop::{calls, duration, source};

fn error(metric: MetricEntry) -> ObjectiveError {
    Catalogue::new([], [metric]).to_prometheus_rules("shop").unwrap_err()
}

#[test]
fn a_latency_must_be_the_bound_of_a_bucket() {
    let slow = duration("shop::charge", 12).with_objective(Objective::Latency { seconds: 0.3, target: 0.99 });
    assert_eq!(
        error(slow).to_string(),
        "the objective \"99% within 0.3 s\" of the metric \"function.duration\" at shop::charge (src/shop.rs:12) \
         cannot be measured: the latency is none of the bounds of its buckets: [0.1, 0.25, 1.0] in \"s\""
    );
}

#[test]
fn a_latency_is_in_seconds_whatever_the_unit() {
    let latency = Objective::Latency { seconds: 0.25, target: 0.99 };
    let metric = |unit: &str, bound: f64| {
        MetricEntry::new("wait", InstrumentKind::Histogram, source("shop::wait", 1))
            .with_unit(unit)
            .with_buckets([bound])
            .with_objective(latency)
    };
    for (unit, bound, le) in [
        ("ns", 250_000_000.0, "250000000|"),
        ("us", 250_000.0, "250000|"),
        ("ms", 250.0, "250|"),
        ("s", 0.25, "0\\\\.25"),
    ] {
        let rules =
            Catalogue::new([], [metric(unit, bound)]).to_prometheus_rules("shop").unwrap().to_string();
        assert!(rules.contains(&format!("le=~\\\"{}", le.replace("\\\\", "\\\\\\\\"))), "{unit}: {rules}");
    }
    assert!(matches!(error(metric("By", 0.25)), ObjectiveError::NoDuration(_)));
}

#[test]
fn a_success_needs_the_type_of_errors() {
    let objective = Objective::Success { target: 0.999 };
    let bare = MetricEntry::new("orders", InstrumentKind::Counter, source("shop::orders", 1));
    assert!(matches!(error(bare.with_objective(objective)), ObjectiveError::NoErrorType(_)));
}

#[test]
fn a_target_is_a_share() {
    for target in [0.0, 1.0, 99.0, f64::NAN] {
        let metric = calls("shop::charge", 12).with_objective(Objective::Success { target });
        assert!(matches!(error(metric), ObjectiveError::Target(_)), "{target}");
    }
}
