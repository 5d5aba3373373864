use super::quoting::{inner_block, start_of};
use crate::model::{Function, Instrumentation};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The function as the user wrote it.
pub(super) fn unchanged(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    after(TokenStream::new(), function, instrumentation)
}

/// The function as the user wrote it, its body after those statements.
pub(super) fn after(
    statements: TokenStream,
    function: &Function,
    instrumentation: &Instrumentation,
) -> TokenStream {
    let resolved = resolved(&instrumentation.absorbed);
    let body = match statements.is_empty() && resolved.is_empty() {
        true => function.body.stream(),
        false => {
            let body = inner_block(&function.body);
            quote!(#resolved #statements #body)
        }
    };
    with_body(function, body)
}

/// The function with another body.
pub(super) fn with_body(function: &Function, body: TokenStream) -> TokenStream {
    let Function { attributes, signature, .. } = function;
    // The braces of the user's, so that lints about the function as a whole know it for one of the user's.
    let mut braces = Group::new(Delimiter::Brace, body);
    braces.set_span(function.body.span());
    quote!(#attributes #signature #braces)
}

/// Imports that resolve the attributes which were taken off an item before the compiler did.
///
/// Without them `use cryostorm::counted` would count as unused below `#[traced]`, and a missing one go unnoticed.
pub(super) fn resolved<'a>(absorbed: impl IntoIterator<Item = &'a TokenStream>) -> TokenStream {
    let paths = absorbed.into_iter().map(|path| path.clone().into_iter().collect::<Vec<_>>());
    // What `$crate` leads to does not depend on what a user imports, and nothing else may stand in its place.
    let paths = paths.filter(|path| path.first().is_some_and(|first| first.to_string() != "$crate"));
    let import = |path: Vec<TokenTree>| {
        let path: TokenStream = path.into_iter().map(of_expansion).collect();
        quote_spanned!(start_of(&path)=> use #path as _;)
    };
    paths.map(import).collect()
}

/// A token of the expansion in place of the user's. The compiler does not mind that an import of an expansion is unused,
/// whereas an `allow` would clash with a user's `forbid`.
fn of_expansion(mut token: TokenTree) -> TokenTree {
    token.set_span(Span::mixed_site().located_at(token.span()));
    token
}
