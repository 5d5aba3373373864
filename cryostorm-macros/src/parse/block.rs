use super::annotated::Annotated;
use super::check::{Asking, check_function, check_item};
use super::function::{body, is_qualifier, without_inner_attributes};
use super::item::shape;
use super::member::members;
use super::owner::owner;
use super::skip::is_exempt;
use super::stack::instrumentation;
use crate::diagnostics::Diagnostics;
use crate::model::{Block, Instrument, Instrumentation, Item, Shape};
use proc_macro2::{Ident, TokenStream, TokenTree};

/// Takes an `impl` block or a trait apart. `instrument` is the outermost of its attributes, and `asked` what they all
/// ask for on each method.
pub(super) fn block(
    annotated: &Annotated,
    instrument: Instrument,
    asked: &Instrumentation,
    diagnostics: &mut Diagnostics,
) -> Option<Block> {
    let (last, head) = annotated.item.split_last()?;
    let start = head.iter().position(|token| !is_qualifier(token))?;
    let [TokenTree::Ident(keyword), header @ ..] = head.get(start..)? else { return None };
    if !["impl", "trait"].iter().any(|known| keyword == known) {
        return None;
    }
    let (inner, body) = without_inner_attributes(&body(last)?);
    let owner = owner(keyword, header);
    let members = members(body.stream())
        .into_iter()
        .map(|tokens| member(tokens, owner.as_ref(), instrument, asked, diagnostics));
    Some(Block {
        members: members.collect(),
        head: annotated.attributes.iter().chain(&inner).chain(head).cloned().collect(),
        keyword: keyword.clone(),
        braces: body.span(),
    })
}

/// One member, with its own attributes in place of those of the block.
fn member(
    tokens: TokenStream,
    owner: Option<&Ident>,
    instrument: Instrument,
    asked: &Instrumentation,
    diagnostics: &mut Diagnostics,
) -> Item {
    let annotated = Annotated::of(tokens);
    let (tokens, mut shape) = (annotated.tokens(), shape(&annotated));
    if let Shape::Function(function) = &mut shape {
        function.owner = owner.cloned();
    }
    let Annotated { invocations, skips, .. } = annotated;
    let own = invocations.first().map(|invocation| invocation.instrument);
    let is_exempt = is_exempt(&skips, &shape, diagnostics);
    let inherited = match shape {
        Shape::Function(_) if !is_exempt => asked.clone(),
        _ => asked.of_exempt(),
    };
    let instrumentation = instrumentation(invocations, inherited, diagnostics);
    match (&shape, own) {
        (Shape::Function(function), _) if skips.is_empty() => {
            check_function(Asking::OnBlock(instrument), function, &instrumentation, diagnostics);
        }
        (shape, Some(own)) => check_item(own, shape, &instrumentation, diagnostics),
        _ => {}
    }
    Item { shape, tokens, instrumentation }
}
