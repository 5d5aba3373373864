//! The annotated functions of the binary, as the linker lays them side by side.
//!
//! The expansion of each puts a pointer into one section, whose ends the linker knows. Crates that do the same need half as
//! much time again as the compiler takes for all else that an attribute expands to, which is why it is done here.

#![allow(unsafe_code)]

use std::ptr;
use std::slice;

use super::site::CallSite;

type Entry = &'static CallSite;

// There is always something in the section, so that the linker knows its ends.
#[used]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,cryostorm_sites"))]
#[cfg_attr(windows, unsafe(link_section = ".cryostorm$b"))]
#[cfg_attr(
    not(any(target_vendor = "apple", windows, target_family = "wasm")),
    unsafe(link_section = "cryostorm_sites")
)]
static NONE: [Entry; 0] = [];

#[cfg(not(any(windows, target_family = "wasm", miri)))]
unsafe extern "C" {
    #[cfg_attr(target_vendor = "apple", link_name = "\x01section$start$__DATA$cryostorm_sites")]
    #[cfg_attr(not(target_vendor = "apple"), link_name = "__start_cryostorm_sites")]
    static FIRST: u8;
    #[cfg_attr(target_vendor = "apple", link_name = "\x01section$end$__DATA$cryostorm_sites")]
    #[cfg_attr(not(target_vendor = "apple"), link_name = "__stop_cryostorm_sites")]
    static END: u8;
}

// Here the linker sorts by what comes after the dollar.
#[cfg(windows)]
#[unsafe(link_section = ".cryostorm$a")]
static FIRST: [Entry; 0] = [];
#[cfg(windows)]
#[unsafe(link_section = ".cryostorm$c")]
static END: [Entry; 0] = [];

/// Those of all crates in the binary; none where there is no such linker.
#[cfg(not(any(target_family = "wasm", miri)))]
pub(crate) fn call_sites() -> &'static [Entry] {
    let (first, end) = (ptr::addr_of!(FIRST).cast::<Entry>(), ptr::addr_of!(END).cast::<Entry>());
    let count = (end.addr() - first.addr()) / size_of::<Entry>();
    // SAFETY: The section holds nothing but statics of the type Entry, which only the macros of this crate put there, each
    // initialised by the compiler and never changed. They have one size and alignment, so there is no gap between them, and
    // FIRST and END are its ends. What it is read as lives as long as the binary is loaded.
    unsafe { slice::from_raw_parts(first, count) }
}

/// Those of all crates in the binary; none where there is no such linker.
#[cfg(any(target_family = "wasm", miri))]
pub(crate) fn call_sites() -> &'static [Entry] {
    &NONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_without_annotated_functions_has_none() {
        assert_eq!(call_sites().len(), 0);
    }
}
