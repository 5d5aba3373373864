use super::annotated::Annotated;
use super::block::block;
use super::check::check_item;
use super::function::{function, is_qualifier, qualifier};
use super::skip::check_misplaced;
use super::stack::{Invocation, instrumentation};
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Instrumentation, Item, Shape};
use proc_macro2::{Span, TokenStream, TokenTree};

/// The item that `tokens` are, and what the attributes on it ask for: `instrument(arguments)` at `span`, and those of
/// ours below it.
///
/// Only functions are taken apart, and the blocks that they are methods of; the compiler has the syntax checked before
/// an attribute sees it, and reports what an editor sends half-typed.
pub(crate) fn item(
    instrument: Instrument,
    span: Span,
    arguments: TokenStream,
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Item {
    let mut annotated = Annotated::of(tokens);
    let mut stack = vec![Invocation::outermost(instrument, span, arguments)];
    stack.append(&mut annotated.invocations);
    let instrumentation = instrumentation(stack, Instrumentation::default(), diagnostics);
    let shape = match block(&annotated, instrument, &instrumentation, diagnostics) {
        Some(block) => Shape::Block(block),
        None => shape(&annotated),
    };
    check_item(instrument, &shape, &instrumentation, diagnostics);
    check_misplaced(&annotated.skips, instrument, &shape, diagnostics);
    Item { shape, tokens: annotated.tokens(), instrumentation }
}

/// What an item is that is no block.
pub(super) fn shape(annotated: &Annotated) -> Shape {
    function(&annotated.attributes, &annotated.item).unwrap_or_else(|| other(&annotated.item))
}

fn other(item: &[TokenTree]) -> Shape {
    const KINDS: [(&str, &str); 7] = [
        ("struct", "a struct"),
        ("enum", "an enum"),
        ("union", "a union"),
        ("mod", "a module"),
        ("type", "a type alias"),
        ("static", "a static"),
        ("use", "an import"),
    ];
    let position = item.iter().position(|token| !is_qualifier(token)).unwrap_or_default();
    let (qualifiers, rest) = item.split_at(position);
    if let Some(TokenTree::Ident(word)) = rest.first()
        && let Some((_, kind)) = KINDS.iter().find(|(keyword, _)| word == keyword)
    {
        return Shape::Other(kind, word.span());
    }
    match qualifier(qualifiers, "const") {
        Some(keyword) => Shape::Other("a constant", keyword.span()),
        None => Shape::Other("this", rest.first().map_or_else(Span::call_site, TokenTree::span)),
    }
}
