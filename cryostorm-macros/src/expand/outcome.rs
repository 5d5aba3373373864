use super::attributes::recorded;
use super::quoting::{local, parenthesized, start_of};
use crate::model::{ErrorType, Instrumentation, Observation, Observer, Runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// The statements that end the call `__cryostorm_call` with the outcome that `__cryostorm_output` tells.
pub(super) fn settled(instrumentation: &Instrumentation) -> TokenStream {
    let Instrumentation { runtime, traced, .. } = instrumentation;
    let (call, output, parameter, value) =
        (local("call"), local("output"), local("attributes"), local("value"));
    let present = match instrumentation.error_type.as_deref() {
        Some(ErrorType::Text(_)) => "__cryostorm_present",
        _ => "__cryostorm_ok",
    };
    let observations: TokenStream = traced
        .iter()
        .flat_map(|traced| [(present, &traced.ok), ("__cryostorm_err", &traced.err)])
        .filter_map(|(of, observations)| {
            let place = observations.first()?.key.span();
            let of = Ident::new(of, Span::mixed_site().located_at(place));
            let records = observations.iter().map(|observation| observed(observation, runtime));
            Some(quote_spanned! {Span::mixed_site()=>
                if let #runtime::core::option::Option::Some(#value) = #runtime::Outcome::of(#output).#of(#output) {
                    #(#records)*
                }
            })
        })
        .collect();
    let observed = (!observations.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #call.__cryostorm_observe(&mut |#parameter: &mut #runtime::Attributes<'_>| { #observations });
        }
    });
    let failure = failure(instrumentation);
    quote_spanned! {Span::mixed_site()=>
        {
            let #output = &#output;
            #observed
            #runtime::Guard::finish(&mut #call, || #failure);
        }
    }
}

/// A function pointer that judges a `ty`.
pub(super) fn judge(ty: &TokenStream, instrumentation: &Instrumentation) -> TokenStream {
    let (output, failure) = (local("output"), failure(instrumentation));
    quote_spanned!(Span::mixed_site()=> |#output: &#ty| #failure)
}

/// The failure that `__cryostorm_output`, a reference, is, or none.
fn failure(instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let (output, failure, error) = (local("output"), local("failure"), local("value"));
    let probe = quote_spanned!(Span::mixed_site()=> #runtime::Outcome::of(#output));
    let plain = quote_spanned!(Span::mixed_site()=> #probe.__cryostorm_failure(#output));
    match instrumentation.error_type.as_deref() {
        None => plain,
        Some(ErrorType::Text(text)) => quote_spanned! {Span::mixed_site()=>
            #runtime::core::option::Option::map(
                #runtime::core::option::Option::or_else(#plain, || #probe.__cryostorm_absence(#output)),
                |#failure| #failure.of_type(#text),
            )
        },
        Some(ErrorType::Function(function)) => {
            let err = Ident::new("__cryostorm_err", start_of(function));
            quote_spanned! {Span::mixed_site()=>
                #runtime::core::option::Option::map(
                    #runtime::core::option::Option::zip(#plain, #probe.#err(#output)),
                    |(#failure, #error)| #failure.of_type(#runtime::error_type(#error, #function)),
                )
            }
        }
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
