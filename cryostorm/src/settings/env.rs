//! The settings from the environment: the only place that reads it.

use std::ffi::OsString;

use super::section::{Rejected, Setting};
use super::{SettingsError, TelemetrySettings};

/// Between the names of a section and its field: `TRACING__EXPORTER_TYPE`.
const SEPARATOR: &str = "__";
const SECTIONS: [&str; 6] = ["service", "propagation", "console", "tracing", "metrics", "logging"];
const TOP_LEVEL: [&str; 2] = ["schema_url", "excluded_paths"];

/// Settings from the variables that are ours; all others are left alone.
pub(super) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<TelemetrySettings, SettingsError> {
    let mut ours: Vec<(String, String)> = Vec::new();
    for (name, value) in variables {
        let Ok(name) = name.into_string() else { continue };
        if !is_ours(&name) {
            continue;
        }
        let value = value
            .into_string()
            .map_err(|value| SettingsError::invalid(&name, &value.to_string_lossy(), "text in UTF-8"))?;
        ours.push((name, value));
    }
    // The environment has no order; the first mistake reported should always be the same one.
    ours.sort();
    let mut settings = TelemetrySettings::default();
    for (name, value) in &ours {
        let lower = name.to_ascii_lowercase();
        let path: Vec<&str> = lower.split(SEPARATOR).collect();
        settings.set(&path, value).map_err(|rejected| explain(name, value, rejected))?;
        // Checked after each variable, so that a broken rule is put down to the variable that broke it.
        Setting::validate(&settings, "").map_err(|error| in_terms_of(name, error))?;
    }
    Ok(settings)
}

