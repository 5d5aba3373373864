use super::Item;
use proc_macro2::{Ident, Span, TokenStream};

/// An `impl` block or a trait, taken apart into its members.
pub(crate) struct Block {
    /// The attributes that are not ours, with those that opened the block, and what stands before its braces.
    pub(crate) head: TokenStream,
    /// `impl` or `trait`.
    pub(crate) keyword: Ident,
    pub(crate) braces: Span,
    pub(crate) members: Vec<Item>,
}
