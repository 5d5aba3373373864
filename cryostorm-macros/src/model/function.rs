use super::Output;
use proc_macro2::{Group, Ident, TokenStream};

/// A function with a body, taken apart as far as an expansion needs.
///
/// The body stays unparsed: half-typed code in it must reach the compiler as it stands, so that completion works.
pub(crate) struct Function {
    /// The attributes that are not ours, with those that opened the body.
    pub(crate) attributes: TokenStream,
    /// From the visibility up to the body.
    pub(crate) signature: TokenStream,
    pub(crate) name: Ident,
    pub(crate) constness: Option<Ident>,
    pub(crate) asyncness: Option<Ident>,
    pub(crate) output: Output,
    pub(crate) body: Group,
}
