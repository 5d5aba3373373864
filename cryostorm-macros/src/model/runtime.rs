use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// The path that an expansion reaches the runtime by: `<crate path>::__private`, the only one it names.
#[derive(Clone)]
pub(crate) struct Runtime {
    path: TokenStream,
    /// Whether the user wrote where cryostorm is.
    pub(crate) is_given: bool,
}

impl Runtime {
    pub(crate) fn of_crate(path: &TokenStream) -> Self {
        Self::at(path, true)
    }

    fn at(path: &TokenStream, is_given: bool) -> Self {
        Self { path: quote_spanned!(Span::mixed_site()=> #path::__private), is_given }
    }

    /// The same path where the compiler is to underline what begins with it.
    pub(crate) fn located_at(&self, span: Span) -> Self {
        let located = |mut token: TokenTree| {
            token.set_span(token.span().located_at(span));
            token
        };
        Self { path: self.path.clone().into_iter().map(located).collect(), ..*self }
    }
}

impl Default for Runtime {
    fn default() -> Self {
        Self::at(&quote_spanned!(Span::mixed_site()=> ::cryostorm), false)
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}
