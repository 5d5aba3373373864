use super::attributes::recorded;
use super::quoting::{local, parenthesized, start_of};
use crate::model::{ErrorType, Instrumentation, Observation, Observer, Runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// The statements that end the call `__cryostorm_call` with the outcome that `__cryostorm_output` tells.
pub(super) fn settled(instrumentation: &Instrumentation) -> TokenStream {
    let Instrumentation { runtime, traced, .. } = instrumentation;
    let (call, parameter) = (local("call"), local("attributes"));
    let observations: TokenStream = traced
        .iter()
        .flat_map(|traced| [("__cryostorm_ok", &traced.ok), ("__cryostorm_err", &traced.err)])
        .filter(|(_, observations)| !observations.is_empty())
        .map(|(of, observations)| {
            let place = observations.first().map_or_else(Span::mixed_site, |first| first.key.span());
            let of = Ident::new(of, Span::mixed_site().located_at(place));
            let probe = probe(instrumentation);
            let (output, value) = (local("output"), local("value"));
            let records = observations.iter().map(|observation| observed(observation, runtime));
            quote_spanned! {Span::mixed_site()=>
                if let #runtime::core::option::Option::Some(#value) = #probe.#of(&#output) {
                    #(#records)*
                }
            }
        })
        .collect();
    let observed = (!observations.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #call.__cryostorm_observe(&mut |#parameter: &mut #runtime::Attributes| { #observations });
        }
    });
    let failure = failure(instrumentation);
    quote_spanned! {Span::mixed_site()=>
        #observed
        #call.finish(#failure);
    }
}

/// A function pointer that judges a `ty`.
pub(super) fn judge(ty: &TokenStream, instrumentation: &Instrumentation) -> TokenStream {
    let (output, failure) = (local("output"), failure_of(instrumentation, &TokenStream::new()));
    quote_spanned!(Span::mixed_site()=> |#output: &#ty| #failure)
}

fn failure(instrumentation: &Instrumentation) -> TokenStream {
    failure_of(instrumentation, &quote_spanned!(Span::mixed_site()=> &))
}

/// The failure that `__cryostorm_output` is, or none. `reference` makes a reference of it.
fn failure_of(instrumentation: &Instrumentation, reference: &TokenStream) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let output = local("output");
    let probe = quote_spanned!(Span::mixed_site()=> #runtime::Outcome::of(#reference #output));
    let plain = quote_spanned!(Span::mixed_site()=> #probe.__cryostorm_failure(#reference #output));
    let (failure, error) = (local("failure"), local("value"));
    match instrumentation.error_type.as_deref() {
        None => plain,
        Some(ErrorType::Text(text)) => quote_spanned! {Span::mixed_site()=>
            #runtime::core::option::Option::map(
                // What is inside an `Option` may be an error too.
                #runtime::core::option::Option::or_else(
                    #plain,
                    || #runtime::Asked::of(#reference #output).__cryostorm_failure(#reference #output),
                ),
                |#failure| #failure.of_type(#text),
            )
        },
        Some(ErrorType::Function(function)) => {
            let err = Ident::new("__cryostorm_err", start_of(function));
            quote_spanned! {Span::mixed_site()=>
                match #probe.#err(#reference #output) {
                    #runtime::core::option::Option::Some(#error) => #runtime::core::option::Option::map(
                        #plain,
                        |#failure| #failure.of_type(#runtime::error_type(#error, #function)),
                    ),
                    #runtime::core::option::Option::None => #runtime::core::option::Option::None,
                }
            }
        }
    }
}

/// What knows the outcomes of the output's type.
fn probe(instrumentation: &Instrumentation) -> TokenStream {
    let (runtime, output) = (&instrumentation.runtime, local("output"));
    match instrumentation.error_type.as_deref() {
        Some(ErrorType::Text(_)) => quote_spanned!(Span::mixed_site()=> #runtime::Asked::of(&#output)),
        _ => quote_spanned!(Span::mixed_site()=> #runtime::Outcome::of(&#output)),
    }
}

/// The statements that record what an observer makes of `__cryostorm_value`.
fn observed(observation: &Observation, runtime: &Runtime) -> TokenStream {
    let Observation { key, rendering, observer } = observation;
    let (parameter, value) = (local("attributes"), local("value"));
    match observer {
        Observer::Closure { pattern, body } => {
            let recorded = recorded(*rendering, body, runtime);
            quote_spanned! {Span::mixed_site()=>
                {
                    let #pattern = #value;
                    #parameter.span(#key, #recorded);
                }
            }
        }
        Observer::Callable(function) => {
            let place = start_of(function);
            let (called, value) = (parenthesized(function), Ident::new(&value.to_string(), place));
            let recorded = recorded(*rendering, &quote_spanned!(place=> #called(#value)), runtime);
            quote_spanned!(Span::mixed_site()=> #parameter.span(#key, #recorded);)
        }
    }
}
