use crate::model::{Name, Runtime, Timed};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

impl Timed {
    /// The name of the histogram of a call site.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        match &self.metric.name {
            Some(Name::Literal(name) | Name::Format(name)) => name.to_token_stream(),
            Some(Name::Constant(path)) => path.clone(),
            None => quote_spanned!(Span::mixed_site()=> #runtime::CallSite::DURATION),
        }
    }
}
