//! Tokens that more than one part of an expansion writes.

use crate::model::Runtime;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// `Some(value)`.
pub(super) fn option(runtime: &Runtime, value: TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::Some(#value))
}

/// `Some(value)`, or `None`.
pub(super) fn optional(runtime: &Runtime, value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => option(runtime, value),
        None => quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::None),
    }
}

/// The struct of the runtime that differs from `default` in the fields that have a value here, if one has.
///
/// `fields` are all of its fields: where each has a value, `..default` would trip a lint.
pub(super) fn changed<const N: usize>(
    ty: &TokenStream,
    default: &TokenStream,
    fields: [(&str, Option<TokenStream>); N],
) -> Option<TokenStream> {
    let field = |(name, value): (&str, Option<TokenStream>)| {
        let (name, value) = (Ident::new(name, Span::mixed_site()), value?);
        Some(quote_spanned!(Span::mixed_site()=> #name: #value,))
    };
    let given: Vec<_> = fields.into_iter().filter_map(field).collect();
    let rest = (given.len() < N).then(|| quote_spanned!(Span::mixed_site()=> ..#default));
    (!given.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> #ty { #(#given)* #rest }))
}

/// A name that user code neither sees nor shadows.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__cryostorm_{name}"), Span::mixed_site())
}

/// An expression of the user's as one operand.
pub(super) fn parenthesized(value: &TokenStream) -> TokenTree {
    let mut group = Group::new(Delimiter::Parenthesis, value.clone());
    let last = value.clone().into_iter().last().map_or_else(Span::mixed_site, |token| token.span());
    group.set_span(Span::mixed_site().located_at(last));
    TokenTree::Group(group)
}

/// The block as one inside another, with braces of the expansion: the compiler finds those of the user superfluous.
pub(super) fn inner_block(body: &Group) -> Group {
    let mut block = Group::new(Delimiter::Brace, body.stream());
    block.set_span(Span::mixed_site().located_at(body.span()));
    block
}

/// Where the compiler underlines from when it finds fault with all of `value`.
pub(super) fn start_of(value: &TokenStream) -> Span {
    let first = value.clone().into_iter().next().map_or_else(Span::mixed_site, |token| token.span());
    Span::mixed_site().located_at(first)
}
