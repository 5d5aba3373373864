#![doc = include_str!("../../docs/propagation.md")]

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
