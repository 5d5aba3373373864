use super::attributes::{evaluated, keys, literals};
use super::quoting::{changed, option, start_of};
use crate::model::{Counted, Function, InFlight, Latency, Metric, Name, On, Runtime, Timed};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;

impl Metric {
    /// The instrument of a call site, if it differs from that of `default`.
    fn on_site(&self, default: &TokenStream, runtime: &Runtime) -> Option<TokenStream> {
        let fields = [
            ("name", self.name.as_ref().map(|name| name.on_site(runtime))),
            ("description", self.description.as_ref().map(ToTokens::to_token_stream)),
            ("unit", self.unit.as_ref().map(ToTokens::to_token_stream)),
        ];
        changed(
            &quote_spanned!(Span::mixed_site()=> #runtime::Metric),
            &quote_spanned!(Span::mixed_site()=> #default.metric),
            fields,
        )
    }

    /// The function's documentation, which may describe a metric with a name of its own.
    fn summary(&self, function: &Function) -> Option<TokenStream> {
        let is_wanted = self.name.is_some() && self.description.is_none();
        let summary = is_wanted.then(|| function.summary()).flatten();
        summary.map(|text| LitStr::new(&text, Span::mixed_site()).into_token_stream())
    }
}

impl Name {
    /// The name of an instrument; a constant's syntax is checked when the compiler evaluates it.
    pub(super) fn on_site(&self, runtime: &Runtime) -> TokenStream {
        match self {
            Self::Literal(name) | Self::Format(name) => name.to_token_stream(),
            Self::Constant(path) => {
                let place = start_of(path);
                let runtime = runtime.located_at(place);
                quote_spanned!(place=> #runtime::metric_name(#path))
            }
        }
    }

    pub(super) fn constant(&self) -> Option<&TokenStream> {
        match self {
            Self::Constant(path) => Some(path),
            Self::Literal(_) | Self::Format(_) => None,
        }
    }
}

impl Counted {
    /// The counter of a call site.
    pub(super) fn on_site(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let ty = quote_spanned!(Span::mixed_site()=> #runtime::CounterSite);
        let default = quote_spanned!(Span::mixed_site()=> #ty::CALLS);
        let on = match self.on {
            On::Call => None,
            On::Ok => Some("Ok"),
            On::Err => Some("Err"),
        };
        let on = on.map(|on| Ident::new(on, Span::mixed_site()));
        let fields = [
            ("metric", self.metric.on_site(&default, runtime)),
            ("summary", self.metric.summary(function)),
            ("on", on.map(|on| quote_spanned!(Span::mixed_site()=> #runtime::On::#on))),
            ("attributes", literals(&self.attributes, runtime)),
            ("keys", keys(evaluated(&self.attributes))),
            ("objective", self.objective.as_ref().map(|target| option(runtime, target.to_token_stream()))),
        ];
        changed(&ty, &default, fields).unwrap_or(default)
    }

    /// The constants of the user's that the call site names.
    pub(super) fn constants(&self) -> impl Iterator<Item = &TokenStream> {
        self.metric.name.iter().filter_map(Name::constant)
    }
}

impl Timed {
    /// The histogram of a call site.
    pub(super) fn on_site(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let ty = quote_spanned!(Span::mixed_site()=> #runtime::HistogramSite);
        let default = quote_spanned!(Span::mixed_site()=> #ty::DURATION);
        let buckets = self.buckets.as_ref().map(|bounds| option(runtime, buckets(bounds, runtime)));
        let in_flight = self.in_flight.as_ref().map(|in_flight| match in_flight {
            InFlight::Default => quote_spanned!(Span::mixed_site()=> #ty::IN_FLIGHT),
            InFlight::Named(name) => name.on_site(runtime),
        });
        let objective = self.objective.as_ref().map(|Latency { latency, target }| {
            let place = Span::mixed_site().located_at(latency.span());
            let checking = runtime.located_at(place);
            let latency = match &self.buckets {
                // It is one of these.
                Some(bounds) if is_list(bounds) => latency.to_token_stream(),
                Some(bounds) => quote_spanned!(place=> #checking::latency(&#bounds, #latency)),
                None => {
                    let seconds = LitStr::new("s", Span::mixed_site());
                    let unit = self.metric.unit.as_ref().unwrap_or(&seconds);
                    quote_spanned!(place=> #checking::latency_by_default(#unit, #latency))
                }
            };
            quote_spanned!(Span::mixed_site()=> #runtime::LatencyObjective { latency: #latency, target: #target })
        });
        let fields = [
            ("metric", self.metric.on_site(&default, runtime)),
            ("summary", self.metric.summary(function)),
            ("buckets", buckets),
            ("in_flight", in_flight.map(|name| option(runtime, name))),
            ("attributes", literals(&self.attributes, runtime)),
            ("keys", keys(evaluated(&self.attributes))),
            ("objective", objective.map(|objective| option(runtime, objective))),
        ];
        changed(&ty, &default, fields).unwrap_or(default)
    }

    /// The constants of the user's that the call site names.
    pub(super) fn constants(&self) -> impl Iterator<Item = &TokenStream> {
        let in_flight = match &self.in_flight {
            Some(InFlight::Named(name)) => Some(name),
            Some(InFlight::Default) | None => None,
        };
        let buckets = self.buckets.iter().filter(|bounds| !is_list(bounds));
        self.metric.name.iter().chain(in_flight).filter_map(Name::constant).chain(buckets)
    }
}

/// The bounds of a histogram; a constant's are checked when the compiler evaluates it.
pub(super) fn buckets(bounds: &TokenStream, runtime: &Runtime) -> TokenStream {
    if is_list(bounds) {
        return quote_spanned!(Span::mixed_site()=> &#bounds);
    }
    let place = start_of(bounds);
    let runtime = runtime.located_at(place);
    quote_spanned!(place=> #runtime::buckets(&#bounds))
}

fn is_list(bounds: &TokenStream) -> bool {
    matches!(bounds.clone().into_iter().next(), Some(TokenTree::Group(_)))
}
