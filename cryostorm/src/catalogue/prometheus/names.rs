//! Names as Prometheus has them, when metrics come through OTLP, the Collector or its own pull.
//!
//! The rules are those of the
//! [specification](https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/), in the reading of
//! Prometheus and of the Collector where it leaves a choice: a unit that is a word of the name already is not repeated.

use crate::catalogue::{InstrumentKind, MetricEntry};

/// The name of the series: `http.requests` is `http_requests_total`, `http.duration` in `s` is `http_duration_seconds`.
/// Those of a histogram have `_bucket`, `_count` and `_sum` after it.
pub(in crate::catalogue) fn metric_name(metric: &MetricEntry) -> String {
    let name = base_name(metric);
    let is_counter = matches!(metric.kind, InstrumentKind::Counter | InstrumentKind::ObservableCounter);
    if is_counter { format!("{name}_total") } else { name }
}

/// The name without the `_total` of a counter.
pub(super) fn base_name(metric: &MetricEntry) -> String {
    let is_ratio =
        metric.unit == "1" && matches!(metric.kind, InstrumentKind::Gauge | InstrumentKind::ObservableGauge);
    let is_counter = matches!(metric.kind, InstrumentKind::Counter | InstrumentKind::ObservableCounter);
    let suffix = if is_ratio { "ratio" } else { "total" };
    let mut words: Vec<String> = words(&metric.name);
    let (unit, per) = units(&metric.unit);
    for unit in [unit, per].into_iter().flatten() {
        if !words.contains(&unit) {
            words.push(unit);
        }
    }
    if is_counter || is_ratio {
        words.retain(|word| word != suffix);
    }
    if is_ratio {
        words.push(suffix.to_owned());
    }
    let name = words.join("_");
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn words(name: &str) -> Vec<String> {
    let words = name.split(|char: char| !char.is_ascii_alphanumeric() && char != ':');
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The unit's two halves, `per_…` of the second. What stands in braces is left out.
fn units(unit: &str) -> (Option<String>, Option<String>) {
    let (unit, per) = unit.split_once('/').unwrap_or((unit, ""));
    let known = |unit: &str| !unit.trim().is_empty() && !unit.contains(['{', '}']);
    let cleaned = |unit: &str| Some(words(unit).join("_")).filter(|unit| !unit.is_empty());
    (
        Some(unit).filter(|unit| known(unit)).and_then(|unit| cleaned(plural(unit.trim()))),
        Some(per).filter(|per| known(per)).and_then(|per| cleaned(&format!("per_{}", singular(per.trim())))),
    )
}

fn plural(unit: &str) -> &str {
    match unit {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tebibytes",
        "kBy" | "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" => "",
        other => other,
    }
}

fn singular(per: &str) -> &str {
    match per {
        "s" => "second",
        "m" | "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        other => other,
    }
}

/// The name of a label: `error.type` is `error_type`.
pub(super) fn label_name(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for char in key.chars() {
        let char = if char.is_ascii_alphanumeric() { char } else { '_' };
        // One for several, so that no name starts with the two that Prometheus keeps for itself.
        if char != '_' || !name.ends_with('_') {
            name.push(char);
        }
    }
    match name.chars().next() {
        Some('0'..='9') => format!("key_{name}"),
        Some('_') => format!("key{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Source;

    #[test]
    fn names_carry_the_unit_and_the_kind() {
        use InstrumentKind::{Counter, Gauge, Histogram, UpDownCounter};
        for (name, kind, unit, expected) in [
            ("function.calls", Counter, "{call}", "function_calls_total"),
            ("function.duration", Histogram, "s", "function_duration_seconds"),
            ("function.in_flight", UpDownCounter, "{call}", "function_in_flight"),
            ("requests.total", Counter, "", "requests_total"),
            ("total.requests", Counter, "1", "requests_total"),
            ("wait.seconds", Histogram, "s", "wait_seconds"),
            ("disk.io", Counter, "By/s", "disk_io_bytes_per_second_total"),
            ("memory.used", Gauge, "1", "memory_used_ratio"),
            ("ratio.of.hits", Gauge, "1", "of_hits_ratio"),
            ("pool.size", UpDownCounter, "1", "pool_size"),
            ("a-b/c_d..e", Gauge, "furlong", "a_b_c_d_e_furlong"),
            ("7zip.runs", Counter, "", "_7zip_runs_total"),
            ("load", Gauge, "%", "load_percent"),
            ("speed", Gauge, "m/{run}", "speed_meters"),
        ] {
            let metric = MetricEntry::new(name, kind, Source::new("", "", 0)).with_unit(unit);
            assert_eq!(metric_name(&metric), expected, "{name} in {unit}");
        }
    }

    #[test]
    fn labels_are_words_with_underscores() {
        for (key, expected) in [
            ("error.type", "error_type"),
            ("code.function.name", "code_function_name"),
            ("user-id", "user_id"),
            ("2nd", "key_2nd"),
            ("_hidden", "key_hidden"),
            ("a..b", "a_b"),
        ] {
            assert_eq!(label_name(key), expected);
        }
    }
}
