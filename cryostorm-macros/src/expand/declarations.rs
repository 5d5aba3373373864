use super::attributes::literals;
use super::item::Mode;
use super::metric::buckets;
use super::quoting::{optional, start_of};
use super::section;
use super::site::place;
use crate::model::{Argument, Declarations, Declared, DeclaredMetric, Runtime, Values};
use crate::tokens::contains_word;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt;

/// The module with a body for each function that declares a metric.
pub(crate) fn declarations(declarations: &Declarations, mode: Mode) -> TokenStream {
    let Declarations { runtime, head, items } = declarations;
    let items = items.iter().map(|item| match item {
        Declared::Metric(metric) => metric.function(runtime, mode),
        Declared::Other(tokens) => tokens.clone(),
        Declared::Wrong => TokenStream::new(),
    });
    quote!(#head { #(#items)* })
}

impl DeclaredMetric {
    fn function(&self, runtime: &Runtime, mode: Mode) -> TokenStream {
        let Self { attributes, visibility, name, arguments, .. } = self;
        let (metric, set) = (self.data(runtime), self.set(runtime));
        let registration = match mode {
            Mode::On => {
                let section = section::declared_metrics();
                Some(quote_spanned! {Span::mixed_site()=>
                    #section
                    static __CRYOSTORM_ENTRY: &#runtime::DeclaredMetric = &__CRYOSTORM_METRIC;
                })
            }
            // Nothing of it is left at run time.
            Mode::Off => None,
        };
        let instrument = &self.output.instrument;
        let handle = quote_spanned!(Span::mixed_site()=> #runtime::#instrument);
        let (generics, output) = self.output(runtime, &handle);
        let parameters = arguments.iter().map(|Argument { name, ty, values, .. }| match values {
            Values::Unbounded { .. } => {
                quote_spanned!(Span::mixed_site()=> #name: &'text #runtime::core::primitive::str)
            }
            _ => quote!(#name: #ty),
        });
        let inline = (!contains_word(attributes.clone(), "inline"))
            .then(|| quote_spanned!(Span::mixed_site()=> #[inline]));
        // What is wrong about an argument was said; that it is not used either need not be.
        let wrong = arguments.iter().filter(|argument| matches!(argument.values, Values::Wrong));
        let wrong = wrong.map(|Argument { name, .. }| quote_spanned!(Span::mixed_site()=> let _ = #name;));
        quote_spanned! {Span::mixed_site()=>
            #attributes
            #inline
            #visibility fn #name #generics (#(#parameters),*) -> #output {
                static __CRYOSTORM_METRIC: #runtime::DeclaredMetric = #metric;
                #registration
                #(#wrong)*
                #handle::of(&__CRYOSTORM_METRIC, #set)
            }
        }
    }

    /// The lifetime of its texts, where it has any, and what it returns.
    fn output(&self, runtime: &Runtime, handle: &TokenStream) -> (TokenStream, TokenStream) {
        let number = &self.output.number;
        let texts = self.arguments.iter().filter(|argument| argument.values.is_text()).count();
        if texts == 0 {
            return (TokenStream::new(), quote_spanned!(Span::mixed_site()=> #handle<#number>));
        }
        let texts = Literal::usize_unsuffixed(texts);
        (
            quote_spanned!(Span::mixed_site()=> <'text>),
            quote_spanned!(Span::mixed_site()=> #handle<#number, #runtime::Texts<'text, #texts>>),
        )
    }

    /// The attributes of one call.
    fn set(&self, runtime: &Runtime) -> TokenStream {
        let mut index = quote_spanned!(Span::mixed_site()=> #runtime::Index::START);
        let mut texts = Vec::new();
        for Argument { name, ty, values, .. } in &self.arguments {
            let next = match values {
                Values::Boolean => {
                    quote_spanned!(Span::mixed_site()=> .then(#name as #runtime::core::primitive::usize, 2))
                }
                Values::Known => {
                    let place = start_of(ty);
                    let runtime = runtime.located_at(place);
                    quote_spanned! {place=>
                        .then(<#ty as #runtime::MetricEnum>::index(&#name), <#ty as #runtime::MetricEnum>::VALUES.len())
                    }
                }
                Values::Range { first, last } => {
                    let (first, last) = (Literal::i64_suffixed(*first), Literal::i64_suffixed(*last));
                    quote_spanned!(Span::mixed_site()=> .then_integer(#name, #first, #last))
                }
                Values::Text | Values::Unbounded { .. } => {
                    texts.push(name);
                    quote_spanned!(Span::mixed_site()=> .then_text())
                }
                Values::Wrong => TokenStream::new(),
            };
            index.extend(next);
        }
        match texts.is_empty() {
            true => quote_spanned!(Span::mixed_site()=> #runtime::Bounded::new(#index)),
            false => quote_spanned!(Span::mixed_site()=> #runtime::Texts::new(#index, [#(#texts),*])),
        }
    }

    /// What the binary holds of it.
    fn data(&self, runtime: &Runtime) -> TokenStream {
        let Self { description, output, arguments, .. } = self;
        let name = self.metric.on_site(runtime);
        let none = LitStr::new("", Span::mixed_site());
        let unit = self.unit.as_ref().unwrap_or(&none);
        let instrument = &output.instrument;
        let number = Ident::new(&output.number.to_string().to_uppercase(), Span::mixed_site());
        let keys = arguments.iter().filter_map(|argument| argument.data(runtime));
        let literals =
            literals(&self.literals, runtime).unwrap_or_else(|| quote_spanned!(Span::mixed_site()=> &[]));
        let bounds = optional(runtime, self.buckets.as_ref().map(|bounds| buckets(bounds, runtime)));
        let (file, line) = place(self.name.span());
        let path = LitStr::new(&format!("::{}", self.name.unraw()), Span::mixed_site());
        // Where the compiler says that there are too many combinations.
        let here = Span::mixed_site().located_at(self.name.span());
        let runtime = runtime.located_at(here);
        quote_spanned! {here=>
            #runtime::DeclaredMetric::new(#runtime::Declaration {
                metric: #runtime::Metric { name: #name, unit: #unit, description: #description },
                kind: #runtime::InstrumentKind::#instrument,
                number: #runtime::Number::#number,
                attributes: &[#(#keys),*],
                literals: #literals,
                buckets: #bounds,
                source: #runtime::MetricSource {
                    function: #runtime::core::concat!(#runtime::core::module_path!(), #path),
                    file: #file,
                    line: #line,
                },
            })
        }
    }
}

impl Argument {
    /// What the binary holds of it.
    fn data(&self, runtime: &Runtime) -> Option<TokenStream> {
        let Self { key, ty, values, .. } = self;
        let value = match values {
            Values::Boolean => quote_spanned!(Span::mixed_site()=> Boolean),
            Values::Known => {
                let place = start_of(ty);
                let runtime = runtime.located_at(place);
                quote_spanned!(place=> Known(<#ty as #runtime::MetricEnum>::VALUES))
            }
            Values::Range { first, last } => {
                let (first, last) = (Literal::i64_suffixed(*first), Literal::i64_suffixed(*last));
                quote_spanned!(Span::mixed_site()=> Range { first: #first, last: #last })
            }
            Values::Text => quote_spanned!(Span::mixed_site()=> Text),
            Values::Unbounded { limit } => {
                let limit = Literal::usize_suffixed(*limit).into_token_stream();
                quote_spanned!(Span::mixed_site()=> Unbounded { limit: #limit })
            }
            Values::Wrong => return None,
        };
        Some(quote_spanned! {Span::mixed_site()=>
            #runtime::DeclaredAttribute { key: #key, values: #runtime::DeclaredValues::#value }
        })
    }
}
