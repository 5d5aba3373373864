use super::{Attribute, Metric, Name};
use proc_macro2::{Literal, TokenStream};

/// What `#[timed]` asks for.
pub(crate) struct Timed {
    pub(crate) metric: Metric,
    pub(crate) attributes: Vec<Attribute>,
    /// The bounds of the histogram: a bracketed list of rising `f64` literals, or the path of a constant.
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) in_flight: Option<InFlight>,
    pub(crate) objective: Option<Latency>,
}

/// That a share of the calls is to take no longer: `f64`, the share above 0 and below 1.
pub(crate) struct Latency {
    pub(crate) latency: Literal,
    pub(crate) target: Literal,
}

/// The metric of the calls that have started and not ended.
pub(crate) enum InFlight {
    Default,
    /// A literal or a constant.
    Named(Name),
}
