use super::Rendering;
use proc_macro2::TokenStream;
use syn::LitStr;

/// One `key = |value| ..` of `ok(..)` or `err(..)`.
pub(crate) struct Observation {
    pub(crate) key: LitStr,
    /// Of what the observer returns. Never `Literal`.
    pub(crate) rendering: Rendering,
    pub(crate) observer: Observer,
}

/// What makes the value of an attribute out of a reference to what a call ended with.
pub(crate) enum Observer {
    /// `|pattern| body`: taken apart, so that the expansion can bind the pattern itself and the body may borrow from it.
    Closure {
        /// With its type, where one is written: `value: &Receipt`.
        pattern: TokenStream,
        body: TokenStream,
    },
    /// Anything else that can be called with a reference: `Vec::len`.
    Callable(TokenStream),
}

/// What `error_type` gives.
pub(crate) enum ErrorType {
    /// A literal or a constant.
    Text(TokenStream),
    /// A closure or a function of a reference to the error.
    Function(TokenStream),
}
