use super::traced;
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

/// What `macro_rules` makes of a fragment.
fn fragment(tokens: TokenStream) -> TokenStream {
    let group = Group::new(Delimiter::None, tokens);
    quote!(#group)
}

/// The default names of the methods that are instrumented in `block`.
fn names(block: TokenStream) -> Vec<String> {
    let expanded = traced(quote!(), block);
    assert!(!expanded.contains("compile_error"), "{expanded}");
    let before_name = "CallSite :: new (:: cryostorm :: __private :: core :: concat ! (:: cryostorm :: __private :: core \
                       :: module_path ! () , \"::";
    let name = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
    expanded.split(before_name).skip(1).map(name).collect()
}

/// The messages on `block`.
fn messages(block: TokenStream) -> Vec<String> {
    let expanded = traced(quote!(), block);
    let message = |rest: &str| rest.split("\" }").next().unwrap_or_default().replace('\\', "");
    expanded.split("compile_error ! { \"").skip(1).map(message).collect()
}

#[test]
fn every_method_with_a_body_is_instrumented() {
    let block = quote! {
        #[cfg(unix)]
        impl<T, const N: usize> Order<T, { N + 1 }>
        where
            [u8; { N }]: Sized,
        {
            #![allow(dead_code)]
            const FREE: Self = Self { total: 0 };
            pub const LIMIT: bool = { 1 < 2 };
            type Item = [u8; { 3 }];
            helpers! { fn not_seen() {} }
            more::helpers!(fn not_seen());
            #[doc = "Kept."]
            pub(crate) fn charged(&self) -> Checked<{ 1 }, { N }> { body() }
            #[cfg(windows)]
            async fn paid<F: Fn() -> u8>(f: F) -> impl Fn(u8) -> Vec<Vec<u8>> where F: Send { body() }
            unsafe extern "C" fn called() {}
            fn declared(&self);
            default fn r#move() {}
        }
    };
    assert_eq!(names(block), ["Order::charged", "Order::paid", "Order::called", "Order::move"]);
}

#[test]
fn fragments_are_seen_through() {
    let method = fragment(quote!(
        #[inline]
        #[cryostorm::counted]
        fn charged() {}
    ));
    let (visibility, body) = (fragment(quote!(pub)), fragment(quote!({ body() })));
    let (constant, ty) = (
        fragment(quote!(
            const NUMBER: u8 = 3;
        )),
        fragment(quote!(&'static shop::Order<T>)),
    );
    let block = quote! {
        impl<T> Payment for #ty where T: Into<u8> {
            #method
            #constant
            const BLOCK: u8 = #body;
            #[inline]
            #visibility fn paid() -> u8 #body
            #[cryostorm(skip)]
            #method
        }
    };
    assert_eq!(names(fragment(block)), ["Order::charged", "Order::paid", "Order::charged"]);
    let expanded = traced(quote!(), quote!(impl Order { #method }));
    assert!(expanded.contains("# [inline]") && !expanded.contains("# [cryostorm"), "{expanded}");
}

#[test]
fn a_method_goes_by_its_type() {
    for (header, owner) in [
        (quote!(impl Order), "Order::"),
        (quote!(unsafe impl<T: Into<U>, U> shop::Order<T>), "Order::"),
        (quote!(impl<T> fmt::Display for shop::Order<T> where for<'a> &'a T: Debug), "Order::"),
        (quote!(impl<F: for<'a> Fn(&'a u8) -> u8> Handler for Wrapper<F>), "Wrapper::"),
        (quote!(impl<'a> Payment for &'a mut Order), "Order::"),
        (quote!(impl Payment for Box<dyn Order>), "Box::"),
        (quote!(impl Payment for dyn shop::Order + Send), "Order::"),
        (quote!(impl dyn for<'a> Payment<'a>), "Payment::"),
        (quote!(impl<T> Payment for T), "T::"),
        (quote!(impl Payment for r#type), "type::"),
        (quote!(impl Payment for <T as Shop>::Order), "Order::"),
        (quote!(impl<T> Payment for [T]), ""),
        (quote!(impl Payment for (Order, Order)), ""),
        (quote!(impl Payment for fn(Order) -> Order), ""),
        (quote!(impl Payment for for<'a> unsafe extern "C" fn(&'a Order)), ""),
        (quote!(pub(crate) unsafe trait Payment<T>: Order), "Payment::"),
    ] {
        assert_eq!(names(quote!(#header { fn charge() {} })), [format!("{owner}charge")], "{header}");
    }
}

#[test]
fn half_typed_members_are_kept() {
    for half in [
        quote!(fn),
        quote!(pub),
        quote!(pu),
        quote!(fn charge(&self) -> Vec<),
        quote!(const NUMBER),
        quote!(#[inline]),
        quote!(self.),
    ] {
        for block in [quote!(impl Order { fn before() {} #half }), quote!(impl Order { #half })] {
            let expanded = traced(quote!(), block);
            assert!(expanded.contains(&format!("{half} }}")), "{half} in {expanded}");
        }
        let expanded = traced(quote!(), quote!(impl Order { #half fn after() { } }));
        assert!(
            expanded.contains(&half.to_string()) && expanded.contains("fn after ()"),
            "{half} in {expanded}"
        );
    }
}

#[test]
fn a_mistake_leaves_the_block_as_it_was() {
    let expanded = traced(
        quote!(nam = "x"),
        quote!(
            #[counted]
            impl Order {
                #[cryostorm(skip)]
                fn new() -> Self {
                    body()
                }
                #[timed]
                fn charge(&self) {}
            }
        ),
    );
    assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
    assert!(!expanded.contains("CallSite"), "{expanded}");
    for gone in ["# [counted]", "# [timed]", "# [cryostorm"] {
        assert!(!expanded.contains(gone), "{gone} in {expanded}");
    }
    assert!(expanded.contains("impl Order { fn new () -> Self { body () } fn charge (& self)"), "{expanded}");
}

#[test]
fn a_mistake_is_told_once() {
    for (block, message) in [
        (
            quote!(
                #[counted(nam = "x")]
                impl Order {
                    fn a() {}
                    fn b() {}
                }
            ),
            "did you mean `name = ",
        ),
        (quote!(impl Order { #[counted(nam = "x")] fn a() {} fn b() {} }), "did you mean `name = "),
        (
            quote!(
                #[traced]
                impl Order {
                    fn a() {}
                }
            ),
            "given twice",
        ),
        (quote!(impl Order { #[cryostorm(skp)] const fn a() {} }), "did you mean `skip`"),
        (quote!(impl Order { #[cryostorm] fn a() {} }), "write `#[cryostorm(skip)]`"),
        (quote!(impl Order { #[cryostorm(timed, skip)] fn a() {} }), "write `#[cryostorm(skip)]`"),
        (quote!(impl Order { #[cryostorm(skip)] fn a() {} }), "every method"),
        (quote!(impl Order {}), "no method"),
        (
            quote!(
                trait Order {
                    fn a();
                }
            ),
            "no method of this trait",
        ),
        (quote!(impl Order { #[counted] const A: u8 = 1; fn a() {} }), "a constant is none"),
        (
            quote!(
                trait Order {
                    #[counted]
                    fn a();
                    fn b() {}
                }
            ),
            "`a` has no body",
        ),
        (
            quote!(
                #[cryostorm(skip)]
                impl Order {
                    fn a() {}
                }
            ),
            "on a method in the block",
        ),
        (
            quote!(
                #[cryostorm(skip)]
                fn a() {}
            ),
            "on this function itself",
        ),
        (
            quote!(
                #[cryostorm(skip)]
                struct Order;
            ),
            "a struct is none",
        ),
    ] {
        let messages = messages(block.clone());
        assert!(matches!(messages.as_slice(), [only] if only.contains(message)), "{messages:?} on {block}");
    }
}
