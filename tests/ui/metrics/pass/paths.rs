// Metrics of a crate that reaches cryostorm by another path, and that has its own meaning for common names.
#![deny(warnings)]
#![forbid(unsafe_code)]
#![no_implicit_prelude]

mod facade {
    pub use ::cryostorm as telemetry;
}

#[derive(::cryostorm::MetricAttribute)]
#[metric_attribute(crate = crate::facade::telemetry)]
pub enum Model {
    Small,
}

#[allow(dead_code)]
mod core {}

#[facade::telemetry::metrics(prefix = "paths", crate = crate::facade::telemetry)]
mod metrics {
    #![allow(dead_code, non_snake_case)]
    #[allow(non_camel_case_types)]
    type u64 = ();
    #[allow(non_camel_case_types)]
    type usize = ();

    struct Counter;
    struct Option;

    pub fn calls(METRIC: super::Model, index: bool, #[attribute(unbounded(limit = 1))] text: &str) -> Counter<f64>;
}

macro_rules! declare {
    ($name:ident, $ty:ty, $unit:literal) => {
        #[$crate::facade::telemetry::metrics(prefix = "made", crate = $crate::facade::telemetry)]
        mod $name {
            #[metric(unit = $unit)]
            pub fn calls(model: $ty) -> Counter<u64>;
        }
    };
}
declare!(made, crate::Model, "{call}");

fn main() {
    metrics::calls(Model::Small, true, "a").add(1.0);
    made::calls(Model::Small).add(1);
}
