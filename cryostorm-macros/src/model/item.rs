use super::Function;
use proc_macro2::{Ident, Span, TokenStream};

/// What an attribute was put on.
pub(crate) struct Item {
    pub(crate) shape: Shape,
    /// The item without our attributes, as the user wrote it.
    pub(crate) tokens: TokenStream,
}

pub(crate) enum Shape {
    Function(Function),
    /// A function that ends in a semicolon.
    Declaration(Ident),
    /// Anything else: what it is, and the token that says so.
    Other(&'static str, Span),
}

impl Item {
    pub(crate) fn function(&self) -> Option<&Function> {
        match &self.shape {
            Shape::Function(function) => Some(function),
            Shape::Declaration(_) | Shape::Other(..) => None,
        }
    }
}
