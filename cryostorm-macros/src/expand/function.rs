use super::attributes::attributes;
use super::outcome::{judge, settled};
use super::quoting::{inner_block, local, optional};
use super::site::site;
use super::unchanged::{resolved, with_body};
use crate::model::{AsyncBlock, Deferred, Function, Instrumentation, Runtime, Work};
use crate::tokens::contains_word;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The function with its body wrapped in one call of the runtime.
pub(super) fn function(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let resolved = resolved(&instrumentation.absorbed);
    let wrapped = Wrapped { function, instrumentation };
    let call = match (&function.asyncness, function.output.deferred()) {
        (Some(_), _) => wrapped.in_future(),
        (None, Some(deferred)) => match (deferred.work, function.async_block()) {
            (Work::Future, Some(block)) => wrapped.async_block(&deferred, block),
            (Work::Future, None) => wrapped.around_future(&deferred),
            (Work::Stream, _) => wrapped.around_stream(&deferred),
        },
        (None, None) => wrapped.in_place(),
    };
    with_body(function, quote!(#resolved #call))
}

/// A function on its way into one call of the runtime.
struct Wrapped<'a> {
    function: &'a Function,
    instrumentation: &'a Instrumentation,
}

impl Wrapped<'_> {
    /// The statements that begin the call of a synchronous function, which stays where it begins.
    fn enter(&self, is_looked_at: bool) -> TokenStream {
        let (runtime, attributes) = (&self.instrumentation.runtime, attributes(self.instrumentation));
        let (call, site) = (local("call"), site(self.function, self.instrumentation));
        if attributes.is_none() && self.instrumentation.is_only_measured_at_its_end() {
            let mutability = is_looked_at.then(|| quote_spanned!(Span::mixed_site()=> mut));
            return quote_spanned!(Span::mixed_site()=> let #mutability #call = #runtime::MeasuredCall::enter(#site););
        }
        let (frame, of, attributes) = (local("frame"), local("site"), optional(runtime, attributes));
        let is_wanted = quote_spanned!(Span::mixed_site()=> #runtime::ActiveCall::is_wanted(#of));
        let entered =
            quote_spanned!(Span::mixed_site()=> #runtime::ActiveCall::enter(&mut #frame, #of, #attributes));
        let begun = match is_looked_at {
            true => quote_spanned! {Span::mixed_site()=>
                let mut #call = if #is_wanted { #entered } else { #runtime::ActiveCall::off() };
            },
            // What is not there needs no looking at when it is dropped.
            false => quote_spanned! {Span::mixed_site()=>
                let #call;
                if #is_wanted {
                    #call = #entered;
                }
            },
        };
        quote_spanned! {Span::mixed_site()=>
            let #of = #site;
            let mut #frame = #runtime::Frame::EMPTY;
            #begun
        }
    }

    /// The beginning of the call of a function that goes on: `Call::start` or `Call::prepare`.
    fn begin(&self, how: &str) -> TokenStream {
        let (runtime, attributes) = (&self.instrumentation.runtime, attributes(self.instrumentation));
        let site = site(self.function, self.instrumentation);
        let (how, attributes) = (Ident::new(how, Span::mixed_site()), optional(runtime, attributes));
        quote_spanned!(Span::mixed_site()=> #runtime::Call::#how(#site, #attributes))
    }

    fn in_place(&self) -> TokenStream {
        let Function { output, body, .. } = self.function;
        let is_observed = self.instrumentation.is_observed();
        let is_looked_at = !output.is_never() && (output.may_fail() || is_observed);
        let (runtime, call, enter) = (&self.instrumentation.runtime, local("call"), self.enter(is_looked_at));
        if !is_looked_at {
            // How it ends needs no looking at: dropped, the call went well, unless the thread is unwinding.
            let body = inner_block(body);
            return quote_spanned!(Span::mixed_site()=> #enter #body);
        }
        // A closure takes the `return` and `?` of the body. It borrows what the body borrows, so that arguments are
        // dropped when they ever were.
        let body = &self.taking();
        let (ty, capture, block) = (output.nameable(), self.capture(), inner_block(body));
        if !is_observed && !output.is_opaque() {
            return quote_spanned! {Span::mixed_site()=>
                #enter
                #runtime::Outcome::<#ty>::NEW.__cryostorm_call(&mut #call, #capture || #block)
            };
        }
        let (value, settled) = (local("output"), settled(self.instrumentation));
        quote_spanned! {Span::mixed_site()=>
            #enter
            let #value = #runtime::once(#capture || -> #ty #body);
            #settled
            #value
        }
    }

    /// How the closure around the body takes what the body uses: a reference that the body puts another in the place of
    /// can only leave the closure that it belongs to.
    fn capture(&self) -> Option<TokenStream> {
        (!self.function.mutable.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> move))
    }

    /// The body, as what takes with it all of each argument that it may change: of a field that is `Copy` alone, it would
    /// change a copy.
    fn taking(&self) -> Group {
        let Function { mutable, body, .. } = self.function;
        if mutable.is_empty() {
            return body.clone();
        }
        let block = inner_block(body);
        let whole = quote_spanned!(Span::mixed_site()=> #(let _ = &#mutable;)* #block);
        let mut body = Group::new(Delimiter::Brace, whole);
        body.set_span(self.function.body.span());
        body
    }

    fn in_future(&self) -> TokenStream {
        let output = &self.function.output;
        let (runtime, begin, body) =
            (&self.instrumentation.runtime, self.begin("start"), inner_block(&self.taking()));
        if output.is_never() {
            return quote_spanned! {Span::mixed_site()=>
                #runtime::CallFuture::unfailing(#begin, async move #body).await
            };
        }
        let ty = output.nameable();
        let return_type = self.return_type(&ty);
        let body = quote_spanned!(Span::mixed_site()=> async move { #return_type #body });
        if self.instrumentation.is_observed() || (output.may_fail() && output.is_opaque()) {
            return self.driven(&ty, &begin, &body);
        }
        if !output.may_fail() {
            return quote_spanned! {Span::mixed_site()=>
                #runtime::CallFuture::unfailing(#begin, #body).await
            };
        }
        quote_spanned! {Span::mixed_site()=>
            #runtime::Outcome::<#ty>::NEW.__cryostorm_run(#begin, #body).await
        }
    }

    /// A function whose body is an async block, which is one of an async function in all but name.
    fn async_block(&self, deferred: &Deferred, block: AsyncBlock) -> TokenStream {
        let AsyncBlock { boxing, head, block } = block;
        let (call, begin) = (local("call"), self.begin("prepare"));
        let started = quote_spanned!(Span::mixed_site()=> #call);
        let ty = yielded(self.function, deferred, &self.instrumentation.runtime);
        let (return_type, block) = (self.return_type(&ty), inner_block(&block));
        let block = quote_spanned!(Span::mixed_site()=> { #return_type #block });
        let future = self.future(deferred, &started, &quote_spanned!(Span::mixed_site()=> #head #block));
        let future = match boxing.is_empty() {
            true => future,
            false => quote_spanned!(Span::mixed_site()=> #boxing(#future)),
        };
        quote_spanned!(Span::mixed_site()=> let #call = #begin; #future)
    }

    /// A function that returns a future: the call goes on until that is done.
    fn around_future(&self, deferred: &Deferred) -> TokenStream {
        let (call, made) = (local("call"), local("made"));
        let making = self.making();
        let future = self.future(
            deferred,
            &quote_spanned!(Span::mixed_site()=> #call),
            &quote_spanned!(Span::mixed_site()=> #made),
        );
        let future = self.boxed(future, deferred);
        quote_spanned!(Span::mixed_site()=> #making #future)
    }

    /// A function that returns a stream: the call goes on until that ends.
    fn around_stream(&self, deferred: &Deferred) -> TokenStream {
        let runtime = &self.instrumentation.runtime;
        let (call, made, making) = (local("call"), local("made"), self.making());
        let judge = judge(&yielded(self.function, deferred, runtime), self.instrumentation);
        let stream = quote_spanned!(Span::mixed_site()=> #runtime::CallStream::new(#call, #made, #judge));
        let stream = self.boxed(stream, deferred);
        quote_spanned!(Span::mixed_site()=> #making #stream)
    }

    /// The statements that begin the call and run the body in it, which makes what the call goes on with.
    fn making(&self) -> TokenStream {
        let (output, body) = (&self.function.output, self.taking());
        let (call, made, begin) = (local("call"), local("made"), self.begin("start"));
        let (runtime, ty, capture) = (&self.instrumentation.runtime, output.nameable(), self.capture());
        quote_spanned! {Span::mixed_site()=>
            let mut #call = #begin;
            let #made = #runtime::Call::within(&mut #call, #capture || -> #ty #body);
        }
    }

    /// The future `made` as the call.
    fn future(&self, deferred: &Deferred, call: &TokenStream, made: &TokenStream) -> TokenStream {
        let runtime = &self.instrumentation.runtime;
        let ty = yielded(self.function, deferred, runtime);
        if self.instrumentation.is_observed() {
            let driven = self.driven(&ty, call, made);
            return quote_spanned!(Span::mixed_site()=> async move { #driven });
        }
        if !contains_word(ty.clone(), "_") {
            return quote_spanned!(Span::mixed_site()=> #runtime::Outcome::<#ty>::NEW.__cryostorm_run(#call, #made));
        }
        let judge = judge(&ty, self.instrumentation);
        quote_spanned!(Span::mixed_site()=> #runtime::CallFuture::new(#call, #made, #judge))
    }

    /// The statements that run the future `made` as the call, and look at its output, which is a `ty`.
    fn driven(&self, ty: &TokenStream, begin: &TokenStream, made: &TokenStream) -> TokenStream {
        let (call, frame, output) = (local("call"), local("frame"), local("output"));
        let (settled, runtime) = (settled(self.instrumentation), &self.instrumentation.runtime);
        quote_spanned! {Span::mixed_site()=>
            let mut #call = #begin;
            let #output = #runtime::Call::drive::<#ty, _>(&mut #call, #made).await;
            let mut #frame = #runtime::Frame::EMPTY;
            let mut #call = #runtime::Call::settle(#call, &mut #frame);
            #settled
            #output
        }
    }

    fn boxed(&self, made: TokenStream, deferred: &Deferred) -> TokenStream {
        let runtime = &self.instrumentation.runtime;
        match deferred.is_boxed {
            true => quote_spanned!(Span::mixed_site()=> #runtime::Box::pin(#made)),
            false => made,
        }
    }

    /// A return that is never reached, ahead of an async body.
    ///
    /// An async block has no place to write its type, so this is where `return` and `?` learn what to convert to, and
    /// what makes type errors speak of the declared type.
    fn return_type(&self, ty: &TokenStream) -> TokenStream {
        let Function { output, name, .. } = self.function;
        // Where the compiler says that the type comes from.
        let span = output.span().unwrap_or_else(|| name.span());
        let runtime = self.instrumentation.runtime.located_at(span);
        quote_spanned! {Span::mixed_site().located_at(span)=>
            if false {
                return #runtime::returned::<#ty>();
            }
        }
    }
}

/// What the future or the items of the stream that a function returns are, or `_` where it does not say.
///
/// The body learns from it what it is to convert to, as it would from the function's type.
pub(super) fn yielded(function: &Function, deferred: &Deferred, runtime: &Runtime) -> TokenStream {
    let ty = function.output.nameable();
    match (&deferred.yielded, deferred.is_boxed, deferred.work) {
        (Some(yielded), ..) => yielded.clone(),
        (None, false, _) => quote_spanned!(Span::mixed_site()=> _),
        (None, true, Work::Future) => {
            quote_spanned!(Span::mixed_site()=> <#ty as #runtime::core::future::Future>::Output)
        }
        (None, true, Work::Stream) => {
            quote_spanned!(Span::mixed_site()=> <#ty as #runtime::Stream>::Item)
        }
    }
}
