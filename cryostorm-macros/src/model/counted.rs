use super::{Attribute, Metric};
use proc_macro2::{Literal, TokenStream};

/// What `#[counted]` asks for.
pub(crate) struct Counted {
    pub(crate) metric: Metric,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) on: On,
    /// How much one call adds.
    pub(crate) by: Option<TokenStream>,
    /// The share of calls that are to succeed, an `f64` above 0 and below 1.
    pub(crate) objective: Option<Literal>,
}

/// Which calls are counted.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum On {
    #[default]
    Call,
    Ok,
    Err,
}
