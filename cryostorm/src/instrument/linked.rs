//! What expansions leave in the binary, as the linker lays it side by side: annotated functions and declared metrics.
//!
//! Each is a pointer in one of two sections, whose ends the linker knows. A crate that does the same takes half as much time
//! again to compile as all else that an attribute expands to, which is why it is done here.

#![allow(unsafe_code)]

use super::declared::DeclaredMetric;
use super::site::CallSite;

/// The name of a section: of this version only, because another one in the same binary has other types. Expansions write
/// the same.
macro_rules! named {
    ($before:literal, $letter:literal, $after:literal) => {
        concat!(
            $before,
            "cryo",
            $letter,
            "_",
            env!("CARGO_PKG_VERSION_MAJOR"),
            "_",
            env!("CARGO_PKG_VERSION_MINOR"),
            "_",
            env!("CARGO_PKG_VERSION_PATCH"),
            $after
        )
    };
}

/// A function that gives what is in a section.
macro_rules! section {
    ($(#[$doc:meta])* $gather:ident: $entry:ty, $letter:literal) => {
        $(#[$doc])*
        pub(crate) fn $gather() -> &'static [&'static $entry] {
            type Entry = &'static $entry;

            // There is always something in the section, so that the linker knows its ends.
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = named!("__DATA,", $letter, "")))]
            #[cfg_attr(windows, unsafe(link_section = named!(".", $letter, "$b")))]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows, target_family = "wasm")),
                unsafe(link_section = named!("", $letter, ""))
            )]
            static NONE: [Entry; 0] = [];

            #[cfg(not(any(windows, target_family = "wasm", miri)))]
            unsafe extern "C" {
                #[cfg_attr(
                    target_vendor = "apple",
                    link_name = named!("\x01section$start$__DATA$", $letter, "")
                )]
                #[cfg_attr(not(target_vendor = "apple"), link_name = named!("__start_", $letter, ""))]
                static FIRST: u8;
                #[cfg_attr(target_vendor = "apple", link_name = named!("\x01section$end$__DATA$", $letter, ""))]
                #[cfg_attr(not(target_vendor = "apple"), link_name = named!("__stop_", $letter, ""))]
                static END: u8;
            }

            // Here the linker sorts by what comes after the dollar.
            #[cfg(windows)]
            #[unsafe(link_section = named!(".", $letter, "$a"))]
            static FIRST: [Entry; 0] = [];
            #[cfg(windows)]
            #[unsafe(link_section = named!(".", $letter, "$c"))]
            static END: [Entry; 0] = [];

            #[cfg(not(any(target_family = "wasm", miri)))]
            {
                let (first, end) =
                    (std::ptr::addr_of!(FIRST).cast::<Entry>(), std::ptr::addr_of!(END).cast::<Entry>());
                let count = (end.addr() - first.addr()) / size_of::<Entry>();
                // SAFETY: The section holds nothing but statics of the type Entry, which only the macros of this very
                // version put there, each initialised by the compiler and never changed. They have one size and alignment,
                // so there is no gap between them, and FIRST and END are its ends. What it is read as lives as long as the
                // binary is loaded.
                unsafe { std::slice::from_raw_parts(first, count) }
            }
            #[cfg(any(target_family = "wasm", miri))]
            &NONE
        }
    };
}

section! {
    /// The annotated functions of all crates in the binary; none where there is no such linker.
    call_sites: CallSite, "f"
}

section! {
    /// The declared metrics of all crates in the binary; none where there is no such linker.
    declared_metrics: DeclaredMetric, "m"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_without_any_has_none() {
        assert_eq!((call_sites().len(), declared_metrics().len()), (0, 0));
    }
}
