use super::literal::has_text;
use super::observations::{Observed, observer};
use super::options::Options;
use super::path::segments;
use super::spec::ERROR_TYPE;
use crate::diagnostics::Diagnostics;
use crate::model::ErrorType;
use crate::tokens::{is_literal, visible};
use proc_macro2::TokenStream;
use syn::LitStr;

const ERROR: Observed = Observed { spec: &ERROR_TYPE, what: "the error", example: "error_type = |error| .." };

/// The `error_type` option, as it is written.
pub(super) fn written_error_type(options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    options.value(&ERROR_TYPE, diagnostics)
}

/// What `error_type` gives: text, a constant, or what makes text of an error.
pub(super) fn error_type(written: TokenStream, diagnostics: &mut Diagnostics) -> Option<ErrorType> {
    let tokens = visible(&written);
    if !is_literal(&tokens) {
        return match is_constant(&written) {
            true => Some(ErrorType::Text(written)),
            false => observer(&ERROR, &tokens, diagnostics).map(|_| ErrorType::Function(written)),
        };
    }
    match syn::parse2::<LitStr>(written.clone()) {
        Ok(literal) => has_text(&ERROR_TYPE, &literal, diagnostics).then_some(ErrorType::Text(written)),
        Err(_) => {
            diagnostics.on(
                written,
                "`error_type` is text, or makes text of an error: write `error_type = \"..\"` or \
                 `error_type = |error| ..`",
            );
            None
        }
    }
}

/// Whether it is a path whose spelling is that of a constant, not of a function.
fn is_constant(written: &TokenStream) -> bool {
    segments(written)
        .and_then(|segments| segments.last().map(ToString::to_string))
        .is_some_and(|name| !name.contains(|letter: char| letter.is_lowercase()))
}
