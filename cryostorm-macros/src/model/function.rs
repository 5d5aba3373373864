use super::Output;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

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

impl Function {
    /// Where the function asks for its caller's location, which the closure around its body would hide.
    pub(crate) fn track_caller(&self) -> Option<Span> {
        self.attributes.clone().into_iter().find_map(|token| match token {
            TokenTree::Group(brackets) => match brackets.stream().into_iter().next() {
                Some(TokenTree::Ident(name)) if name == "track_caller" => Some(name.span()),
                _ => None,
            },
            _ => None,
        })
    }
}
