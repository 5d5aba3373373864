use super::operands::Operands;
use crate::diagnostics::Diagnostics;
use crate::tokens::Angles;
use proc_macro2::{Delimiter, Punct, TokenStream, TokenTree};

/// The comma-separated parts of a list, each with at least one token.
///
/// Splitting first keeps a mistake in one part from hiding those in the next.
pub(super) fn entries(list: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Vec<TokenTree>> {
    let mut entries = Vec::new();
    let mut entry = Vec::new();
    let mut nesting = Nesting::default();
    for token in list {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' && nesting.is_outside() => {
                if entry.is_empty() {
                    diagnostics.at(comma.span(), "nothing stands before this comma: remove it");
                } else {
                    entries.push(std::mem::take(&mut entry));
                }
                nesting = Nesting::default();
            }
            _ => {
                nesting.follow(&token);
                entry.push(token);
            }
        }
    }
    if !entry.is_empty() {
        entries.push(entry);
    }
    entries
}

/// Where the commas of an expression belong to the expression: between angle brackets and between closure bars.
#[derive(Default)]
struct Nesting {
    angles: Angles,
    in_closure_parameters: bool,
    in_return_type: bool,
    operands: Operands,
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.angles.is_outside() && !self.in_closure_parameters
    }

    fn follow(&mut self, token: &TokenTree) {
        match token {
            TokenTree::Punct(punct) => self.follow_punct(punct),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => self.in_return_type = false,
            _ => {}
        }
        self.operands.follow(token);
    }

    fn follow_punct(&mut self, punct: &Punct) {
        // The second half of `||` or `<<` begins nothing either.
        let starts_operand =
            |character| !self.operands.is_complete() && !self.operands.is_joined_to(character);
        match punct.as_char() {
            '|' => self.in_closure_parameters = !self.in_closure_parameters && starts_operand('|'),
            // Elsewhere it compares: `a < b` opens nothing, `f::<A, B>()` and `<A as B<C>>::f()` do.
            '<' if self.angles.is_outside() && !self.in_return_type && !starts_operand('<') => {}
            _ => self.angles.follow(punct),
        }
        let is_arrow = punct.as_char() == '>' && self.operands.is_joined_to('-');
        self.in_return_type |= is_arrow && self.angles.is_outside();
    }
}
