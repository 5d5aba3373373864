use super::quoting::option;
use crate::model::{Name, Parent, RecordError, Runtime, Traced};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

impl Traced {
    /// The span of a call site: what differs from a span without options.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        let mut fields = TokenStream::new();
        let mut set = |field: &str, value: TokenStream| {
            let field = Ident::new(field, Span::mixed_site());
            fields.extend(quote_spanned!(Span::mixed_site()=> #field: #value,));
        };
        match &self.name {
            Some(Name::Literal(name)) => {
                set("name", option(runtime, quote_spanned!(Span::mixed_site()=> #name)));
            }
            Some(Name::Constant(path)) => set("name", option(runtime, path.clone())),
            // Made at each call.
            Some(Name::Format(_)) | None => {}
        }
        if let Some(kind) = &self.kind {
            set("kind", quote_spanned!(Span::mixed_site()=> #runtime::SpanKind::#kind));
        }
        if let Some(Parent::Root) = self.parent {
            set("root", quote_spanned!(Span::mixed_site()=> true));
        }
        if let Some(tracer) = &self.tracer {
            set("tracer", option(runtime, tracer.clone()));
        }
        if let Some(record) = self.record_error {
            let record = Ident::new(record.variant(), Span::mixed_site());
            set("record_error", quote_spanned!(Span::mixed_site()=> #runtime::RecordError::#record));
        }
        let plain = quote_spanned!(Span::mixed_site()=> #runtime::SpanSite::NEW);
        if fields.is_empty() {
            return plain;
        }
        quote_spanned!(Span::mixed_site()=> #runtime::SpanSite { #fields ..#plain })
    }

    /// Whether the call site names constants of the user's.
    pub(super) fn has_constants(&self) -> bool {
        matches!(self.name, Some(Name::Constant(_))) || self.tracer.is_some()
    }
}

impl RecordError {
    fn variant(self) -> &'static str {
        match self {
            Self::Event => "Event",
            Self::Log => "Log",
            Self::Both => "Both",
            Self::None => "None",
        }
    }
}
