use super::quoting::option;
use crate::model::{Counted, Function, InFlight, Metric, Name, On, Runtime, Timed};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;

impl Metric {
    /// The field of a call site that says what differs from `default`, if anything does. A name of its own makes the
    /// function's documentation its description.
    fn on_site(&self, default: &TokenStream, function: &Function, runtime: &Runtime) -> Option<TokenStream> {
        let name = self.name.as_ref().map(|name| name.on_site(runtime));
        let summary =
            || function.summary().map(|text| LitStr::new(&text, Span::mixed_site()).into_token_stream());
        let own = self.description.as_ref().map(ToTokens::to_token_stream);
        let description = own.or_else(|| name.as_ref().and_then(|_| summary()));
        let unit = self.unit.as_ref();
        let fields: TokenStream = [
            name.map(|name| quote_spanned!(Span::mixed_site()=> name: #name,)),
            description.map(|text| quote_spanned!(Span::mixed_site()=> description: #text,)),
            unit.map(|unit| quote_spanned!(Span::mixed_site()=> unit: #unit,)),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!fields.is_empty()).then(
            || quote_spanned!(Span::mixed_site()=> metric: #runtime::Metric { #fields ..#default.metric },),
        )
    }
}

impl Name {
    /// The name of an instrument; a constant's syntax is checked when the compiler evaluates it.
    fn on_site(&self, runtime: &Runtime) -> TokenStream {
        match self {
            Self::Literal(name) | Self::Format(name) => name.to_token_stream(),
            Self::Constant(path) => quote_spanned!(Span::mixed_site()=> #runtime::metric_name(#path)),
        }
    }

    fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }
}

impl Counted {
    /// The counter of a call site.
    pub(super) fn on_site(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let default = quote_spanned!(Span::mixed_site()=> #runtime::CounterSite::CALLS);
        let metric = self.metric.on_site(&default, function, runtime);
        if metric.is_none() && self.on == On::Call {
            return default;
        }
        let on = match self.on {
            On::Call => "Call",
            On::Ok => "Ok",
            On::Err => "Err",
        };
        let on = Ident::new(on, Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> #runtime::CounterSite { #metric on: #runtime::On::#on, ..#default })
    }

    /// Whether the call site names constants of the user's.
    pub(super) fn has_constants(&self) -> bool {
        self.metric.name.as_ref().is_some_and(Name::is_constant)
    }
}

impl Timed {
    /// The histogram of a call site.
    pub(super) fn on_site(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let default = quote_spanned!(Span::mixed_site()=> #runtime::HistogramSite::DURATION);
        let metric = self.metric.on_site(&default, function, runtime);
        if metric.is_none() && self.buckets.is_none() && self.in_flight.is_none() {
            return default;
        }
        let buckets = self.buckets.as_ref().map(|bounds| {
            let bounds = match is_list(bounds) {
                true => quote_spanned!(Span::mixed_site()=> &#bounds),
                false => quote_spanned!(Span::mixed_site()=> #runtime::buckets(&#bounds)),
            };
            let bounds = option(runtime, bounds);
            quote_spanned!(Span::mixed_site()=> buckets: #bounds,)
        });
        let in_flight = self.in_flight.as_ref().map(|in_flight| {
            let name = match in_flight {
                InFlight::Default => quote_spanned!(Span::mixed_site()=> #runtime::HistogramSite::IN_FLIGHT),
                InFlight::Named(name) => name.on_site(runtime),
            };
            let name = option(runtime, name);
            quote_spanned!(Span::mixed_site()=> in_flight: #name,)
        });
        quote_spanned!(Span::mixed_site()=> #runtime::HistogramSite { #metric #buckets #in_flight ..#default })
    }

    /// Whether the call site names constants of the user's.
    pub(super) fn has_constants(&self) -> bool {
        let in_flight = match &self.in_flight {
            Some(InFlight::Named(name)) => name.is_constant(),
            Some(InFlight::Default) | None => false,
        };
        let buckets = self.buckets.as_ref().is_some_and(|bounds| !is_list(bounds));
        in_flight || buckets || self.metric.name.as_ref().is_some_and(Name::is_constant)
    }
}

fn is_list(bounds: &TokenStream) -> bool {
    matches!(bounds.clone().into_iter().next(), Some(TokenTree::Group(_)))
}
