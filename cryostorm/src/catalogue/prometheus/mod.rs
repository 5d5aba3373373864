//! Recording and alert rules for Prometheus.

mod names;
mod objective;
mod rules;

pub(super) use names::metric_name;
pub use objective::ObjectiveError;
pub(super) use objective::error_ratio;
pub use rules::PrometheusRules;
