use crate::model::{Name, Runtime, Traced};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

impl Traced {
    /// The span of a call site.
    pub(super) fn on_site(&self, runtime: &Runtime, function: &TokenStream) -> TokenStream {
        let name = match &self.name {
            Some(Name::Literal(name) | Name::Format(name)) => name.to_token_stream(),
            Some(Name::Constant(path)) => path.clone(),
            None => function.clone(),
        };
        let kind = self.kind.clone().unwrap_or_else(|| Ident::new("Internal", Span::mixed_site()));
        quote_spanned!(Span::mixed_site()=> #runtime::SpanSite { name: #name, kind: #runtime::SpanKind::#kind })
    }
}
