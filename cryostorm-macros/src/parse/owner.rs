use crate::tokens::{is_punct, is_word, outside_angles, visible};
use proc_macro2::{Delimiter, Ident, TokenTree};

/// The name that the methods of a block go by: that of the trait, or of the type that is implemented.
///
/// `header` is what stands between the keyword of the block and its braces.
pub(super) fn owner(keyword: &Ident, header: &[TokenTree]) -> Option<Ident> {
    match header.first() {
        Some(TokenTree::Ident(name)) if keyword == "trait" => Some(name.clone()),
        _ => name(implementing(header)),
    }
}

/// The type in the header of an `impl`: what follows `for`, or else all of it.
fn implementing(header: &[TokenTree]) -> &[TokenTree] {
    let mut tokens = outside_angles(header).take_while(|(_, token)| !is_word(token, "where"));
    let position = tokens.find(|(_, token)| is_word(token, "for"));
    position.and_then(|(index, _)| header.get(index + 1..)).unwrap_or(header)
}

/// The last segment of the outermost path in `ty`, below references.
fn name(ty: &[TokenTree]) -> Option<Ident> {
    match ty {
        [TokenTree::Punct(sigil), ty @ ..] if matches!(sigil.as_char(), '&' | '*') => name(ty),
        [quote, TokenTree::Ident(_lifetime), ty @ ..] if is_punct(quote, '\'') => name(ty),
        [TokenTree::Ident(word), ty @ ..]
            if ["mut", "const", "dyn"].iter().any(|skipped| word == skipped) =>
        {
            name(ty)
        }
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::None => {
            name(&visible(&group.stream()))
        }
        path => last_segment(path),
    }
}

fn last_segment(path: &[TokenTree]) -> Option<Ident> {
    /// What begins a type that is no path, or follows one.
    const KEYWORDS: [&str; 5] = ["fn", "unsafe", "extern", "for", "where"];
    outside_angles(path)
        .map_while(|(_, token)| match token {
            TokenTree::Ident(segment) if !KEYWORDS.iter().any(|word| segment == word) => Some(Some(segment)),
            TokenTree::Punct(colon) if colon.as_char() == ':' => Some(None),
            _ => None,
        })
        .flatten()
        .last()
        .cloned()
}
