use crate::diagnostics::Diagnostics;
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Punct, Spacing, TokenTree};

/// Words that may follow an operand or come before one. Values that are keywords, such as `self`, are not among them.
const KEYWORDS: [&str; 32] = [
    "as", "async", "become", "box", "break", "const", "continue", "do", "dyn", "else", "extern", "fn", "for",
    "if", "impl", "in", "let", "loop", "match", "move", "mut", "pub", "ref", "return", "static", "try",
    "type", "unsafe", "use", "where", "while", "yield",
];

/// Follows an expression token by token, to tell where an operand is complete.
///
/// It takes more for an expression than the compiler does, and nothing for less.
#[derive(Default)]
pub(super) struct Operands {
    is_complete: bool,
    /// The last token, if it is punctuation.
    previous: Option<Punct>,
}

impl Operands {
    /// Whether the tokens so far end an operand, so that an operator follows, or nothing.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(super) fn follow(&mut self, token: &TokenTree) {
        self.is_complete = match token {
            TokenTree::Ident(_) => self.is_operand(token),
            TokenTree::Literal(_) => true,
            // The brackets of `#[attribute]` are none.
            TokenTree::Group(group) => group.delimiter() != Delimiter::Bracket || !self.is_after('#'),
            TokenTree::Punct(punct) => self.is_complete && punct.as_char() == '?',
        };
        self.previous = match token {
            TokenTree::Punct(punct) => Some(punct.clone()),
            _ => None,
        };
    }

    /// Whether what comes next is of one piece with `character` before it: the second half of `||`, the head of `->`.
    pub(super) fn is_joined_to(&self, character: char) -> bool {
        self.is_after(character)
            && self.previous.as_ref().is_some_and(|punct| punct.spacing() == Spacing::Joint)
    }

    fn is_after(&self, character: char) -> bool {
        self.previous.as_ref().is_some_and(|punct| punct.as_char() == character)
    }

    /// Whether `token` is an operand whatever it follows. A group may be the arguments or the block of what it follows.
    fn is_operand(&self, token: &TokenTree) -> bool {
        match token {
            // After a quote it names a lifetime or a label.
            TokenTree::Ident(word) => !self.is_after('\'') && !KEYWORDS.iter().any(|keyword| word == keyword),
            TokenTree::Literal(_) => true,
            TokenTree::Group(_) | TokenTree::Punct(_) => false,
        }
    }
}

/// What follows an operand without an operator between, from there on: `2` in `1 2`.
pub(super) fn adjacent(expression: &[TokenTree]) -> Option<&[TokenTree]> {
    let mut operands = Operands::default();
    let position = expression.iter().position(|token| {
        let is_adjacent = operands.is_complete() && operands.is_operand(token);
        operands.follow(token);
        is_adjacent
    })?;
    expression.get(position..)
}

/// Reports two operands side by side, which the compiler would do once for each place that the expression goes to.
/// Returns whether there are none.
pub(super) fn check_operands(expression: &[TokenTree], diagnostics: &mut Diagnostics) -> bool {
    let Some([operand, rest @ ..]) = adjacent(expression) else { return true };
    let missing = match rest {
        [equals, ..] if is_punct(equals, '=') => "a comma",
        _ => "a comma or an operator",
    };
    diagnostics.on(operand, format_args!("expected {missing} before `{operand}`"));
    false
}
