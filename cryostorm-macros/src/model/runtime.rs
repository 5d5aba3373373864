use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// The path that an expansion reaches the runtime by: `<crate path>::__private`, the only one it names.
pub(crate) struct Runtime {
    path: TokenStream,
}

impl Runtime {
    pub(crate) fn of_crate(path: &TokenStream) -> Self {
        Self { path: quote_spanned!(Span::mixed_site()=> #path::__private) }
    }

    /// The same path at `span`.
    ///
    /// `line!()` reports the outermost place that its tokens come from: with spans of the expansion that is the
    /// attribute, with those of the function's name it is the function.
    pub(crate) fn located_at(&self, span: Span) -> TokenStream {
        let relocated = |mut token: TokenTree| {
            // `$crate` means the crate that its span names.
            if !matches!(&token, TokenTree::Ident(ident) if is_dollar_crate(ident)) {
                token.set_span(span);
            }
            token
        };
        self.path.clone().into_iter().map(relocated).collect()
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

fn is_dollar_crate(ident: &Ident) -> bool {
    ident == "$crate"
}
