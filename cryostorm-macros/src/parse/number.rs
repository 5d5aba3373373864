use proc_macro2::{Literal, TokenTree};
use syn::Lit;

/// The value of a literal that is a number, whatever its base and suffix.
pub(super) fn number(literal: &Literal) -> Option<f64> {
    match syn::parse2(TokenTree::Literal(literal.clone()).into()).ok()? {
        Lit::Int(integer) => integer.base10_parse().ok(),
        Lit::Float(float) => float.base10_parse().ok(),
        _ => None,
    }
}
