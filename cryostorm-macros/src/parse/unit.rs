use super::literal::string;
use super::options::Options;
use super::spec::UNIT;
use super::ucum::{Mistake, check};
use crate::diagnostics::Diagnostics;
use syn::LitStr;

/// The longest unit that OpenTelemetry allows an instrument.
const LONGEST: usize = 63;

const OF_TIME: [&str; 6] = ["s", "ms", "us", "ns", "min", "h"];

/// How units are mistakenly written, in lower case, and what they are in UCUM.
const MISTAKEN: [(&[&str], &str); 26] = [
    (&["sec", "secs", "second", "seconds"], "s"),
    (&["msec", "msecs", "milli", "millis", "millisecond", "milliseconds"], "ms"),
    (&["µs", "μs", "usec", "usecs", "micro", "micros", "microsecond", "microseconds"], "us"),
    (&["nsec", "nsecs", "nano", "nanos", "nanosecond", "nanoseconds"], "ns"),
    (&["mins", "minute", "minutes"], "min"),
    (&["hr", "hrs", "hour", "hours"], "h"),
    (&["day", "days"], "d"),
    (&["week", "weeks"], "wk"),
    (&["month", "months"], "mo"),
    (&["yr", "year", "years"], "a"),
    (&["b", "byte", "bytes", "octet", "octets"], "By"),
    (&["bits"], "bit"),
    (&["kb", "kbyte", "kbytes", "kilobyte", "kilobytes"], "kBy"),
    (&["mb", "mbyte", "mbytes", "megabyte", "megabytes"], "MBy"),
    (&["gb", "gbyte", "gbytes", "gigabyte", "gigabytes"], "GBy"),
    (&["tb", "tbyte", "tbytes", "terabyte", "terabytes"], "TBy"),
    (&["kib", "kibibyte", "kibibytes"], "KiBy"),
    (&["mib", "mebibyte", "mebibytes"], "MiBy"),
    (&["gib", "gibibyte", "gibibytes"], "GiBy"),
    (&["tib", "tebibyte", "tebibytes"], "TiBy"),
    (&["percent", "percents", "pct"], "%"),
    (&["°c", "celsius"], "Cel"),
    (&["hertz", "hz"], "Hz"),
    (&["meter", "meters", "metre", "metres"], "m"),
    (&["gram", "grams"], "g"),
    (&["ratio", "none", "dimensionless"], "1"),
];

/// The `unit` option: UCUM.
pub(super) fn unit(options: &Options, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    checked(options, diagnostics, |unit| match check(unit) {
        Ok(()) => None,
        Err(_) if unit.is_empty() => {
            Some("the unit is empty: write `1` for what has none, or leave `unit` out".to_owned())
        }
        Err(_) => Some(match corrected(unit) {
            Some(corrected) => format!("`{unit}` is not a unit of UCUM: write `unit = {corrected:?}`"),
            None => {
                format!("`{unit}` is not a unit of UCUM: write for example `s`, `By/s` or `{{request}}`")
            }
        }),
    })
}

/// The `unit` option of what measures durations.
pub(super) fn unit_of_time(options: &Options, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    checked(options, diagnostics, |unit| {
        if OF_TIME.contains(&unit) {
            return None;
        }
        if unit.is_empty() {
            return Some(format!("the unit is empty: write one of `{}`", OF_TIME.join("`, `")));
        }
        Some(match corrected(unit).filter(|corrected| OF_TIME.contains(&corrected.as_str())) {
            Some(corrected) => format!("`{unit}` is not a unit of UCUM: write `unit = {corrected:?}`"),
            None => format!("no duration is measured in `{unit}`: write one of `{}`", OF_TIME.join("`, `")),
        })
    })
}

fn checked(
    options: &Options,
    diagnostics: &mut Diagnostics,
    objection: impl Fn(&str) -> Option<String>,
) -> Option<LitStr> {
    let unit = string(&UNIT, options.value(&UNIT, diagnostics)?, diagnostics)?;
    let text = unit.value();
    let message = match text.len() {
        length if length > LONGEST => {
            Some(format!("a unit has at most {LONGEST} characters: this one has {length}"))
        }
        _ => objection(&text),
    };
    match message {
        Some(message) => diagnostics.at(unit.span(), message),
        None => return Some(unit),
    }
    None
}

/// The unit with each word that is none replaced.
fn corrected(unit: &str) -> Option<String> {
    let mut corrected = unit.to_owned();
    // Each round leaves less of the text to correct.
    while let Err(Mistake { word, rest }) = check(&corrected) {
        let before = corrected.strip_suffix(rest)?.strip_suffix(word)?;
        corrected = format!("{before}{}{rest}", meant(word)?);
    }
    Some(corrected).filter(|corrected| corrected != unit)
}

/// The unit that `word` was most likely meant to be: at worst the name of what is counted.
fn meant(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let known = MISTAKEN.iter().find(|(mistaken, _)| mistaken.contains(&lower.as_str()));
    let is_word =
        !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_');
    known.map(|(_, unit)| (*unit).to_owned()).or_else(|| is_word.then(|| format!("{{{word}}}")))
}
