use super::quoting::inner_block;
use crate::model::{Function, Instrumentation};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// The function as the user wrote it.
pub(super) fn unchanged(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let (attributes, signature, body) =
        (&function.attributes, &function.signature, inner_block(&function.body));
    let resolved = resolved(&instrumentation.absorbed);
    quote!(#attributes #signature { #resolved #body })
}

/// Imports that resolve the attributes which were taken off an item before the compiler did.
///
/// Without them `use cryostorm::counted` would count as unused below `#[traced]`, and a missing one go unnoticed.
pub(super) fn resolved<'a>(absorbed: impl IntoIterator<Item = &'a TokenStream>) -> TokenStream {
    let import = |path: &TokenStream| {
        // All of it where the user wrote the path: that is where the compiler reports a path that leads nowhere.
        let span = path.clone().into_iter().last().map_or_else(Span::mixed_site, |segment| segment.span());
        quote_spanned!(span=> #[allow(unused_imports)] use #path as _;)
    };
    absorbed.into_iter().map(import).collect()
}
