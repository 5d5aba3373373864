use super::{Attribute, Name, Runtime};
use proc_macro2::{Ident, TokenStream};
use syn::LitStr;

/// A module of `#[metrics]`.
pub(crate) struct Declarations {
    pub(crate) runtime: Runtime,
    /// From its attributes to its name.
    pub(crate) head: TokenStream,
    /// In their order.
    pub(crate) items: Vec<Declared>,
}

/// An item of such a module.
pub(crate) enum Declared {
    Metric(Box<DeclaredMetric>),
    /// As it is written: what is no function.
    Other(TokenStream),
    /// A function that declares nothing, which was said.
    Wrong,
}

/// A function without a body.
pub(crate) struct DeclaredMetric {
    /// The attributes that are not ours: documentation and `cfg` among them.
    pub(crate) attributes: TokenStream,
    pub(crate) visibility: TokenStream,
    pub(crate) name: Ident,
    pub(crate) metric: Name,
    pub(crate) description: LitStr,
    pub(crate) unit: Option<LitStr>,
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) literals: Vec<Attribute>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: MetricType,
}

/// An argument, which is an attribute.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) key: LitStr,
    pub(crate) ty: TokenStream,
    pub(crate) values: Values,
}

/// What an argument can be.
pub(crate) enum Values {
    Boolean,
    /// Of an enum.
    Known,
    Range {
        first: i64,
        last: i64,
    },
    /// A `&'static str`.
    Text,
    /// A `&str`.
    Unbounded {
        limit: usize,
    },
    /// None that a metric may have, which was said.
    Wrong,
}

impl Values {
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Unbounded { .. })
    }
}

/// What such a function returns.
pub(crate) struct MetricType {
    /// `Counter`, as the user spells it.
    pub(crate) instrument: Ident,
    /// `u64`.
    pub(crate) number: Ident,
}

impl MetricType {
    pub(crate) fn is_observable(&self) -> bool {
        self.instrument.to_string().starts_with("Observable")
    }
}
