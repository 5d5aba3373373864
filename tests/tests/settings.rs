//! Every setting under its name in the environment, with its default, as the documentation lists them.

use cryostorm::TelemetrySettings;
use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Context, trace::SpanKind};
use cryostorm::opentelemetry_sdk::trace::{SamplingDecision, ShouldSample as _};
use cryostorm::sampling::SamplerFactory;
use cryostorm::{Factory as _, settings::SamplingStrategy};
use cryostorm_tests::program::run;

/// The rows of the table: variable, default, and another value that it takes.
fn rows() -> Vec<(String, String, String)> {
    let table = include_str!("../../cryostorm/docs/settings.md");
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"))
        .map(|line| {
            let cells: Vec<_> = line.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect();
            (cells[0].clone(), cells[1].clone(), cells[2].trim_matches('`').to_owned())
        })
        .collect()
}

#[test]
fn every_documented_variable_is_read_and_has_the_documented_default() {
    let rows = rows();
    assert_eq!(rows.len(), 63, "as many as there are settings");
    for (name, default, other) in &rows {
        let set = |value: &str| {
            TelemetrySettings::from_vars([(name, value)]).unwrap_or_else(|error| panic!("{error}"))
        };
        let default = if default == "unset" { TelemetrySettings::default() } else { set(default) };
        assert_eq!(default, TelemetrySettings::default(), "the default of {name}");
        assert_ne!(set(other), TelemetrySettings::default(), "{name}={other}");
    }
}

#[test]
fn every_field_of_the_sections_is_documented() {
    let documented: Vec<_> = rows().into_iter().map(|(name, ..)| name).collect();
    for section in [
        "SERVICE",
        "PROPAGATION",
        "CONSOLE",
        "TRACING",
        "TRACING__COLLECTOR",
        "TRACING__EXPORT_CONFIG",
        "METRICS",
        "METRICS__PROMETHEUS",
        "LOGGING",
        "LOGGING__EXPORT_CONFIG",
    ] {
        // The error for an unknown field lists those that there are.
        let error =
            TelemetrySettings::from_vars([(format!("{section}__NO_SUCH"), "x")]).unwrap_err().to_string();
        let (_, fields) = error.split_once("accepted are ").expect("a list");
        for field in fields.split(", ") {
            let is_documented =
                documented.iter().any(|name| name == field || name.starts_with(&format!("{field}__")));
            assert!(is_documented, "{field}");
        }
    }
}

#[test]
fn an_empty_value_is_a_value() {
    let rows = rows();
    let empty = |name: &String| TelemetrySettings::from_vars([(name, "")]);
    let taken: Vec<_> = rows.iter().map(|(name, ..)| name).filter(|name| empty(name).is_ok()).collect();
    let documented = [
        "SERVICE__ADDITIONAL_ATTRIBUTES",
        "SCHEMA_URL",
        "EXCLUDED_PATHS",
        "PROPAGATION__PROPAGATOR_TYPES",
        "PROPAGATION__BAGGAGE_ATTRIBUTES",
        "TRACING__TARGETS",
        "LOGGING__TARGETS",
    ];
    assert_eq!(taken, documented, "all others are errors");
    assert!(empty(&"EXCLUDED_PATHS".to_owned()).unwrap().excluded_paths.is_empty());
    for name in ["TRACING__ENABLED", "TRACING__COLLECTOR__PORT", "TRACING__EXPORTER_TYPE", "SERVICE__NAME"] {
        let error = empty(&name.to_owned()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("invalid setting {name}=\"\": accepted is ")), "{error}");
    }
}

