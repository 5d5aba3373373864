//! Units, as Grafana names them.

/// Grafana's name of a unit.
pub(super) fn unit(ucum: &str) -> &str {
    match ucum {
        "s" | "ms" | "ns" | "h" | "d" => ucum,
        "us" => "µs",
        "min" => "m",
        "By" => "bytes",
        "kBy" => "deckbytes",
        "KiBy" => "kbytes",
        "MBy" => "decmbytes",
        "MiBy" => "mbytes",
        "Hz" => "hertz",
        "Cel" => "celsius",
        "%" => "percent",
        _ => "short",
    }
}

/// Grafana's name of what a counter in this unit rises by in a second.
pub(super) fn per_second(ucum: &str) -> String {
    match ucum {
        "By" => "Bps".to_owned(),
        _ => match ucum.strip_prefix('{').and_then(|unit| unit.strip_suffix('}')) {
            Some(thing) => format!("suffix: {thing}/s"),
            None => "short".to_owned(),
        },
    }
}
