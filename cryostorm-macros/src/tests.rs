//! What the macros do to tokens, without a compiler around them.

use crate::expansion;
use crate::model::Instrument;
use proc_macro2::{Span, TokenStream};
use quote::quote;

fn traced(arguments: TokenStream, item: TokenStream) -> String {
    expansion(Instrument::Traced, Span::call_site(), arguments, item).to_string()
}

#[test]
fn half_typed_body_is_kept() {
    let body = quote!({ let order = ; order. });
    let expanded = traced(quote!(), quote!(fn charge() -> u32 #body));
    assert!(expanded.contains(&body.to_string()), "{expanded}");
}

#[test]
fn half_typed_options_leave_the_function_as_it_was() {
    let function = quote!(pub fn charge(order: u32) -> u32 { { order. } });
    for options in [quote!(na), quote!(name =), quote!(attributes(order.)), quote!(kind = Cl), quote!(%)] {
        let expanded = traced(options, quote!(pub fn charge(order: u32) -> u32 { order. }));
        assert!(expanded.starts_with(&function.to_string()), "{expanded}");
        assert!(expanded.contains("compile_error"), "{expanded}");
    }
}

#[test]
fn half_typed_item_is_kept() {
    for item in
        [quote!(), quote!(fn), quote!(pub fn charge), quote!(fn charge(order: u32) -> ), quote!(#[inline])]
    {
        let expanded = traced(quote!(), item.clone());
        assert!(expanded.starts_with(&item.to_string()), "{expanded}");
        assert!(expanded.contains("compile_error"), "{expanded}");
    }
}

#[test]
fn a_stack_is_one_expansion() {
    let item = quote!(
        #[inline]
        #[timed]
        #[doc = "Kept."]
        #[cryostorm::counted(name = "a")]
        fn charge() {}
    );
    let expanded = traced(quote!(), item);
    assert_eq!(expanded.matches("Call :: enter").count(), 1, "{expanded}");
    for kept in ["# [inline]", "# [doc = \"Kept.\"]", "Some (\"a\")", "CallSite :: DURATION", "SpanSite {"] {
        assert!(expanded.contains(kept), "{kept} in {expanded}");
    }
    assert!(!expanded.contains("# [timed") && !expanded.contains("# [cryostorm"), "{expanded}");
}

#[test]
fn only_a_path_is_asked_for_its_outcome() {
    let asks =
        |output: TokenStream| traced(quote!(), quote!(fn charge() #output { body() })).contains("Outcome");
    for output in [
        quote!(),
        quote!(-> ()),
        quote!(-> !),
        quote!(-> u64),
        quote!(-> &str),
        quote!(-> (u8, Result<u8, E>)),
        quote!(-> [u8; 4]),
        quote!(-> *const u8),
        quote!(-> impl Iterator<Item = Result<u8, E>>),
        quote!(-> fn() -> Result<u8, E>),
    ] {
        assert!(!asks(output.clone()), "{output}");
    }
    for output in [
        quote!(-> Result<u8, E>),
        quote!(-> io::Result<()>),
        quote!(-> Alias),
        quote!(-> <T as Service>::Out),
    ] {
        assert!(asks(output.clone()), "{output}");
    }
}

#[test]
fn an_opaque_type_is_inferred() {
    let written = quote!(-> Result<impl Fn(u8) -> Vec<u8> + Send + 'static, Box<(impl Iterator<Item = u8>, E)>> where E: Send);
    let expanded = traced(quote!(), quote!(fn charge<E>() #written { body() }));
    let closure = quote!(-> Result<_, Box<(_, E)>> { body() });
    assert!(expanded.contains(&closure.to_string()), "{expanded}");
}
