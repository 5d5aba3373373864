//! Names as Prometheus has them, when metrics come through OTLP, the Collector or cryostorm's own pull.
//!
//! The rules are those of the
//! [specification](https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/), in the reading of
//! Prometheus and of the Collector where it leaves a choice: a unit that is a word of the name already is not repeated.

/// What a counter's name ends with.
pub(crate) const TOTAL: &str = "total";

/// What the name of a gauge in the unit `1` ends with.
pub(crate) const RATIO: &str = "ratio";

/// The name of the series: `http.requests` is `http_requests_total`, `http.duration` in `s` is `http_duration_seconds`.
/// Those of a histogram have `_bucket`, `_count` and `_sum` after it. `suffix` is [`TOTAL`], [`RATIO`] or nothing, and
/// `keeps` says that the characters of the name stay as they are.
pub(crate) fn metric_name(name: &str, unit: &str, suffix: Option<&str>, keeps: bool) -> String {
    let words: Vec<_> = words(name).collect();
    let units = units(unit).into_iter().flatten().filter(|unit| !words.contains(&unit.as_str()));
    let stem = match keeps {
        true => suffix.and_then(|suffix| without_last_word(name, suffix)).unwrap_or(name).to_owned(),
        false => words.iter().copied().filter(|word| Some(*word) != suffix).collect::<Vec<_>>().join("_"),
    };
    let parts = [stem].into_iter().chain(units).chain(suffix.map(str::to_owned));
    let name = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let needs_underscore =
        name.is_empty() || !keeps && name.starts_with(|first: char| first.is_ascii_digit());
    if needs_underscore { format!("_{name}") } else { name }
}

/// The name of a label: `error.type` is `error_type`.
pub(crate) fn label_name(key: &str) -> String {
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

/// The unit in words: `seconds` for `s`, `bytes_per_second` for `By/s`. Empty where it has none, such as `{call}`.
#[cfg(feature = "prometheus")]
pub(crate) fn unit_name(unit: &str) -> String {
    units(unit).into_iter().flatten().collect::<Vec<_>>().join("_")
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(|char: char| !char.is_ascii_alphanumeric() && char != ':');
    words.filter(|word| !word.is_empty())
}

/// What is left of the name without this word and what is between them, if something is.
fn without_last_word<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let rest = name.strip_suffix(word)?;
    rest.strip_suffix(|last: char| !last.is_ascii_alphanumeric()).filter(|stem| !stem.is_empty())
}

/// The unit's two halves, `per_…` of the second. What stands in braces is left out.
fn units(unit: &str) -> [Option<String>; 2] {
    let (unit, per) = unit.split_once('/').unwrap_or((unit, ""));
    let known = |unit: &str| !unit.trim().is_empty() && !unit.contains(['{', '}']);
    let cleaned = |unit: &str| {
        Some(words(unit).collect::<Vec<_>>().join("_").replace(':', "_")).filter(|unit| !unit.is_empty())
    };
    [
        Some(unit).filter(|unit| known(unit)).and_then(|unit| cleaned(plural(unit.trim()))),
        Some(per)
            .filter(|per| known(per))
            .and_then(|per| cleaned(singular(per.trim())))
            .map(|per| format!("per_{per}")),
    ]
}

/// The specification's table, under "Metric Metadata".
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

/// What something is per.
fn singular(per: &str) -> &str {
    match per {
        "s" => "second",
        "m" | "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" | "wk" => "week",
        "mo" => "month",
        "y" | "a" => "year",
        "1" => "",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_the_unit_and_the_kind() {
        const C: Option<&str> = Some(TOTAL);
        const R: Option<&str> = Some(RATIO);
        for (name, unit, suffix, expected) in [
            ("function.calls", "{call}", C, "function_calls_total"),
            ("function.duration", "s", None, "function_duration_seconds"),
            ("function.in_flight", "{call}", None, "function_in_flight"),
            ("requests.total", "", C, "requests_total"),
            ("total.requests", "1", C, "requests_total"),
            ("total", "", C, "total"),
            ("wait.seconds", "s", None, "wait_seconds"),
            ("wait.seconds.longest", "s", None, "wait_seconds_longest"),
            ("kilobytes", "By", None, "kilobytes_bytes"),
            ("disk.io", "By/s", C, "disk_io_bytes_per_second_total"),
            ("memory.used", "1", R, "memory_used_ratio"),
            ("ratio.of.hits", "1", R, "of_hits_ratio"),
            ("pool.size", "1", None, "pool_size"),
            ("a-b/c_d..e", "furlong", None, "a_b_c_d_e_furlong"),
            ("7zip.runs", "", C, "_7zip_runs_total"),
            ("", "", None, "_"),
        ] {
            assert_eq!(metric_name(name, unit, suffix, false), expected, "{name} in {unit}");
        }
    }

    #[test]
    fn names_that_are_kept_have_suffixes_too() {
        for (name, unit, suffix, expected) in [
            ("foo.bar", "By", Some(TOTAL), "foo.bar_bytes_total"),
            ("foo.bar.total", "By", Some(TOTAL), "foo.bar_bytes_total"),
            ("hits.ratio", "1", Some(RATIO), "hits_ratio"),
            ("total", "", Some(TOTAL), "total_total"),
            ("7zip-ü", "", None, "7zip-ü"),
        ] {
            assert_eq!(metric_name(name, unit, suffix, true), expected, "{name} in {unit}");
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
            ("a:b", "a_b"),
            ("", ""),
        ] {
            assert_eq!(label_name(key), expected);
        }
    }

    #[test]
    fn units_become_words() {
        for (unit, expected) in [
            ("s", [Some("seconds"), None]),
            ("%", [Some("percent"), None]),
            ("1", [None, None]),
            ("", [None, None]),
            ("{call}", [None, None]),
            ("{call}/s", [None, Some("per_second")]),
            ("m/s", [Some("meters"), Some("per_second")]),
            ("By/{request}", [Some("bytes"), None]),
            ("1/min", [None, Some("per_minute")]),
            ("kg.m", [Some("kg_m"), None]),
            ("{unbalanced", [None, None]),
            ("/", [None, None]),
            ("°F", [Some("F"), None]),
        ] {
            assert_eq!(units(unit).each_ref().map(Option::as_deref), expected, "{unit}");
        }
    }
}
