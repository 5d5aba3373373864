//! A collection of metrics, as a table.

use std::fmt::Write as _;

use super::super::point::{MetricPoint, Number, PointValue};
use super::palette::{Palette, Quiet};
use super::words::{Distribution, NAME, TimeOfDay, pair, pairs, shown};

/// How far the longest name moves what stands beside it.
const COLUMN: usize = 40;

/// A line for each point, under one for the time.
pub(super) fn table(points: &[MetricPoint], palette: &Palette) -> String {
    let Some(first) = points.first() else { return String::new() };
    let Palette { quiet, title, .. } = palette;
    let mut text = format!("{quiet}{}{quiet:#} {title}metrics{title:#}\n", TimeOfDay(first.time));
    let column = points.iter().map(|point| point.name.chars().count()).max().unwrap_or_default().min(COLUMN);
    let mut before = None;
    for point in points {
        // Points of one metric come together: its name stands before the first.
        let name = if before == Some(&point.name) { String::new() } else { shown(&point.name, NAME) };
        before = Some(&point.name);
        let attributes = pairs(point.attributes.iter().map(pair));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<column$}  {}{}", value(point), Quiet(palette, &attributes));
    }
    text
}

fn value(point: &MetricPoint) -> String {
    let unit = match point.unit.as_str() {
        "" | "1" => String::new(),
        unit => format!(" {}", shown(unit, NAME)),
    };
    match &point.value {
        PointValue::Gauge(value) | PointValue::Sum { value, .. } => format!("{}{unit}", short(*value)),
        PointValue::Histogram { count, sum, min, max, bounds, bucket_counts } => {
            let mut text = format!("count {count}, sum {}{unit}", short(*sum));
            if let (Some(min), Some(max)) = (min, max) {
                let _ = write!(text, ", min {}, max {}", short(*min), short(*max));
            }
            let distribution = Distribution { bounds, counts: bucket_counts }.to_string();
            if !distribution.is_empty() {
                let _ = write!(text, " [{distribution}]");
            }
            text
        }
    }
}

/// A number with no more digits than anyone reads.
fn short(number: Number) -> String {
    match number {
        // To six digits and back, so that none is shown that only rounding made.
        Number::F64(number) => format!("{number:.5e}").parse().unwrap_or(number).to_string(),
        whole => whole.to_string(),
    }
}
