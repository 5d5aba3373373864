use super::quoting::{local, parenthesized, start_of};
use crate::model::{Attribute, Instrumentation, Name, Parent, Rendering, Runtime, Traced};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;

/// The closure that records what one call differs in from others, if it does.
///
/// It borrows what the values name, and runs before the body does.
pub(super) fn attributes(instrumentation: &Instrumentation) -> Option<TokenStream> {
    let Instrumentation { runtime, traced, counted, timed, .. } = instrumentation;
    let parameter = local("attributes");
    let all = |method: &str, attributes: &[Attribute]| -> TokenStream {
        let method = Ident::new(method, Span::mixed_site());
        let record = |Attribute { key, rendering, value }: &Attribute| {
            let value = recorded(*rendering, value, runtime);
            quote_spanned!(Span::mixed_site()=> #parameter.#method(#key, #value);)
        };
        attributes.iter().filter(|attribute| attribute.static_type().is_none()).map(record).collect()
    };
    let span = traced.as_ref().map(|traced| {
        let attributes = all("span", &traced.attributes);
        spanned(traced, attributes, &parameter, runtime)
    });
    let counted = counted.as_ref().map(|counted| {
        let by = counted.by.as_ref().map(|by| {
            let value = parenthesized(by);
            quote_spanned!(start_of(by)=> #parameter.by(#value);)
        });
        let attributes = all("counted", &counted.attributes);
        quote_spanned!(Span::mixed_site()=> #by #attributes)
    });
    let timed = timed.as_ref().map(|timed| all("timed", &timed.attributes));
    let measured: TokenStream = [counted, timed].into_iter().flatten().collect();
    let measured = (!measured.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> if #parameter.measured() { #measured }));
    let statements: TokenStream = [span, measured].into_iter().flatten().collect();
    (!statements.is_empty()).then(
        || quote_spanned!(Span::mixed_site()=> &mut |#parameter: &mut #runtime::Attributes<'_>| { #statements }),
    )
}

/// What the span of one call has. All of it but its condition and its parent is evaluated only where it is recorded.
fn spanned(traced: &Traced, attributes: TokenStream, parameter: &Ident, runtime: &Runtime) -> TokenStream {
    let call = |method: &str, value: &TokenStream| {
        let (method, argument) = (Ident::new(method, Span::mixed_site()), parenthesized(value));
        let reference = (method == "under").then(|| quote_spanned!(start_of(value)=> &));
        quote_spanned!(start_of(value)=> #parameter.#method(#reference #argument))
    };
    let name = match &traced.name {
        Some(Name::Format(format)) => {
            Some(quote_spanned!(Span::mixed_site()=> #parameter.name(#runtime::format!(#format));))
        }
        _ => None,
    };
    let links = traced.links.as_ref().map(|links| {
        let links = call("links", links);
        quote_spanned!(Span::mixed_site()=> #links;)
    });
    let condition = traced.condition.as_ref().map(|condition| {
        let condition = parenthesized(condition);
        quote_spanned!(Span::mixed_site()=> #parameter.spanned(#condition))
    });
    let context = match &traced.parent {
        Some(Parent::Context(context)) => Some(call("under", context)),
        Some(Parent::Root) | None => None,
    };
    let mut conditions: Vec<_> = [condition, context].into_iter().flatten().collect();
    let statements: TokenStream = [name, links, Some(attributes)].into_iter().flatten().collect();
    let statements = match statements.is_empty() {
        false => {
            conditions.push(quote_spanned!(Span::mixed_site()=> #parameter.recorded()));
            statements
        }
        // What the last of them is asked for is what it does.
        true => conditions.pop().map(|last| quote_spanned!(Span::mixed_site()=> #last;)).unwrap_or_default(),
    };
    match conditions.is_empty() {
        true => statements,
        false => quote_spanned!(Span::mixed_site()=> if #(#conditions)&&* { #statements }),
    }
}

/// A reference to a value as it is recorded.
pub(super) fn recorded(rendering: Rendering, value: &TokenStream, runtime: &Runtime) -> TokenStream {
    // The compiler underlines from here to the end of the value when the value's type cannot be recorded.
    let start = start_of(value);
    let (value, runtime) = (parenthesized(value), runtime.located_at(start));
    match rendering {
        Rendering::Value => quote_spanned!(start=> &#value),
        Rendering::Display => quote_spanned!(start=> &#runtime::Shown(&#value)),
        Rendering::Debug => quote_spanned!(start=> &#runtime::Debugged(&#value)),
        Rendering::Literal => quote_spanned!(start=> &#runtime::Literal(#value)),
    }
}

/// The keys whose values differ from call to call, as a field of a call site, if there are any.
pub(super) fn keys<'a>(keys: impl Iterator<Item = &'a LitStr>) -> Option<TokenStream> {
    let keys: Vec<_> = keys.collect();
    (!keys.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> &[#(#keys),*]))
}

/// The keys of attributes that are no literals.
pub(super) fn evaluated(attributes: &[Attribute]) -> impl Iterator<Item = &LitStr> {
    let is_evaluated = |attribute: &&Attribute| attribute.static_type().is_none();
    attributes.iter().filter(is_evaluated).map(|attribute| &attribute.key)
}

/// The literals among the attributes, as a field of a call site, if there are any.
pub(super) fn literals(attributes: &[Attribute], runtime: &Runtime) -> Option<TokenStream> {
    let literal = |attribute: &Attribute| {
        let (Attribute { key, value, .. }, ty) = (attribute, attribute.static_type()?);
        let ty = Ident::new(ty, Span::mixed_site());
        Some(quote_spanned! {Span::mixed_site()=>
            #runtime::StaticAttribute { key: #key, value: #runtime::StaticValue::#ty(#value) }
        })
    };
    let literals: Vec<_> = attributes.iter().filter_map(literal).collect();
    (!literals.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> &[#(#literals),*]))
}
