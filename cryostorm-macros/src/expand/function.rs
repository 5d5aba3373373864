use super::attributes::attributes;
use super::site::site;
use super::unchanged::resolved;
use crate::model::{Deferred, Function, Instrumentation, Runtime};
use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The function with its body wrapped in one call of the runtime.
pub(crate) fn function(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let Function { attributes, signature, .. } = function;
    let resolved = resolved(&instrumentation.absorbed);
    let call = match (&function.asyncness, function.output.deferred()) {
        (Some(_), _) => in_future(function, instrumentation),
        (None, Some(Deferred::Future(output))) => around_future(function, instrumentation, output, false),
        (None, Some(Deferred::BoxedFuture)) => around_future(function, instrumentation, None, true),
        (None, _) => in_place(function, instrumentation),
    };
    quote! {
        #attributes
        #signature {
            #resolved
            #call
        }
    }
}

fn in_place(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let Function { output, body, .. } = function;
    let runtime = &instrumentation.runtime;
    let (site, attributes) = (site(function, instrumentation), attributes(instrumentation));
    let enter = quote_spanned!(Span::mixed_site()=> #runtime::Call::enter(#site, #attributes));
    if output.is_never() {
        // Only a panic leaves such a body, and dropping the call records that.
        let body = inner_block(body);
        return quote_spanned!(Span::mixed_site()=> let __cryostorm_call = #enter; #body);
    }
    if output.is_unit() {
        return quote_spanned! {Span::mixed_site()=>
            let __cryostorm_call = #enter;
            #runtime::once::<()>(move || #body);
            __cryostorm_call.finish(#runtime::core::option::Option::None);
        };
    }
    let ty = output.nameable();
    let failure = match output.may_fail() {
        true => failure(runtime, &quote_spanned!(Span::mixed_site()=> &__cryostorm_output)),
        false => quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::None),
    };
    // A closure takes the `return` and `?` of the body, and its type tells both what to convert to. Passing it on as one
    // that runs once lets it give away what it captured, such as a `&mut self` that the function returns.
    quote_spanned! {Span::mixed_site()=>
        let __cryostorm_call = #enter;
        let __cryostorm_output = #runtime::once(move || -> #ty #body);
        __cryostorm_call.finish(#failure);
        __cryostorm_output
    }
}

fn in_future(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let Function { output, body, .. } = function;
    let runtime = &instrumentation.runtime;
    let (site, attributes) = (site(function, instrumentation), attributes(instrumentation));
    let failure = match output.may_fail() {
        true => failure(runtime, &quote_spanned!(Span::mixed_site()=> &__cryostorm_output)),
        false => quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::None),
    };
    let start = quote_spanned!(Span::mixed_site()=> #runtime::Call::start(#site, #attributes));
    let (return_type, body) = (return_type(function), inner_block(body));
    if output.is_never() {
        // Only a panic or a drop leaves such a body, and both the call finds out by itself.
        return quote_spanned!(Span::mixed_site()=> let mut __cryostorm_call = #start; __cryostorm_call.run(async move #body).await);
    }
    quote_spanned! {Span::mixed_site()=>
        let mut __cryostorm_call = #start;
        let __cryostorm_output = __cryostorm_call.run(async move { #return_type #body }).await;
        __cryostorm_call.finish(#failure);
        __cryostorm_output
    }
}

/// A function that returns a future: the call goes on until that is done.
fn around_future(
    function: &Function,
    instrumentation: &Instrumentation,
    output: Option<TokenStream>,
    is_boxed: bool,
) -> TokenStream {
    let Function { output: returned, body, .. } = function;
    let runtime = &instrumentation.runtime;
    let (site, attributes) = (site(function, instrumentation), attributes(instrumentation));
    let failure = failure(runtime, &quote_spanned!(Span::mixed_site()=> &__cryostorm_output));
    let (ty, output) = (returned.nameable(), output.unwrap_or_else(|| quote!(_)));
    let future = quote_spanned! {Span::mixed_site()=>
        async move {
            let __cryostorm_output: #output = __cryostorm_call.run(__cryostorm_future).await;
            __cryostorm_call.finish(#failure);
            __cryostorm_output
        }
    };
    let future = match is_boxed {
        true => quote_spanned!(Span::mixed_site()=> #runtime::Box::pin(#future)),
        false => future,
    };
    quote_spanned! {Span::mixed_site()=>
        let mut __cryostorm_call = #runtime::Call::start(#site, #attributes);
        let __cryostorm_future = __cryostorm_call.within(move || -> #ty #body);
        #future
    }
}

/// The body as a block inside another, with braces of the expansion: the compiler finds those of the user superfluous.
pub(super) fn inner_block(body: &Group) -> Group {
    let mut block = Group::new(Delimiter::Brace, body.stream());
    block.set_span(Span::mixed_site().located_at(body.span()));
    block
}

/// A return that is never reached, ahead of an async body.
///
/// An async block has no place to write its type, so this is where `return` and `?` learn what to convert to, and what
/// makes type errors speak of the declared type.
fn return_type(function: &Function) -> TokenStream {
    let output = if function.output.is_unit() { quote!(()) } else { function.output.nameable() };
    // Where the compiler says that the type comes from.
    let span = function.output.span().unwrap_or_else(|| function.name.span());
    quote_spanned! {Span::mixed_site().located_at(span)=>
        #[allow(unreachable_code, clippy::all, clippy::pedantic)]
        if false {
            let __cryostorm_output: #output = loop {};
            return __cryostorm_output;
        }
    }
}

/// What the runtime makes of `output`, a reference: the traits in scope here tell a `Result` from other types, also when
/// an alias hides it.
fn failure(runtime: &Runtime, output: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        {
            use #runtime::outcome::*;
            (&&&&&#runtime::outcome::Outcome(#output)).__cryostorm_failure()
        }
    }
}
