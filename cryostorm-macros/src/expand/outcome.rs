use super::attributes::recorded;
use super::quoting::{local, parenthesized, start_of};
use crate::model::{ErrorType, Instrumentation, Observation, Observer, Rendering, Runtime};
use proc_macro2::{Span, TokenStream};
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
            let of = syn::Ident::new(of, Span::mixed_site());
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
        Some(ErrorType::Observed(observer)) => {
            let named = applied(observer);
            quote_spanned! {Span::mixed_site()=>
                match #probe.__cryostorm_err(#reference #output) {
                    #runtime::core::option::Option::Some(#error) => #runtime::core::option::Option::map(
                        #plain,
                        |#failure| #failure.of_type(#named),
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

fn observed(observation: &Observation, runtime: &Runtime) -> TokenStream {
    let Observation { key, rendering, observer } = observation;
    let parameter = local("attributes");
    match observer {
        Observer::Closure { pattern, body } => {
            let (value, recorded) = (local("value"), recorded(*rendering, body, runtime));
            quote_spanned! {Span::mixed_site()=>
                {
                    let #pattern = #value;
                    #parameter.span(#key, #recorded);
                }
            }
        }
        Observer::Callable(_) => {
            let recorded = recorded(Rendering::clone(rendering), &applied(observer), runtime);
            quote_spanned!(Span::mixed_site()=> #parameter.span(#key, #recorded);)
        }
    }
}

/// What an observer makes of `__cryostorm_value`.
fn applied(observer: &Observer) -> TokenStream {
    let value = local("value");
    match observer {
        Observer::Closure { pattern, body } => {
            quote_spanned!(Span::mixed_site()=> { let #pattern = #value; #body })
        }
        Observer::Callable(function) => {
            let called = parenthesized(function);
            quote_spanned!(start_of(function)=> #called(#value))
        }
    }
}
