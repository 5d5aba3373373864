use super::suggestion::nearest;
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Shape};
use crate::tokens::{is_punct, is_word, visible};
use proc_macro2::{Group, Span, TokenStream, TokenTree};

const WORD: &str = "skip";

/// `#[cryostorm(skip)]` on a method: exempts it from what its block asks for.
pub(super) struct Skip {
    span: Span,
    /// What stands in the parentheses.
    words: TokenStream,
}

impl Skip {
    /// The attribute in the brackets of `#[..]` when it is this one, however wrong its words are.
    pub(super) fn of_attribute(brackets: &Group) -> Option<Self> {
        let tokens = visible(&brackets.stream());
        let (name, rest) = tokens.split_first()?;
        let words = match rest {
            [TokenTree::Group(group)] => group.stream(),
            // A path that starts with the name of the crate.
            [colon, ..] if is_punct(colon, ':') => return None,
            rest => rest.iter().cloned().collect(),
        };
        is_word(name, "cryostorm").then(|| Self { span: name.span(), words })
    }

    /// Whether its words are the right ones; reports others.
    fn is_sound(&self, diagnostics: &mut Diagnostics) -> bool {
        const MESSAGE: &str = "`cryostorm` takes one word: write `#[cryostorm(skip)]`";
        match visible(&self.words).as_slice() {
            [word] if is_word(word, WORD) => return true,
            [] => diagnostics.at(self.span, MESSAGE),
            [word] if nearest(&word.to_string(), &[WORD]).is_some() => {
                diagnostics.at(word.span(), format_args!("unknown word `{word}`: did you mean `{WORD}`?"));
            }
            _ => diagnostics.on(&self.words, MESSAGE),
        }
        false
    }
}

/// Whether `skips` exempt the member of a block that they stand on.
pub(super) fn is_exempt(skips: &[Skip], member: &Shape, diagnostics: &mut Diagnostics) -> bool {
    if let Shape::Function(_) | Shape::Declaration(_) = member {
        return skips.iter().filter(|skip| skip.is_sound(diagnostics)).count() > 0;
    }
    for skip in skips {
        diagnostics
            .at(skip.span, "only methods are instrumented, so there is nothing to skip here: remove this");
    }
    false
}

/// Reports `skips` that do not stand on a member of a block, but on the item that `instrument` does.
pub(super) fn check_misplaced(
    skips: &[Skip],
    instrument: Instrument,
    item: &Shape,
    diagnostics: &mut Diagnostics,
) {
    let message = match item {
        Shape::Block(_) => format!(
            "`#[cryostorm(skip)]` goes on a method in the block: to skip the whole block, remove it and `{instrument}`"
        ),
        Shape::Function(_) => format!(
            "`#[cryostorm(skip)]` exempts a method from the attributes of its block, and `{instrument}` is on this \
             function itself: remove one of the two"
        ),
        Shape::Declaration(_) | Shape::Other(..) => return,
    };
    for skip in skips {
        diagnostics.at(skip.span, &message);
    }
}
