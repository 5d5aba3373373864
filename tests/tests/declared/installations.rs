//! Declared metrics before, between and after installations, and where metrics are off.

use cryostorm::Telemetry;
use cryostorm::opentelemetry::Context;
use cryostorm_tests::installation::{alone, quiet};

use super::{install, total, value};

#[cryostorm::metrics(prefix = "installations")]
mod installations {
    pub fn calls(first: bool) -> Counter<u64>;

    pub fn tenants(#[attribute(unbounded(limit = 10))] tenant: &str) -> Counter<u64>;

    pub fn depth() -> Gauge<i64>;
}

fn call() {
    installations::calls(true).add(1);
    installations::tenants("acme").add(1);
    installations::depth().record(1);
}

#[test]
fn a_handle_works_from_installation_to_shutdown_and_again() {
    let _alone = alone();
    let kept = installations::calls(false);
    kept.add(100);
    call();
    for round in 1..4 {
        let guard = install();
        (0..round).for_each(|_| {
            kept.add(1);
            call();
        });
        assert_eq!(value(&guard, "installations.calls", &[("first", "false")]), f64::from(round));
        assert_eq!(value(&guard, "installations.calls", &[("first", "true")]), f64::from(round));
        assert_eq!(value(&guard, "installations.tenants", &[("tenant", "acme")]), f64::from(round));
        assert_eq!(value(&guard, "installations.depth", &[]), 1.0);
        guard.shutdown().unwrap();
        kept.add(100);
        call();
    }
}

#[test]
fn nothing_is_recorded_where_metrics_are_off_or_telemetry_is_suppressed() {
    let _alone = alone();
    let mut settings = quiet();
    settings.metrics.enabled = false;
    let guard = Telemetry::from_settings(settings).unwrap();
    call();
    guard.shutdown().unwrap();
    assert_eq!(guard.in_memory().metrics(), []);
    let guard = install();
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        call();
    }
    assert_eq!(total(&guard, "installations.calls"), 0.0);
}
