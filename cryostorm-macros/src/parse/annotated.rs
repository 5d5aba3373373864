use super::skip::Skip;
use super::stack::Invocation;
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// An item as it is written, and what stands in front of it, by whose it is.
#[derive(Default)]
pub(super) struct Annotated {
    pub(super) invocations: Vec<Invocation>,
    pub(super) skips: Vec<Skip>,
    /// The attributes that are not ours.
    pub(super) attributes: Vec<TokenTree>,
    /// What follows the attributes.
    pub(super) item: Vec<TokenTree>,
}

impl Annotated {
    pub(super) fn of(tokens: TokenStream) -> Self {
        let mut annotated = Self::default();
        annotated.read(tokens);
        annotated
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let Some((attribute, brackets, after)) = first_attribute(rest) {
            if let Some(invocation) = Invocation::of_attribute(brackets) {
                self.invocations.push(invocation);
            } else if let Some(skip) = Skip::of_attribute(brackets) {
                self.skips.push(skip);
            } else {
                self.attributes.extend_from_slice(attribute);
            }
            rest = after;
        }
        match rest {
            // `$item:item` of `macro_rules`, which has attributes of its own.
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => self.read(group.stream()),
            item => self.item = item.to_vec(),
        }
    }

    /// The item without our attributes.
    pub(super) fn tokens(&self) -> TokenStream {
        self.attributes.iter().chain(&self.item).cloned().collect()
    }
}

/// The attribute that `tokens` begin with, its brackets, and what follows it.
pub(super) fn first_attribute(tokens: &[TokenTree]) -> Option<(&[TokenTree], &Group, &[TokenTree])> {
    match tokens.split_at_checked(2)? {
        (attribute @ [hash, TokenTree::Group(brackets)], rest) if is_punct(hash, '#') => {
            Some((attribute, brackets, rest))
        }
        _ => None,
    }
}
