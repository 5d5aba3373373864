//! Where a static goes that the runtime finds among all of its kind, in whatever crate: see `linked` there, whose names these
//! are.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The attributes of a static that is a pointer to an annotated function.
pub(super) fn call_sites() -> TokenStream {
    section("f")
}

/// The attributes of a static that is a pointer to a declared metric.
pub(super) fn declared_metrics() -> TokenStream {
    section("m")
}

/// The macros and the runtime have one version.
fn section(letter: &str) -> TokenStream {
    let [major, minor, patch] =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    let elf = format!("cryo{letter}_{major}_{minor}_{patch}");
    let (apple, windows) = (format!("__DATA,{elf}"), format!(".{elf}$b"));
    quote_spanned! {Span::mixed_site()=>
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = #apple))]
        #[cfg_attr(windows, unsafe(link_section = #windows))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = #elf)
        )]
    }
}
