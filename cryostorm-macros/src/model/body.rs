use super::Function;
use crate::tokens::{is_punct, is_word, visible};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A body that is one async block and nothing else, so that nothing happens before the future is polled.
pub(crate) struct AsyncBlock {
    /// What boxes the block, if anything does: `Box::pin`.
    pub(crate) boxing: TokenStream,
    /// `async`, `async move`.
    pub(crate) head: TokenStream,
    pub(crate) block: Group,
}

impl Function {
    /// The async block that its body is, as that of a function made by `async_trait`.
    pub(crate) fn async_block(&self) -> Option<AsyncBlock> {
        let body = visible(&self.body.stream());
        match body.split_last()? {
            (TokenTree::Group(argument), boxing) if argument.delimiter() == Delimiter::Parenthesis => {
                let (head, block) = async_block(&visible(&argument.stream()))?;
                is_boxing(boxing).then(|| AsyncBlock {
                    boxing: boxing.iter().cloned().collect(),
                    head,
                    block,
                })
            }
            _ => {
                let (head, block) = async_block(&body)?;
                Some(AsyncBlock { boxing: TokenStream::new(), head, block })
            }
        }
    }
}

fn async_block(tokens: &[TokenTree]) -> Option<(TokenStream, Group)> {
    let (TokenTree::Group(block), head) = tokens.split_last()? else { return None };
    let is_head = match head {
        [word] => is_word(word, "async"),
        [word, other] => is_word(word, "async") && is_word(other, "move"),
        _ => false,
    };
    (is_head && block.delimiter() == Delimiter::Brace)
        .then(|| (head.iter().cloned().collect(), block.clone()))
}

/// Whether it is `Box::pin`, wherever `Box` is found, without a statement before it.
fn is_boxing(path: &[TokenTree]) -> bool {
    let [modules @ .., boxed, first, second, pin] = path else { return false };
    let is_of_path = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_punct(token, ':');
    modules.iter().all(is_of_path)
        && is_word(boxed, "Box")
        && is_punct(first, ':')
        && is_punct(second, ':')
        && is_word(pin, "pin")
}
