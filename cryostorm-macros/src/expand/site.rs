use crate::model::{Function, Instrumentation};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;
use syn::ext::IdentExt;

/// A block that evaluates to the `&'static CallSite` of a function.
///
/// The static has a block of its own, out of the sight of attribute values.
pub(super) fn site(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let name = function_name(function, instrumentation);
    let line = runtime.located_at(function.name.span());
    let line = quote_spanned!(function.name.span()=> #line::core::line!());
    let traced = instrumentation.traced.as_ref().map(|traced| traced.on_site(runtime, &name));
    let counted = instrumentation.counted.as_ref().map(|counted| counted.on_site(runtime));
    let timed = instrumentation.timed.as_ref().map(|timed| timed.on_site(runtime));
    quote_spanned! {Span::mixed_site()=>
        {
            static __CRYOSTORM_SITE: #runtime::CallSite =
                #runtime::CallSite::new(#name, #runtime::core::file!(), #line) #traced #counted #timed;
            &__CRYOSTORM_SITE
        }
    }
}

fn function_name(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let name = LitStr::new(&function.name.unraw().to_string(), Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #runtime::core::concat!(#runtime::core::module_path!(), "::", #name)
    }
}
