use super::stack::Invocation;
use crate::model::{Function, Item, Output, Shape};
use crate::tokens::{Angles, is_punct, visible};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// The item that `tokens` are, and the attributes of ours that it carries.
///
/// Only a function is taken apart, and of it only what an expansion needs; the compiler has the syntax checked before
/// an attribute sees it, and reports what an editor sends half-typed.
pub(super) fn item(tokens: &TokenStream) -> (Item, Vec<Invocation>) {
    let tokens = visible(tokens);
    let mut rest = tokens.as_slice();
    let mut invocations = Vec::new();
    let mut attributes = Vec::new();
    while let [hash, TokenTree::Group(group), after @ ..] = rest
        && is_punct(hash, '#')
    {
        match Invocation::of_attribute(group) {
            Some(invocation) => invocations.push(invocation),
            None => attributes.extend([hash.clone(), TokenTree::Group(group.clone())]),
        }
        rest = after;
    }
    let tokens = attributes.iter().chain(rest).cloned().collect();
    (Item { shape: shape(attributes, rest), tokens }, invocations)
}

fn shape(mut attributes: Vec<TokenTree>, item: &[TokenTree]) -> Shape {
    let Some(position) = item.iter().position(|token| !is_qualifier(token)) else {
        return Shape::Other("this", item.first().map_or_else(Span::call_site, TokenTree::span));
    };
    let (qualifiers, rest) = item.split_at(position);
    let [TokenTree::Ident(keyword), TokenTree::Ident(name), signature @ ..] = rest else {
        return other(qualifiers, rest);
    };
    if keyword != "fn" {
        return other(qualifiers, rest);
    }
    let Some((body, signature)) =
        signature.split_last().and_then(|(last, signature)| Some((body(last)?, signature)))
    else {
        return Shape::Declaration(name.clone());
    };
    let (inner, body) = without_inner_attributes(&body);
    attributes.extend(inner);
    Shape::Function(Function {
        attributes: attributes.into_iter().collect(),
        signature: qualifiers
            .iter()
            .chain(rest.get(..2).unwrap_or_default())
            .chain(signature)
            .cloned()
            .collect(),
        name: name.clone(),
        constness: qualifier(qualifiers, "const"),
        asyncness: qualifier(qualifiers, "async"),
        output: output(signature),
        body,
    })
}

/// Whether `token` may stand before `fn`: a visibility, a qualifier, or the name of an ABI.
fn is_qualifier(token: &TokenTree) -> bool {
    const WORDS: [&str; 8] = ["pub", "default", "const", "async", "gen", "safe", "unsafe", "extern"];
    match token {
        TokenTree::Ident(ident) => WORDS.iter().any(|word| ident == word),
        TokenTree::Group(group) => matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None),
        TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    }
}

fn qualifier(qualifiers: &[TokenTree], word: &str) -> Option<Ident> {
    qualifiers.iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == word => Some(ident.clone()),
        _ => None,
    })
}

fn other(qualifiers: &[TokenTree], rest: &[TokenTree]) -> Shape {
    const KINDS: [(&str, &str); 9] = [
        ("struct", "a struct"),
        ("enum", "an enum"),
        ("union", "a union"),
        ("trait", "a trait"),
        ("impl", "an `impl` block"),
        ("mod", "a module"),
        ("type", "a type alias"),
        ("static", "a static"),
        ("use", "an import"),
    ];
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

/// The block that `token` is, which a `$body:block` of `macro_rules` wraps in an invisible group.
fn body(token: &TokenTree) -> Option<Group> {
    match visible(&token.clone().into()).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => Some(group.clone()),
        _ => None,
    }
}

/// Splits `#![..]` off a body, as outer attributes: the expansion puts the rest where no inner attribute may stand.
fn without_inner_attributes(body: &Group) -> (Vec<TokenTree>, Group) {
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

/// The return type in what stands between the name and the body: generics, parameters, return type, bounds.
fn output(signature: &[TokenTree]) -> Output {
    let mut angles = Angles::default();
    let parameters = signature.iter().position(|token| match token {
        TokenTree::Punct(punct) => {
            angles.follow(punct);
            false
        }
        TokenTree::Group(group) => angles.is_outside() && group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    });
    let is_where = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "where");
    let written = match parameters.and_then(|position| signature.get(position + 1..)) {
        Some([dash, arrow, output @ ..]) if is_punct(dash, '-') && is_punct(arrow, '>') => output,
        _ => &[],
    };
    Output::new(written.iter().take_while(|token| !is_where(token)).cloned().collect())
}
