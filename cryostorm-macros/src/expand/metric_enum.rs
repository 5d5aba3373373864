use crate::model::MetricEnum;
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

/// What the enum implements.
pub(crate) fn metric_enum(parsed: &MetricEnum) -> TokenStream {
    let MetricEnum { runtime, name, variants } = parsed;
    let values = variants.iter().map(|(_, value)| value);
    let indices = variants.iter().enumerate().map(|(index, (variant, _))| {
        let index = Literal::usize_suffixed(index);
        quote_spanned!(Span::mixed_site()=> Self::#variant => #index,)
    });
    let names = variants
        .iter()
        .map(|(variant, value)| quote_spanned!(Span::mixed_site()=> Self::#variant => #value,));
    // Of no variants there is nothing to match.
    if variants.is_empty() {
        return TokenStream::new();
    }
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #runtime::MetricEnum for #name {
            const VALUES: &'static [&'static #runtime::core::primitive::str] = &[#(#values),*];

            #[inline(always)]
            fn index(&self) -> #runtime::core::primitive::usize {
                match self { #(#indices)* }
            }
        }

        #[automatically_derived]
        impl #runtime::MetricAttribute for #name {
            fn to_value(&self) -> #runtime::Value {
                #runtime::core::convert::From::from(match self { #(#names)* })
            }
        }
    }
}
