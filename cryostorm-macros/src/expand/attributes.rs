use crate::model::{Attribute, Instrumentation, Rendering, Runtime};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// The closure that records the attributes of one call, or none.
///
/// It borrows what the values name, and runs before the body does.
pub(super) fn attributes(instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let parameter = Ident::new("__cryostorm_attributes", Span::mixed_site());
    let of = |signal, attributes: Option<&Vec<Attribute>>| -> TokenStream {
        let method = Ident::new(signal, Span::mixed_site());
        let record = |attribute| recorded(&parameter, &method, attribute, runtime);
        attributes.into_iter().flatten().map(record).collect()
    };
    let span = of("span", instrumentation.traced.as_ref().map(|traced| &traced.attributes));
    let counted = of("counted", instrumentation.counted.as_ref().map(|counted| &counted.attributes));
    let timed = of("timed", instrumentation.timed.as_ref().map(|timed| &timed.attributes));
    if span.is_empty() && counted.is_empty() && timed.is_empty() {
        return quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::None);
    }
    quote_spanned! {Span::mixed_site()=>
        #runtime::core::option::Option::Some(&mut |#parameter: &mut #runtime::Attributes| {
            #span
            #counted
            #timed
        })
    }
}

fn recorded(parameter: &Ident, method: &Ident, attribute: &Attribute, runtime: &Runtime) -> TokenStream {
    let key = &attribute.key;
    let value = parenthesized(&attribute.value);
    // The compiler underlines from here to the end of the value when the value's type cannot be recorded.
    let start = Span::mixed_site().located_at(first_span(&attribute.value));
    let value = match attribute.rendering {
        Rendering::Value => quote_spanned!(start=> &#value),
        Rendering::Display => quote_spanned!(start=> &#runtime::Shown(&#value)),
        Rendering::Debug => quote_spanned!(start=> &#runtime::Debugged(&#value)),
        Rendering::Literal => quote_spanned!(start=> &#runtime::Literal(#value)),
    };
    quote_spanned!(Span::mixed_site()=> #parameter.#method(#key, #value);)
}

fn parenthesized(value: &TokenStream) -> TokenTree {
    let mut group = Group::new(Delimiter::Parenthesis, value.clone());
    let last = value.clone().into_iter().last().map_or_else(Span::mixed_site, |token| token.span());
    group.set_span(Span::mixed_site().located_at(last));
    TokenTree::Group(group)
}

fn first_span(value: &TokenStream) -> Span {
    value.clone().into_iter().next().map_or_else(Span::mixed_site, |token| token.span())
}
