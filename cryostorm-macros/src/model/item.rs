use super::{Block, Function, Instrumentation};
use proc_macro2::{Ident, Span, TokenStream};

/// What an attribute was put on, or a member of that.
pub(crate) struct Item {
    pub(crate) shape: Shape,
    /// The item as the user wrote it, without the attributes of ours that stand on it.
    pub(crate) tokens: TokenStream,
    pub(crate) instrumentation: Instrumentation,
}

pub(crate) enum Shape {
    Function(Function),
    Block(Block),
    /// A function that ends in a semicolon.
    Declaration(Ident),
    /// Anything else: what it is, and the token that says so.
    Other(&'static str, Span),
}

impl Item {
    pub(crate) fn function(&self) -> Option<&Function> {
        match &self.shape {
            Shape::Function(function) => Some(function),
            Shape::Block(_) | Shape::Declaration(_) | Shape::Other(..) => None,
        }
    }
}
