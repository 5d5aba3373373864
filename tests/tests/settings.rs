//! Every setting under its name in the environment, with its default, as the documentation lists them.

use cryostorm::TelemetrySettings;
use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Context, trace::SpanKind};
use cryostorm::opentelemetry_sdk::trace::{SamplingDecision, ShouldSample as _};
use cryostorm::sampling::SamplerFactory;
use cryostorm::{Factory as _, settings::SamplingStrategy};

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
