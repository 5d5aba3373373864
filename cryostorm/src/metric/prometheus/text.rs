//! Families as text, in the formats of Prometheus and of OpenMetrics.

use std::fmt::Write as _;

use crate::export::{Number, PointValue};

use super::family::{Families, Family, Kind};
use super::format::Format;
use super::label::{escaped, quoted};
use super::name::is_unquoted;

pub(super) fn write(families: &Families, format: Format) -> String {
    let mut out = String::new();
    for (name, family) in &families.families {
        family_text(&mut out, name, family, format);
    }
    if format.is_openmetrics() {
        out.push_str("# EOF\n");
    }
    out
}

fn family_text(out: &mut String, name: &str, family: &Family, format: Format) {
    let stem = family.kind.stem(name);
    // In OpenMetrics a family is called without what its type adds.
    let (called, kind) = match (format.is_openmetrics(), family.kind) {
        (true, kind) => (stem, kind.as_str()),
        (false, Kind::Info) => (name, Kind::Gauge.as_str()),
        (false, kind) => (name, kind.as_str()),
    };
    comment(out, "TYPE", called, |out| out.push_str(kind));
    let has_unit = !family.unit.is_empty() && called.ends_with(&format!("_{}", family.unit));
    if format.is_openmetrics() && has_unit {
        comment(out, "UNIT", called, |out| out.push_str(&family.unit));
    }
    if !family.help.is_empty() {
        comment(out, "HELP", called, |out| escaped(out, &family.help, format.is_openmetrics()));
    }
    // Only counters go without their suffix, where the settings want none; OpenMetrics insists.
    let counter = format.is_openmetrics().then(|| format!("{stem}_total"));
    for (labels, value) in &family.points {
        match value {
            PointValue::Gauge(value) => sample(out, name, labels, None, &number(*value)),
            PointValue::Sum { value, monotonic } => {
                let name = counter.as_deref().filter(|_| *monotonic).unwrap_or(name);
                sample(out, name, labels, None, &number(*value));
            }
            PointValue::Histogram { count, sum, bounds, bucket_counts, .. } => {
                let buckets = bounds.iter().copied().zip(bucket_counts.iter().copied());
                histogram(out, name, labels, buckets, (*count, *sum), format);
            }
        }
    }
}

fn histogram(
    out: &mut String,
    name: &str,
    labels: &str,
    buckets: impl Iterator<Item = (f64, u64)>,
    (count, sum): (u64, Number),
    format: Format,
) {
    let bucket = format!("{name}_bucket");
    let (mut so_far, mut is_positive) = (0_u64, true);
    for (bound, in_bucket) in buckets {
        so_far = so_far.saturating_add(in_bucket).min(count);
        if !bound.is_finite() {
            continue;
        }
        is_positive &= bound >= 0.0;
        sample(out, &bucket, labels, Some(&format!("{bound:?}")), &so_far.to_string());
    }
    sample(out, &bucket, labels, Some("+Inf"), &count.to_string());
    // A sum that may fall is none to OpenMetrics, and it goes with its count.
    if is_positive || !format.is_openmetrics() {
        sample(out, &format!("{name}_sum"), labels, None, &number(sum));
        sample(out, &format!("{name}_count"), labels, None, &count.to_string());
    }
}

fn comment(out: &mut String, keyword: &str, name: &str, content: impl FnOnce(&mut String)) {
    // Writing to a string cannot fail.
    let _ = write!(out, "# {keyword} ");
    match is_unquoted(name) {
        true => out.push_str(name),
        false => quoted(out, name),
    }
    out.push(' ');
    content(out);
    out.push('\n');
}

fn sample(out: &mut String, name: &str, labels: &str, le: Option<&str>, value: &str) {
    let mut inside = String::new();
    if !is_unquoted(name) {
        quoted(&mut inside, name);
    }
    for part in [labels, &le.map(|le| format!("le=\"{le}\"")).unwrap_or_default()] {
        if !inside.is_empty() && !part.is_empty() {
            inside.push(',');
        }
        inside.push_str(part);
    }
    if is_unquoted(name) {
        out.push_str(name);
    }
    let _ = match inside.is_empty() {
        true => writeln!(out, " {value}"),
        false => writeln!(out, "{{{inside}}} {value}"),
    };
}

fn number(number: Number) -> String {
    match number {
        Number::F64(number) if number.is_infinite() => if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        // As short as it can be without a loss; `NaN` is written like that too.
        Number::F64(number) => format!("{number:?}"),
        whole => whole.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_nothing() {
        for (value, expected) in [
            (Number::U64(u64::MAX), "18446744073709551615"),
            (Number::I64(-1), "-1"),
            (Number::F64(1.0), "1.0"),
            (Number::F64(0.1 + 0.2), "0.30000000000000004"),
            (Number::F64(f64::NAN), "NaN"),
            (Number::F64(f64::INFINITY), "+Inf"),
            (Number::F64(f64::NEG_INFINITY), "-Inf"),
        ] {
            assert_eq!(number(value), expected);
        }
    }
}