#[test]
fn a_truth_value_has_four_words() {
    for (value, expected) in [
        ("yes", true),
        ("On", true),
        ("1", true),
        ("TRUE", true),
        ("no", false),
        ("off", false),
        ("0", false),
        ("false ", false),
    ] {
        let mut settings = TelemetrySettings::default();
        settings.tracing.enabled = !expected;
        let read = TelemetrySettings::from_vars([("TRACING__ENABLED", value)]).unwrap();
        assert_eq!(read.tracing.enabled, expected, "{value}");
    }
    let error = TelemetrySettings::from_vars([("TRACING__ENABLED", "yep")]).unwrap_err().to_string();
    assert_eq!(error, r#"invalid setting TRACING__ENABLED="yep": accepted is true or false"#);
}

/// What a program says of its environment.
fn said(variables: &[(&str, &str)]) -> String {
    let quiet = [("SERVICE__ENVIRONMENT", "production"), ("METRICS__ENABLED", "false")];
    let variables: Vec<_> = quiet.iter().chain(variables).copied().collect();
    let ran = run(env!("CARGO_BIN_EXE_orders"), &[], &variables);
    assert!(ran.success, "{ran:?}");
    ran.stderr
}

#[test]
fn a_name_with_the_wrong_underscores_is_reported_with_the_right_one() {
    let report = |name: &str, meant: &str| {
        format!("cryostorm: {name} is no setting and has no effect: did you mean {meant}?\n")
    };
    for (name, value, meant) in [
        ("TRACING_ENABLED", "false", "TRACING__ENABLED"),
        ("TRACING_COLLECTOR__PORT", "4400", "TRACING__COLLECTOR__PORT"),
        ("SERVICE_NAME", "shop", "SERVICE__NAME"),
    ] {
        assert_eq!(said(&[(name, value)]), report(name, meant));
        assert_eq!(said(&[(name, value), (meant, value)]), "", "what was meant is set");
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        ("OTEL_SERVICE_NAME", "shop"),
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("TRACING_LOG", "debug"),
        ("TRACING", "1"),
        ("LOGGING_LEVEL_ROOT", "debug"),
        // As Kubernetes tells of a service that is called `tracing-collector`.
        ("TRACING_COLLECTOR_PORT", "tcp://10.0.0.1:4317"),
        ("TRACING_COLLECTOR_SERVICE_HOST", "10.0.0.1"),
        ("tracing_enabled", "false"),
        ("UNRELATED__NAME", "x"),
    ];
    assert_eq!(said(&others), "");
}

#[test]
fn each_sampling_strategy_decides_as_it_says() {
    let parent = |sampled| {
        let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let ids = (TraceId::from(1), SpanId::from(1));
        Context::new().with_remote_span_context(SpanContext::new(
            ids.0,
            ids.1,
            flags,
            true,
            TraceState::default(),
        ))
    };
    let decides = |strategy, rate, parent: Option<&Context>, trace: u128| {
        let mut settings = TelemetrySettings::default();
        settings.tracing.sampling_strategy = strategy;
        settings.tracing.sample_rate = rate;
        let sampler = SamplerFactory::from_settings(&settings).create().unwrap();
        let result =
            sampler.should_sample(parent, TraceId::from(trace), "span", &SpanKind::Internal, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    };
    let (yes, no) = (parent(true), parent(false));
    for (strategy, without, with_yes, with_no) in [
        (SamplingStrategy::AlwaysOn, true, true, true),
        (SamplingStrategy::AlwaysOff, false, false, false),
        (SamplingStrategy::ParentBasedAlwaysOn, true, true, false),
        (SamplingStrategy::ParentBasedAlwaysOff, false, true, false),
        (SamplingStrategy::ParentBasedTraceIdRatio, true, true, false),
    ] {
        let decisions = [None, Some(&yes), Some(&no)].map(|parent| decides(strategy, 1.0, parent, 1));
        assert_eq!(decisions, [without, with_yes, with_no], "{strategy}");
    }
    let strategy = SamplingStrategy::ParentBasedTraceIdRatio;
    let decisions = [None, Some(&yes), Some(&no)].map(|parent| decides(strategy, 0.0, parent, 1));
    assert_eq!(decisions, [false, true, false], "of roots, none");
    let ratio = |rate| {
        let spread = u128::MAX / 1000;
        (0..1000_u128)
            .filter(|index| decides(SamplingStrategy::TraceIdRatio, rate, None, index * spread + index))
            .count()
    };
    assert_eq!((ratio(0.0), ratio(1.0)), (0, 1000));
    assert!((400..600).contains(&ratio(0.5)));
}
