use super::options::Options;
use super::spec::Spec;
use crate::diagnostics::Diagnostics;
use crate::tokens::visible;
use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

/// An option that is a string literal with some text in it.
pub(super) fn text(options: &Options, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let literal = string(spec, options.value(spec, diagnostics)?, diagnostics)?;
    has_text(spec, &literal, diagnostics).then_some(literal)
}

/// The string literal that `value` is.
pub(super) fn string(spec: &Spec, value: TokenStream, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    if let Ok(literal) = syn::parse2(value.clone()) {
        return Some(literal);
    }
    let text = unquoted(&value).filter(|word| !["true", "false"].contains(&word.as_str()));
    let (name, text) = (spec.name, text.unwrap_or_else(|| "..".to_owned()));
    diagnostics.on(value, format_args!("`{name}` takes a string literal: write `{name} = {text:?}`"));
    None
}

/// Reports a string literal without text.
pub(super) fn has_text(spec: &Spec, literal: &LitStr, diagnostics: &mut Diagnostics) -> bool {
    let is_empty = literal.value().trim().is_empty();
    if is_empty {
        let name = spec.name;
        diagnostics
            .at(literal.span(), format_args!("`{name}` is empty: write some text, or leave `{name}` out"));
    }
    !is_empty
}

/// The text of `value` where that looks like text without its quotes: a word that does not name a constant.
pub(super) fn unquoted(value: &TokenStream) -> Option<String> {
    match visible(value).as_slice() {
        [TokenTree::Ident(word)] => {
            Some(word.to_string()).filter(|word| !word.contains(|letter: char| letter.is_uppercase()))
        }
        _ => None,
    }
}
