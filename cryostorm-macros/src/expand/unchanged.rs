use super::function::inner_block;
use crate::model::Item;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The item as the user wrote it, with what is wrong about its attributes.
///
/// Emitting it keeps one mistake from causing errors wherever the item is used.
pub(crate) fn unchanged(item: &Item, absorbed: &[TokenStream], error: Option<syn::Error>) -> TokenStream {
    let errors = error.as_ref().map(syn::Error::to_compile_error);
    let item = match item.function() {
        Some(function) => {
            let (attributes, signature, body) =
                (&function.attributes, &function.signature, inner_block(&function.body));
            let resolved = resolved(absorbed);
            quote!(#attributes #signature { #resolved #body })
        }
        None => item.tokens.to_token_stream(),
    };
    quote!(#item #errors)
}

/// Imports that resolve the attributes which were taken off the function before the compiler did.
///
/// Without them `use cryostorm::counted` would count as unused below `#[traced]`, and a missing one go unnoticed.
pub(super) fn resolved(absorbed: &[TokenStream]) -> TokenStream {
    let import = |path: &TokenStream| {
        // All of it where the user wrote the path: that is where the compiler reports a path that leads nowhere.
        let span = path.clone().into_iter().last().map_or_else(Span::mixed_site, |segment| segment.span());
        quote_spanned!(span=> #[allow(unused_imports)] use #path as _;)
    };
    absorbed.iter().map(import).collect()
}