/// Only upper case: a second spelling of the same variable would leave open which one counts.
fn is_ours(name: &str) -> bool {
    if name.contains(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    match lower.split_once(SEPARATOR) {
        Some((section, _)) => SECTIONS.contains(&section),
        None => TOP_LEVEL.contains(&lower.as_str()),
    }
}

fn explain(name: &str, value: &str, rejected: Rejected) -> SettingsError {
    let (accepted, rest) = match rejected {
        Rejected::Value { accepted } => return SettingsError::invalid(name, value, accepted),
        Rejected::UnknownField { accepted, rest } => (accepted, rest),
    };
    let path: Vec<&str> = name.split(SEPARATOR).collect();
    let known = path.get(..path.len() - rest.min(path.len())).unwrap_or_default().join(SEPARATOR);
    let unknown =
        path.iter().rev().nth(rest.saturating_sub(1)).copied().unwrap_or_default().to_ascii_lowercase();
    let full = |field: &&str| format!("{known}{SEPARATOR}{}", field.to_ascii_uppercase());
    let mut names: Vec<String> = accepted.iter().map(full).collect();
    if names.is_empty() {
        names.push(known.clone());
    }
    // Further off than that it is a guess, and a misleading one.
    let is_near = |field: &&&str| distance(field, &unknown) * 2 <= unknown.len().max(field.len());
    let nearest = accepted.iter().filter(is_near).min_by_key(|field| distance(field, &unknown)).map(full);
    SettingsError::unknown(name, value, nearest, &names)
}

/// The rule's error under the name that the user wrote.
fn in_terms_of(variable: &str, error: SettingsError) -> SettingsError {
    match error {
        SettingsError::Invalid { value, accepted, .. } => {
            SettingsError::Invalid { name: variable.to_owned(), value, accepted }
        }
        other => other,
    }
}

/// The edit distance of two short names.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut previous = i + 1;
        if let Some(first) = row.first_mut() {
            *first = previous;
        }
        for (cell, r) in row.iter_mut().skip(1).zip(right.chars()) {
            let substitute = diagonal + usize::from(l != r);
            diagonal = *cell;
            previous = substitute.min(previous + 1).min(*cell + 1);
            *cell = previous;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(name: &str, value: &str) -> Result<TelemetrySettings, SettingsError> {
        TelemetrySettings::from_vars([(name, value)])
    }

    fn error(name: &str, value: &str) -> String {
        read_one(name, value).unwrap_err().to_string()
    }

    #[test]
    fn distances() {
        assert_eq!(distance("exporter_type", "exportr_type"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn each_mistake_names_the_variable_the_value_and_what_is_accepted() {
        assert_eq!(
            error("SERVICE__NAME", ""),
            r#"invalid setting SERVICE__NAME="": accepted is a name that is not empty"#
        );
        assert_eq!(
            error("TRACING__SAMPLE_RATE", "1.5"),
            r#"invalid setting TRACING__SAMPLE_RATE="1.5": accepted is a number from 0.0 to 1.0"#
        );
        assert_eq!(
            error("METRICS__EXPORT_INTERVAL_MILLIS", "abc"),
            r#"invalid setting METRICS__EXPORT_INTERVAL_MILLIS="abc": accepted is milliseconds, a whole number from 1 up"#
        );
        let unknown = error("TRACING__EXPORTR_TYPE", "otlp");
        assert!(
            unknown.starts_with(
                r#"unknown setting TRACING__EXPORTR_TYPE="otlp": did you mean TRACING__EXPORTER_TYPE? accepted are "#
            ),
            "{unknown}"
        );
    }

    #[test]
    fn an_unknown_name_is_answered_where_it_is_unknown() {
        let deep = error("METRICS__EXPORT_CONFIG__BATCH_SIZE", "1");
        assert!(
            deep.contains("METRICS__EXPORT_TIMEOUT_MILLIS") && !deep.contains("EXPORT_CONFIG__E"),
            "{deep}"
        );
        assert!(error("TRACING__COLLECTOR__HOTS", "a").contains("did you mean TRACING__COLLECTOR__HOST?"));
        assert!(error("TRACING__COLLECTOR", "a").contains("TRACING__COLLECTOR__HOST"));
        assert!(error("TRACING__ENABLED__X", "a").ends_with("accepted are TRACING__ENABLED"));
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for host in ["localhost", "10.0.0.1", "::1", "[::1]", "otel_collector.svc"] {
            assert!(read_one("TRACING__COLLECTOR__HOST", host).is_ok(), "{host}");
        }
        for host in ["localhost:4317", "", "http://a", "a/b", "::g"] {
            assert!(read_one("TRACING__COLLECTOR__HOST", host).is_err(), "{host}");
        }
    }

    #[test]
    fn nested_and_top_level_names_are_read() {
        let settings = TelemetrySettings::from_vars([
            ("TRACING__COLLECTOR__PORT", "9999"),
            ("EXCLUDED_PATHS", "/live,/ready"),
            ("UNRELATED__NAME", "x"),
        ])
        .unwrap();
        assert_eq!(settings.tracing.collector.port(), 9999);
        assert_eq!(settings.excluded_paths, ["/live", "/ready"]);
    }

    #[test]
    fn a_secret_in_a_mistyped_variable_is_not_shown() {
        assert!(!error("TRACING__API_KEY", "hunter2").contains("hunter2"));
        assert!(!error("TRACING__ADDITIONAL_EXPORTER_ARGS", "hunter2").contains("hunter2"));
        assert!(!error("TRACING__ADDITIONAL_EXPORT", r#"{"headers": "a=hunter2"}"#).contains("hunter2"));
        for name in ["TRACING__ADDITIONAL_EXPORTER_ARG", "TRACING__HEADRES", "TRACING__PASSWD"] {
            assert!(!error(name, "hunter2").contains("hunter2"), "{name}");
        }
        assert!(!error("TRACING__EXPORTER_TYPE", "Bearer hunter2").contains("hunter2"));
        assert!(!error("TRACING__COLLECTOR__HOST", "http://user:hunter2@host").contains("hunter2"));
        assert!(error("SERVICE__ENVIRONMENT", &"x".repeat(9000)).len() < 300);
    }
}
