//! What the macros do to tokens, without a compiler around them.

mod blocks;
mod lists;
mod metrics;
mod operands;
mod options;
mod snapshots;
mod spans;
mod units;

use crate::expand::Mode;
use crate::expansion;
use crate::model::Instrument;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

/// What the compiler would say of `#[instrument(arguments)]`.
fn messages(instrument: Instrument, arguments: TokenStream) -> Vec<String> {
    let expanded = expansion(
        Mode::On,
        instrument,
        Span::call_site(),
        arguments,
        quote!(
            fn charge() {}
        ),
    );
    let tokens: Vec<_> = expanded.into_iter().collect();
    let message = |tokens: &[TokenTree]| match tokens {
        [TokenTree::Ident(macro_name), _, TokenTree::Group(group)] if macro_name == "compile_error" => {
            Some(syn::parse2::<syn::LitStr>(group.stream()).unwrap().value())
        }
        _ => None,
    };
    tokens.windows(3).filter_map(message).collect()
}

/// Asserts what is said of each, which may say more than the text.
fn assert_refused<const N: usize>(instrument: Instrument, refused: [(TokenStream, &str); N]) {
    for (arguments, text) in refused {
        let messages = messages(instrument, arguments.clone());
        assert!(matches!(messages.as_slice(), [one] if one.contains(text)), "{arguments}: {messages:#?}");
    }
}

fn assert_accepted<const N: usize>(instrument: Instrument, accepted: [TokenStream; N]) {
    for arguments in accepted {
        assert_eq!(messages(instrument, arguments.clone()), [""; 0], "{arguments}");
    }
}

fn traced(arguments: TokenStream, item: TokenStream) -> String {
    expansion(Mode::On, Instrument::Traced, Span::call_site(), arguments, item).to_string()
}

#[test]
fn half_typed_body_is_kept() {
    let body = quote!({ let order = ; order. });
    let expanded = traced(quote!(), quote!(fn charge() -> u32 #body));
    assert!(expanded.contains(&body.to_string()), "{expanded}");
}

#[test]
fn half_typed_options_leave_the_function_as_it_was() {
    let function = quote!(pub fn charge(order: u32) -> u32 { order. });
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
    for kept in
        ["# [inline]", "# [doc = \"Kept.\"]", "name : \"a\"", "HistogramSite :: DURATION", "SpanSite :: NEW"]
    {
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
