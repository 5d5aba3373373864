use super::{Attribute, Metric, Name};
use proc_macro2::TokenStream;

/// What `#[timed]` asks for.
pub(crate) struct Timed {
    pub(crate) metric: Metric,
    pub(crate) attributes: Vec<Attribute>,
    /// The bounds of the histogram: a bracketed list of rising `f64` literals, or the path of a constant.
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) in_flight: Option<InFlight>,
}

/// The metric of the calls that have started and not ended.
pub(crate) enum InFlight {
    Default,
    /// A literal or a constant.
    Named(Name),
}
