use crate::model::{Counted, Runtime};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

impl Counted {
    /// The call that declares the counter on a call site.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        let name = match &self.name {
            Some(name) => name.to_token_stream(),
            None => quote_spanned!(Span::mixed_site()=> #runtime::CallSite::CALLS),
        };
        quote_spanned!(Span::mixed_site()=> .counted(#name))
    }
}
