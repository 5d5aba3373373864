//! Units: from UCUM to the words that Prometheus uses.

use super::family::Kind;
use super::name::underscored;

/// The word for a unit, which is part of a metric's name: `seconds` for `s`, `bytes_per_second` for `By/s`. Empty for a
/// unit that has none, such as `{call}`, and for `1` unless it is a gauge's. A unit that is not known stays as it is, as
/// far as a name may have it.
pub(super) fn word(unit: &str, kind: Kind) -> String {
    if unit == "1" && kind == Kind::Gauge {
        return "ratio".to_owned();
    }
    let unit = without_annotations(unit);
    let (unit, per) = match unit.split_once('/') {
        Some((unit, per)) => (unit, Some(per)),
        None => (unit.as_str(), None),
    };
    let mut words = plural(unit.trim()).map_or_else(|| plain(unit), str::to_owned);
    let per = per.map(|per| singular(per.trim()).map_or_else(|| plain(per), str::to_owned));
    if let Some(per) = per.filter(|per| !per.is_empty()) {
        if !words.is_empty() {
            words.push('_');
        }
        words.push_str("per_");
        words.push_str(&per);
    }
    words
}

/// What stands in braces is a remark.
fn without_annotations(unit: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in unit.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn plain(unit: &str) -> String {
    match unit.trim() {
        "" => String::new(),
        unit => underscored(unit).trim_matches('_').replace(':', "_"),
    }
}

/// The specification's table, under "Metric Metadata".
fn plural(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "1" => "",
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
        _ => return None,
    })
}

/// What something is per.
fn singular(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "1" => "",
        "y" | "a" => "year",
        "mo" => "month",
        "wk" => "week",
        "d" => "day",
        "h" => "hour",
        "min" => "minute",
        "s" => "second",
        "ms" => "millisecond",
        "By" => "byte",
        "m" => "meter",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_words() {
        for (unit, expected) in [
            ("s", "seconds"),
            ("By", "bytes"),
            ("%", "percent"),
            ("1", ""),
            ("", ""),
            ("{call}", ""),
            ("{call}/s", "per_second"),
            ("m/s", "meters_per_second"),
            ("By/{request}", "bytes"),
            ("1/min", "per_minute"),
            ("euro", "euro"),
            ("kg.m", "kg_m"),
            ("{unbalanced", ""),
            ("}s", "seconds"),
            ("/", ""),
            ("°F", "F"),
        ] {
            assert_eq!(word(unit, Kind::Counter), expected, "{unit}");
        }
    }
}
