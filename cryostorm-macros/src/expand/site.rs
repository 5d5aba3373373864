use crate::model::{Function, Instrumentation};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;
use syn::ext::IdentExt;

/// A block that evaluates to the `&'static CallSite` of a function.
///
/// The static has a block of its own, out of the sight of attribute values.
pub(super) fn site(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let name = function_name(function, instrumentation);
    let line = Literal::u32_suffixed(line_of(function.name.span()));
    let option = |value: Option<TokenStream>| match value {
        Some(value) => quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::Some(#value)),
        None => quote_spanned!(Span::mixed_site()=> #runtime::core::option::Option::None),
    };
    let span = option(instrumentation.traced.as_ref().map(|traced| traced.on_site(runtime, &name)));
    let counter = option(instrumentation.counted.as_ref().map(|counted| counted.on_site(runtime)));
    let histogram = option(instrumentation.timed.as_ref().map(|timed| timed.on_site(runtime)));
    // A literal, because the compiler evaluates each static.
    quote_spanned! {Span::mixed_site()=>
        {
            static __CRYOSTORM_SITE: #runtime::CallSite = #runtime::CallSite {
                function: #name,
                file: #runtime::core::file!(),
                line: #line,
                span: #span,
                counter: #counter,
                histogram: #histogram,
            };
            &__CRYOSTORM_SITE
        }
    }
}

/// The line of the function's name; `line!()` would be that of the attribute.
fn line_of(span: Span) -> u32 {
    let line = match proc_macro::is_available() {
        true => span.unwrap().line(),
        false => 0,
    };
    u32::try_from(line).unwrap_or_default()
}

fn function_name(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let name = LitStr::new(&function.name.unraw().to_string(), Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #runtime::core::concat!(#runtime::core::module_path!(), "::", #name)
    }
}
