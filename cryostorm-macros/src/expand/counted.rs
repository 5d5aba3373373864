use crate::model::{Counted, Runtime};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

impl Counted {
    /// The name of the counter of a call site.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        match &self.name {
            Some(name) => name.to_token_stream(),
            None => quote_spanned!(Span::mixed_site()=> #runtime::CallSite::CALLS),
        }
    }
}
