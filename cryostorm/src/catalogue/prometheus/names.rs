//! Entries by the names that Prometheus has for them.

use crate::catalogue::{InstrumentKind, MetricEntry};
use crate::prometheus_name::{self, RATIO, TOTAL};

/// The name of the series, with `_total` where it is a counter's.
pub(in crate::catalogue) fn metric_name(metric: &MetricEntry) -> String {
    let suffix = match metric.kind {
        InstrumentKind::Counter | InstrumentKind::ObservableCounter => Some(TOTAL),
        InstrumentKind::Gauge | InstrumentKind::ObservableGauge if metric.unit == "1" => Some(RATIO),
        _ => None,
    };
    prometheus_name::metric_name(&metric.name, &metric.unit, suffix, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Source;

    #[test]
    fn kinds_decide_the_suffix() {
        use InstrumentKind::{Counter, Gauge, Histogram, ObservableCounter, ObservableGauge, UpDownCounter};
        for (kind, unit, expected) in [
            (Counter, "By", "disk_io_bytes_total"),
            (ObservableCounter, "1", "disk_io_total"),
            (UpDownCounter, "1", "disk_io"),
            (Gauge, "1", "disk_io_ratio"),
            (ObservableGauge, "1", "disk_io_ratio"),
            (Gauge, "By", "disk_io_bytes"),
            (Histogram, "1", "disk_io"),
        ] {
            let metric = MetricEntry::new("disk.io", kind, Source::new("", "", 0)).with_unit(unit);
            assert_eq!(metric_name(&metric), expected, "{kind} in {unit}");
        }
    }
}
