use super::Runtime;
use proc_macro2::{Ident, TokenStream};
use syn::LitStr;

/// An enum that derives `MetricAttribute`.
pub(crate) struct MetricEnum {
    pub(crate) runtime: Runtime,
    pub(crate) name: Ident,
    /// The pattern of each, with the name that it has as a value.
    pub(crate) variants: Vec<(TokenStream, LitStr)>,
}
