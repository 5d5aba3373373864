//! The settings from the environment: the only place that reads it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

use super::names::{Names, SEPARATOR};
use super::section::{Rejected, Setting};
use super::{SettingsError, TelemetrySettings};
use crate::diagnostics::report;

/// Settings from the variables that are ours; all others are left alone.
pub(super) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<TelemetrySettings, SettingsError> {
    let mut settings = TelemetrySettings::default();
    let names = Names::of(&settings);
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for (name, value) in variables {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) if names.claim(&name) => ours.push((name, value)),
            Ok(value) => others.push((name, value)),
            Err(value) if names.claim(&name) => {
                return Err(SettingsError::invalid(&name, &value.to_string_lossy(), "text in UTF-8"));
            }
            Err(_) => {}
        }
    }
    // The environment has no order; the first mistake reported should always be the same one.
    ours.sort();
    others.sort();
    for (name, value) in &ours {
        set(&mut settings, name, value).map_err(|rejected| explain(&names, name, value, rejected))?;
        // Checked after each variable, so that a broken rule is put down to the variable that broke it.
        Setting::validate(&settings, "").map_err(|error| in_terms_of(name, error))?;
    }
    for (name, value) in &others {
        let Some(meant) = names.same_words(name) else { continue };
        let is_set = ours.iter().any(|(name, _)| name == meant);
        if !is_set && takes(&settings, meant, value) {
            report_once(name, meant);
        }
    }
    Ok(settings)
}

/// Once for each setting, however often the environment is read.
fn report_once(name: &str, meant: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(meant.to_owned()) {
        report(format_args!("{name} is no setting and has no effect: did you mean {meant}?"));
    }
}

fn set(settings: &mut TelemetrySettings, name: &str, value: &str) -> Result<(), Rejected> {
    let lower = name.to_ascii_lowercase();
    settings.set(&lower.split(SEPARATOR).collect::<Vec<_>>(), value)
}

/// Whether a setting takes a value. `TRACING_COLLECTOR_PORT=tcp://10.0.0.1:4317` is how Kubernetes tells of a service, and not
/// meant for us.
fn takes(settings: &TelemetrySettings, name: &str, value: &str) -> bool {
    let mut settings = settings.clone();
    set(&mut settings, name, value).is_ok() && Setting::validate(&settings, "").is_ok()
}

fn explain(names: &Names, name: &str, value: &str, rejected: Rejected) -> SettingsError {
    let (accepted, rest) = match rejected {
        Rejected::Value { accepted } => return SettingsError::invalid(name, value, accepted),
        Rejected::UnknownField { accepted, rest } => (accepted, rest),
    };
    let path: Vec<&str> = name.split(SEPARATOR).collect();
    let (known, unknown) = path.split_at(path.len().saturating_sub(rest));
    let (known, unknown) = (known.join(SEPARATOR), unknown.join(SEPARATOR));
    let full = |field: &&str| format!("{known}{SEPARATOR}{}", field.to_ascii_uppercase());
    let mut accepted: Vec<String> = accepted.iter().map(full).collect();
    if accepted.is_empty() {
        accepted.push(known.clone());
    }
    SettingsError::unknown(name, value, names.nearest(&known, &unknown), &accepted)
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
        assert!(error("TRACING__COLLECTOR_HOST", "a").contains("did you mean TRACING__COLLECTOR__HOST?"));
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
