#![doc = include_str!("../docs/crate.md")]

mod builder;
pub mod catalogue;
mod components;
mod diagnostics;
mod error;
pub mod export;
mod feedback;
mod forks;
mod guard;
mod guarded;
mod instrument;
pub mod log;
pub mod metric;
#[cfg(feature = "tower")]
pub mod middleware;
mod prometheus_name;
pub mod propagation;
pub mod resource;
pub mod sampling;
pub mod settings;
mod shutdown;
mod standard;
pub mod task;
mod telemetry;
pub mod telemetry_exporter;
pub mod trace;
#[cfg(feature = "tracing")]
pub mod tracing;

#[doc(hidden)]
pub mod __private;

pub use builder::TelemetryBuilder;
pub use catalogue::catalogue;
pub use components::{Factory, TelemetryComponent, TelemetryComponents};
/// Makes the variants of an enum without fields the values of an attribute: implements
/// [`MetricAttribute`](trait@MetricAttribute) and [`MetricEnum`].
///
/// ```
/// use cryostorm::MetricAttribute;
///
/// #[derive(Clone, Copy, MetricAttribute)]
/// #[metric_attribute(rename_all = "kebab-case")]
/// enum Model {
///     ExtraLarge,
///     #[metric_attribute(name = "mini")]
///     Small,
/// }
///
/// assert_eq!(Model::ExtraLarge.to_value().as_str(), "extra-large");
/// assert_eq!(Model::Small.to_value().as_str(), "mini");
/// ```
///
/// | option | where | what it sets | default |
/// |---|---|---|---|
/// | `rename_all = "kebab-case"` | the enum | how names are made of variants: `snake_case`, `kebab-case`, `lowercase`, `UPPERCASE`, `camelCase`, `PascalCase`, `SCREAMING_SNAKE_CASE`, `SCREAMING-KEBAB-CASE` | `snake_case` |
/// | `name = "mini"` | a variant | its name | made of the variant |
/// | `crate = path` | the enum | where cryostorm is found | `::cryostorm` |
pub use cryostorm_macros::MetricAttribute;
#[doc = include_str!("../docs/counted.md")]
pub use cryostorm_macros::counted;
#[doc = include_str!("../docs/metrics.md")]
///
/// [`Counter::add`]: metric::Counter
/// [`UpDownCounter::add`]: metric::UpDownCounter
/// [`Gauge::record`]: metric::Gauge
/// [`Histogram::record`]: metric::Histogram
/// [`ObservableCounter::observe`]: metric::ObservableCounter
/// [`ObservableUpDownCounter::observe`]: metric::ObservableUpDownCounter
/// [`ObservableGauge::observe`]: metric::ObservableGauge
/// [`Observation::stop`]: metric::Observation::stop
/// [`MetricAttribute`]: derive@MetricAttribute
/// [`catalogue`]: mod@catalogue
pub use cryostorm_macros::metrics;
#[doc = include_str!("../docs/timed.md")]
pub use cryostorm_macros::timed;
#[doc = include_str!("../docs/traced.md")]
pub use cryostorm_macros::traced;
pub use error::Error;
pub use export::ExportStats;
pub use guard::TelemetryGuard;
pub use instrument::{
    AttributeValue, ClassifyError, Instrumented, IntoLink, MetricAttribute, MetricEnum, Span, SpanBuilder,
    SpanGuard, current_span,
};
pub use opentelemetry::context::FutureExt;
pub use settings::{Level, SettingsError, TelemetrySettings};
pub use telemetry::Telemetry;

pub use {opentelemetry, opentelemetry_sdk};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
