use super::attributes::{evaluated, keys, literals};
use super::quoting::{changed, option};
use crate::model::{Name, Parent, RecordError, Runtime, Traced};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

impl Traced {
    /// The span of a call site: what differs from a span without options.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        let text = |name: &Name| match name {
            Name::Literal(name) => Some(option(runtime, name.to_token_stream())),
            Name::Constant(path) => Some(option(runtime, path.clone())),
            // Made at each call.
            Name::Format(_) => None,
        };
        let kind = self.kind.as_ref();
        let kind = kind.map(|kind| quote_spanned!(Span::mixed_site()=> #runtime::SpanKind::#kind));
        let is_root = matches!(self.parent, Some(Parent::Root));
        let record_error = self.record_error.map(|record| {
            let record = Ident::new(record.variant(), Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #runtime::RecordError::#record)
        });
        let observed = self.ok.iter().chain(&self.err).map(|observation| &observation.key);
        let ty = quote_spanned!(Span::mixed_site()=> #runtime::SpanSite);
        let plain = quote_spanned!(Span::mixed_site()=> #ty::NEW);
        let fields = [
            ("name", self.name.as_ref().and_then(text)),
            ("kind", kind),
            ("root", is_root.then(|| quote_spanned!(Span::mixed_site()=> true))),
            ("tracer", self.tracer.as_ref().and_then(text)),
            ("record_error", record_error),
            ("attributes", literals(&self.attributes, runtime)),
            ("keys", keys(evaluated(&self.attributes).chain(observed))),
        ];
        changed(&ty, &plain, fields).unwrap_or(plain)
    }

    /// The constants of the user's that the call site names.
    pub(super) fn constants(&self) -> impl Iterator<Item = &TokenStream> {
        self.name.iter().chain(&self.tracer).filter_map(Name::constant)
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
