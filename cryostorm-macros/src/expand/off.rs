use super::attributes::attributes;
use super::function::yielded;
use super::outcome::settled;
use super::quoting::{local, optional};
use super::site::{constants, unlisted_site};
use super::unchanged::after;
use crate::model::{Function, Instrumentation};
use crate::tokens::is_inferred;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The function as the user wrote it. Before its body stands what the compiler is to check of its attributes, where no run
/// ever comes; nothing, where there is nothing of the user's in them to check.
pub(super) fn off(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    after(unrun(function, instrumentation).unwrap_or_default(), function, instrumentation)
}

fn unrun(function: &Function, instrumentation: &Instrumentation) -> Option<TokenStream> {
    let runtime = &instrumentation.runtime;
    let (attributes, settled) = (attributes(instrumentation), unrun_end(function, instrumentation));
    let has_expressions = attributes.is_some() || settled.is_some();
    if !(has_expressions || runtime.is_given || constants(instrumentation).next().is_some()) {
        return None;
    }
    let (call, frame) = (local("call"), local("frame"));
    let (site, attributes) = (unlisted_site(function, instrumentation), optional(runtime, attributes));
    Some(quote_spanned! {Span::mixed_site()=>
        if false {
            let mut #frame = #runtime::Frame::EMPTY;
            let mut #call = #runtime::ActiveCall::enter(&mut #frame, #site, #attributes);
            #settled
        }
    })
}

/// The end of a call with an output out of nowhere. None where nobody looks at the output, or where the function does not
/// say what it is.
fn unrun_end(function: &Function, instrumentation: &Instrumentation) -> Option<TokenStream> {
    let (runtime, output) = (&instrumentation.runtime, &function.output);
    let ty = match output.deferred().filter(|_| function.asyncness.is_none()) {
        Some(deferred) => yielded(function, &deferred, runtime),
        None => output.nameable(),
    };
    if !instrumentation.is_observed() || output.is_never() || is_inferred(ty.clone()) {
        return None;
    }
    let (value, settled) = (local("output"), settled(instrumentation));
    Some(quote_spanned! {Span::mixed_site()=>
        let #value = #runtime::returned::<#ty>();
        #settled
    })
}
