use super::annotated::first_attribute;
use super::function::is_qualifier;
use crate::tokens::{is_punct, is_word, outside_angles};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The members in the braces of a block, each with its attributes.
///
/// What is half-typed makes one member with what follows it: nothing is lost.
pub(super) fn members(block: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<_> = block.into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (member, after) = rest.split_at_checked(length(rest)).unwrap_or((rest, &[]));
        members.push(member.iter().cloned().collect());
        rest = after;
    }
    members
}

/// The length of the member that `tokens` begin with.
fn length(tokens: &[TokenTree]) -> usize {
    let mut member = tokens;
    while let Some((_, _, rest)) = first_attribute(member) {
        member = rest;
    }
    let end = match member {
        [fragment, ..] if ends_member(fragment) => Some(0),
        member if is_value(member) => member.iter().position(|token| is_punct(token, ';')),
        member => outside_angles(member).find(|(_, token)| ends_member(token)).map(|(index, _)| index),
    };
    end.map_or(tokens.len(), |end| tokens.len() - member.len() + end + 1)
}

/// Whether a member is over after `token`: a semicolon, a body, or a fragment of `macro_rules` that ends in one.
fn ends_member(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().last().is_some_and(|last| ends_member(&last))
        }
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';'),
    }
}

/// Whether `member` is a constant or a type, which may have braces in it and goes on to its semicolon.
fn is_value(member: &[TokenTree]) -> bool {
    let Some(position) = member.iter().position(|token| !is_qualifier(token)) else { return false };
    let (qualifiers, rest) = member.split_at(position);
    let begins_with = |word| rest.first().is_some_and(|first| is_word(first, word));
    let is_constant = qualifiers.iter().any(|qualifier| is_word(qualifier, "const"));
    begins_with("type") || begins_with("static") || (is_constant && !begins_with("fn"))
}
