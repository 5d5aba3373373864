//! The metric that tells which build runs.

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use opentelemetry_sdk::Resource;

/// The gauge `build_info`: always 1, with what the resource says of the build. A rate can be joined with it to tell one
/// version's from another's, also where a backend keeps the resource apart from the metrics.
///
/// It has no unit: Prometheus would make one a part of its name.
pub(super) fn observe(meter: &Meter, resource: &Resource) {
    let attributes: Vec<_> = resource
        .iter()
        .filter(|(key, _)| is_of_build(key.as_str()))
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    meter
        .u64_observable_gauge("build_info")
        .with_description("The build that runs: always 1.")
        .with_callback(move |observer| observer.observe(1, &attributes))
        .build();
}

/// Whether it is the same for all processes of a build: name and version, and where its source is under version control.
fn is_of_build(key: &str) -> bool {
    ["service.name", "service.version"].contains(&key) || key.starts_with("vcs.")
}
