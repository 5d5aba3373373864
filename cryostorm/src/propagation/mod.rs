#![doc = include_str!("../../docs/propagation.md")]
//!
//! [`Telemetry::inject_context`]: crate::Telemetry::inject_context
//! [`Telemetry::inject_context_without_baggage`]: crate::Telemetry::inject_context_without_baggage
//! [`Telemetry::extract_context`]: crate::Telemetry::extract_context
//! [`TelemetryBuilder::with_propagator`]: crate::TelemetryBuilder::with_propagator
//! [`BaggageExt`]: crate::opentelemetry::baggage::BaggageExt

mod attributes;
mod baggage;
mod carrier;
mod claim;
mod component;
mod composite;
mod factory;
mod format;
mod ids;
mod jaeger;
#[cfg(any(feature = "b3", feature = "xray"))]
mod kept;
mod limit;
mod refusals;
mod trace_context;
mod trace_state;
mod trust;

pub use carrier::{Environment, Getter, Setter};
pub use component::PropagatorComponent;
pub use factory::{Propagator, PropagatorFactory};
pub use trust::Trust;

pub(crate) use attributes::BaggageAttributes;
pub(crate) use carrier::{Reading, Writing};
pub(crate) use claim::Claim;
pub(crate) use trust::RemoteLink;
