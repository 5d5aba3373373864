//! The errors of one expansion, reported together.

use proc_macro2::Span;
use quote::ToTokens;
use std::fmt::Display;

/// Collects errors until [`finish`](Diagnostics::finish) hands them over.
///
/// Dropping it unfinished would lose them, so that trips a debug assertion.
pub(crate) struct Diagnostics {
    error: Option<syn::Error>,
    finished: bool,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self { error: None, finished: false }
    }

    /// Reports `message` on all of `tokens`, or on the attribute when there are none.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    fn push(&mut self, error: syn::Error) {
        match &mut self.error {
            Some(errors) => errors.combine(error),
            None => self.error = Some(error),
        }
    }

    pub(crate) fn finish(mut self) -> Result<(), syn::Error> {
        self.finished = true;
        self.error.take().map_or(Ok(()), Err)
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(
            self.finished || std::thread::panicking(),
            "diagnostics were dropped without being reported"
        );
    }
}
