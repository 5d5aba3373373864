use crate::diagnostics::Diagnostics;
use crate::tokens::Angles;
use proc_macro2::{Punct, TokenStream, TokenTree};

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
                nesting.follow(entry.last(), &token);
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
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.angles.is_outside() && !self.in_closure_parameters
    }

    fn follow(&mut self, previous: Option<&TokenTree>, token: &TokenTree) {
        let TokenTree::Punct(punct) = token else { return };
        match punct.as_char() {
            '|' => self.in_closure_parameters = !self.in_closure_parameters && starts_operand(previous),
            // Elsewhere it compares: `a < b` opens nothing, `f::<A, B>()` and `<A as B<C>>::f()` do.
            '<' if self.angles.is_outside() && !starts_operand(previous) => {}
            _ => self.angles.follow(punct),
        }
    }
}

/// Whether what follows `previous` begins an operand or type arguments instead of continuing an operand.
fn starts_operand(previous: Option<&TokenTree>) -> bool {
    let continues = |punct: &Punct| matches!(punct.as_char(), '<' | '>' | '?' | '|');
    match previous {
        Some(TokenTree::Punct(punct)) => !continues(punct),
        Some(TokenTree::Ident(word)) => word == "move",
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => false,
        None => true,
    }
}
