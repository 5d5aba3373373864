use super::Runtime;
use proc_macro2::Ident;
use syn::LitStr;

/// An enum that derives `MetricAttribute`.
pub(crate) struct MetricEnum {
    pub(crate) runtime: Runtime,
    pub(crate) name: Ident,
    /// Each with the name that it has as a value.
    pub(crate) variants: Vec<(Ident, LitStr)>,
}
