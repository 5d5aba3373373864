use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// The path that an expansion reaches the runtime by: `<crate path>::__private`, the only one it names.
#[derive(Clone)]
pub(crate) struct Runtime {
    path: TokenStream,
}

impl Runtime {
    pub(crate) fn of_crate(path: &TokenStream) -> Self {
        Self { path: quote_spanned!(Span::mixed_site()=> #path::__private) }
    }
}

impl Default for Runtime {
    fn default() -> Self {
        Self::of_crate(&quote_spanned!(Span::mixed_site()=> ::cryostorm))
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}
