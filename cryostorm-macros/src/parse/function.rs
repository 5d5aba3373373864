use crate::model::{Function, Output, Shape};
use crate::tokens::{is_punct, is_word, outside_angles, visible};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Takes apart the function that follows `attributes`, if it is one, and of it only what an expansion needs.
pub(super) fn function(attributes: &[TokenTree], item: &[TokenTree]) -> Option<Shape> {
    let (qualifiers, rest) = item.split_at(item.iter().position(|token| !is_qualifier(token))?);
    let [keyword, TokenTree::Ident(name), signature @ ..] = rest else { return None };
    if !is_word(keyword, "fn") {
        return None;
    }
    let Some((body, signature)) =
        signature.split_last().and_then(|(last, signature)| Some((body(last)?, signature)))
    else {
        return Some(Shape::Declaration(name.clone()));
    };
    let (inner, body) = without_inner_attributes(&body);
    let (parameters, output) = parameters_and_output(signature);
    Some(Shape::Function(Function {
        attributes: attributes.iter().cloned().chain(inner).collect(),
        signature: item.iter().take(item.len() - 1).cloned().collect(),
        name: name.clone(),
        owner: None,
        constness: qualifier(qualifiers, "const"),
        asyncness: qualifier(qualifiers, "async"),
        mutable: mutable(parameters.clone()),
        parameters,
        output,
        body,
    }))
}

/// Whether `token` may stand before `fn`: a visibility, a qualifier, or the name of an ABI.
pub(super) fn is_qualifier(token: &TokenTree) -> bool {
    const WORDS: [&str; 8] = ["pub", "default", "const", "async", "gen", "safe", "unsafe", "extern"];
    match token {
        TokenTree::Ident(ident) => WORDS.iter().any(|word| ident == word),
        TokenTree::Group(group) => matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None),
        TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    }
}

pub(super) fn qualifier(qualifiers: &[TokenTree], word: &str) -> Option<Ident> {
    qualifiers.iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == word => Some(ident.clone()),
        _ => None,
    })
}

/// The braces that `token` is, which a `$body:block` of `macro_rules` wraps in an invisible group.
pub(super) fn body(token: &TokenTree) -> Option<Group> {
    match visible(&token.clone().into()).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => Some(group.clone()),
        _ => None,
    }
}

/// Splits `#![..]` off a body, as outer attributes: the expansion puts the rest where no inner attribute may stand.
pub(super) fn without_inner_attributes(body: &Group) -> (Vec<TokenTree>, Group) {
    let tokens: Vec<_> = body.stream().into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut attributes = Vec::new();
    while let [hash, bang, group @ TokenTree::Group(_), after @ ..] = rest
        && is_punct(hash, '#')
        && is_punct(bang, '!')
    {
        attributes.extend([hash.clone(), group.clone()]);
        rest = after;
    }
    if attributes.is_empty() {
        return (attributes, body.clone());
    }
    let mut remaining = Group::new(Delimiter::Brace, rest.iter().cloned().collect());
    remaining.set_span(body.span());
    (attributes, remaining)
}

/// The parameters and the return type in what stands between the name and the body, after generics and before bounds.
fn parameters_and_output(signature: &[TokenTree]) -> (TokenStream, Output) {
    let parameters = outside_angles(signature).find_map(|(position, token)| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some((position, group)),
        _ => None,
    });
    let Some((position, parameters)) = parameters else {
        return (TokenStream::new(), Output::new(TokenStream::new()));
    };
    let written = match signature.get(position + 1..) {
        Some([dash, arrow, output @ ..]) if is_punct(dash, '-') && is_punct(arrow, '>') => output,
        _ => &[],
    };
    let written = written.iter().take_while(|token| !is_word(token, "where")).cloned().collect();
    (parameters.stream(), Output::new(written))
}

/// The parameters that are variables which the body may change.
fn mutable(parameters: TokenStream) -> Vec<Ident> {
    let tokens: Vec<_> = parameters.into_iter().collect();
    let is_of_type = |before: &[TokenTree]| match before {
        [.., quote, TokenTree::Ident(_)] if is_punct(quote, '\'') => true,
        [.., before] => is_punct(before, '&') || is_punct(before, '*') || is_word(before, "let"),
        [] => false,
    };
    let bound = |(position, token): (usize, &TokenTree)| match (token, tokens.get(position + 1)) {
        (TokenTree::Group(group), _) => mutable(group.stream()),
        (token, Some(TokenTree::Ident(name)))
            if is_word(token, "mut") && !is_of_type(tokens.get(..position).unwrap_or_default()) =>
        {
            vec![name.clone()]
        }
        _ => Vec::new(),
    };
    tokens.iter().enumerate().flat_map(bound).collect()
}
