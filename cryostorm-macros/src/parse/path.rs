use crate::tokens::{is_punct, visible};
use proc_macro2::{TokenStream, TokenTree};

/// The identifiers of a path without generic arguments, `$crate` of `macro_rules` among them.
pub(super) fn segments(tokens: &TokenStream) -> Option<Vec<TokenTree>> {
    let tokens = visible(tokens);
    let mut rest = without_separator(&tokens).unwrap_or(&tokens);
    let mut segments = Vec::new();
    while let [segment @ TokenTree::Ident(_), after @ ..] = rest {
        segments.push(segment.clone());
        if after.is_empty() {
            return Some(segments);
        }
        rest = without_separator(after)?;
    }
    None
}

fn without_separator(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [first, second, rest @ ..] if is_punct(first, ':') && is_punct(second, ':') => Some(rest),
        _ => None,
    }
}
