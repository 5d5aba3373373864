use super::quoting::optional;
use super::section;
use crate::model::{Function, Instrumentation};
use crate::tokens::visible;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::LitStr;
use syn::ext::IdentExt;

/// A `&'static CallSite`, which the linker puts into the catalogue unless it may differ from type to type.
pub(super) fn site(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    if constants(instrumentation).any(may_be_generic) {
        return unlisted_site(function, instrumentation);
    }
    let (runtime, site, name) = (&instrumentation.runtime, literal(function, instrumentation), item_name());
    let section = section::call_sites();
    quote_spanned! {Span::mixed_site()=> {
        #section
        static #name: &#runtime::CallSite = &#site;
        #name
    }}
}

/// A `&'static CallSite` that is in no catalogue.
pub(super) fn unlisted_site(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let (runtime, site) = (&instrumentation.runtime, literal(function, instrumentation));
    let mut constants = constants(instrumentation).peekable();
    // What a call makes is data only where the compiler is told so.
    let is_checked = instrumentation.timed.as_ref().is_some_and(|timed| timed.objective.is_some());
    let is_plain = constants.peek().is_none() && !is_checked;
    if is_plain || constants.any(may_be_generic) {
        return quote_spanned!(Span::mixed_site()=> const { &#site });
    }
    // An item is evaluated even where nothing is generated, so an editor shows what is wrong with it.
    let name = item_name();
    quote_spanned!(Span::mixed_site()=> { const #name: &#runtime::CallSite = &#site; #name })
}

fn item_name() -> Ident {
    Ident::new("__CRYOSTORM_SITE", Span::mixed_site())
}

fn literal(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let Instrumentation { runtime, traced, counted, timed, .. } = instrumentation;
    let name = function_name(function, instrumentation);
    let (file, line) = place(function.name.span());
    // Nor does it make data of what might not evaluate, as what is checked. To be told so takes the compiler longer.
    let or_none = |value: Option<TokenStream>, might_not_evaluate: bool| {
        let data = |value| match might_not_evaluate {
            true => quote_spanned!(Span::mixed_site()=> const { &#value }),
            false => quote_spanned!(Span::mixed_site()=> &#value),
        };
        optional(runtime, value.map(data))
    };
    let span = or_none(
        traced.as_ref().map(|traced| traced.on_site(runtime)),
        traced.iter().any(|traced| traced.constants().next().is_some()),
    );
    let counter = or_none(
        counted.as_ref().map(|counted| counted.on_site(function, runtime)),
        counted.iter().any(|counted| counted.constants().next().is_some()),
    );
    let histogram = or_none(
        timed.as_ref().map(|timed| timed.on_site(function, runtime)),
        timed.iter().any(|timed| timed.objective.is_some() || timed.constants().next().is_some()),
    );
    quote_spanned! {Span::mixed_site()=>
        #runtime::CallSite::new(#name, #file, #line, #span, #counter, #histogram)
    }
}

/// The constants of the user's that a call site names.
pub(super) fn constants(instrumentation: &Instrumentation) -> impl Iterator<Item = &TokenStream> {
    let Instrumentation { traced, counted, timed, .. } = instrumentation;
    let traced = traced.iter().flat_map(|traced| traced.constants());
    let counted = counted.iter().flat_map(|counted| counted.constants());
    let timed = timed.iter().flat_map(|timed| timed.constants());
    traced.chain(counted).chain(timed)
}

/// Whether what `constant` leads to may depend on the generics of the function: `Self::NAME`, `T::NAME`.
fn may_be_generic(constant: &TokenStream) -> bool {
    let tokens = visible(constant);
    let begins_with_type = matches!(tokens.first(), Some(TokenTree::Ident(first))
        if first.to_string().starts_with(char::is_uppercase));
    tokens.len() > 1 && begins_with_type
}

/// The file and line of the function's name. The macros `file!` and `line!` would give those of the attribute, and each
/// costs an expansion.
pub(super) fn place(span: Span) -> (LitStr, Literal) {
    let (file, line) = match proc_macro::is_available() {
        true => (span.unwrap().file(), span.unwrap().line()),
        false => (String::new(), 0),
    };
    (LitStr::new(&file, Span::mixed_site()), Literal::u32_suffixed(u32::try_from(line).unwrap_or_default()))
}

fn function_name(function: &Function, instrumentation: &Instrumentation) -> TokenStream {
    let runtime = &instrumentation.runtime;
    let name = match &function.owner {
        Some(owner) => format!("::{}::{}", owner.unraw(), function.name.unraw()),
        None => format!("::{}", function.name.unraw()),
    };
    let name = LitStr::new(&name, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #runtime::core::concat!(#runtime::core::module_path!(), #name)
    }
}
