use super::literal::has_text;
use super::options::Options;
use super::spec::ERROR_TYPE;
use crate::diagnostics::Diagnostics;
use crate::tokens::{is_literal, visible};
use proc_macro2::TokenStream;
use syn::LitStr;

/// The `error_type` option: text, or an expression that makes text of an error.
pub(super) fn error_type(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let value = options.value(&ERROR_TYPE, diagnostics)?;
    if !is_literal(&visible(&value)) {
        return Some(value);
    }
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(literal) => has_text(&ERROR_TYPE, &literal, diagnostics).then_some(value),
        Err(_) => {
            diagnostics.on(
                value,
                "`error_type` is text, or makes text of an error: write `error_type = \"..\"` or \
                 `error_type = |error| ..`",
            );
            None
        }
    }
}
