use proc_macro2::TokenStream;
use syn::LitStr;

/// One `key = value` of `attributes(..)`.
pub(crate) struct Attribute {
    pub(crate) key: LitStr,
    pub(crate) rendering: Rendering,
    /// An expression, left unparsed: the compiler reports its mistakes better than we would.
    pub(crate) value: TokenStream,
}

/// How a value becomes an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rendering {
    /// As it is.
    Value,
    /// `%value`: its `Display` text.
    Display,
    /// `?value`: its `Debug` text.
    Debug,
    /// A literal on a metric: bounded whatever its type.
    Literal,
}
