use super::entries::entries;
use super::key::{is_key, key};
use super::operands::check_operands;
use crate::diagnostics::Diagnostics;
use crate::model::Rendering;
use crate::tokens::is_punct;
use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

/// One `key = value` of a list.
pub(super) struct Pair {
    pub(super) key: LitStr,
    /// `%` or `?` before the value.
    pub(super) sigil: Option<TokenTree>,
    /// What the sigil asks for.
    pub(super) rendering: Rendering,
    pub(super) value: Vec<TokenTree>,
}

/// The pairs of a list, no key twice.
///
/// `proposal` is a value to propose where a key stands without one, given what stands there.
pub(super) fn pairs(
    list: TokenStream,
    proposal: impl Fn(&[TokenTree]) -> String,
    diagnostics: &mut Diagnostics,
) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for entry in entries(list, diagnostics) {
        let Some(pair) = pair(&entry, &proposal, diagnostics) else { continue };
        let text = pair.key.value();
        if pairs.iter().any(|earlier| earlier.key.value() == text) {
            diagnostics.at(pair.key.span(), format_args!("the key `{text}` is given twice: keep one"));
        } else {
            pairs.push(pair);
        }
    }
    pairs
}

fn pair(
    entry: &[TokenTree],
    proposal: &impl Fn(&[TokenTree]) -> String,
    diagnostics: &mut Diagnostics,
) -> Option<Pair> {
    let written = written_key(entry);
    let Some([_equals, value @ ..]) = entry.get(written.len()..) else {
        diagnostics.on(written.iter().cloned().collect::<TokenStream>(), without_value(written, proposal));
        return None;
    };
    let (rendering, sigil, value) = rendered(value);
    let tokens: TokenStream = written.iter().cloned().collect();
    if tokens.is_empty() {
        diagnostics.on(entry.first(), "there is no key before this `=`: write for example `user.id = value`");
        return None;
    }
    if value.is_empty() {
        let message = format_args!("this key has no value: write `{} = {}`", text(written), proposal(&[]));
        diagnostics.on(&tokens, message);
        return None;
    }
    let key = key(written, diagnostics)?;
    check_operands(value, diagnostics);
    Some(Pair { key, sigil: sigil.cloned(), rendering, value: value.to_vec() })
}

/// What stands before the first `=`, or all of what begins like a closure: the `=` is then in its body.
fn written_key(entry: &[TokenTree]) -> &[TokenTree] {
    let is_closure = entry.first().is_some_and(|token| is_punct(token, '|'));
    let length = entry.iter().position(|token| is_punct(token, '=') && !is_closure);
    length.and_then(|length| entry.get(..length)).unwrap_or(entry)
}

fn rendered(value: &[TokenTree]) -> (Rendering, Option<&TokenTree>, &[TokenTree]) {
    match value {
        [sigil, value @ ..] if is_punct(sigil, '%') => (Rendering::Display, Some(sigil), value),
        [sigil, value @ ..] if is_punct(sigil, '?') => (Rendering::Debug, Some(sigil), value),
        value => (Rendering::Value, None, value),
    }
}

/// What to say of a key or a value alone, with the guess that its author wants to record what it names.
fn without_value(written: &[TokenTree], proposal: &impl Fn(&[TokenTree]) -> String) -> String {
    if let Some((key, value)) = without_sign(written) {
        return format!(
            "between a key and its value stands `=`: write `{} = {}`",
            text(key),
            proposal(value)
        );
    }
    let (_, sigil, named) = rendered(written);
    let sigil = sigil.map(ToString::to_string).unwrap_or_default();
    let (key, value) = match named {
        [TokenTree::Literal(_)] => (text(named), proposal(&[])),
        named if is_key(named) => (text(named), proposal(named)),
        _ => ("key".to_owned(), proposal(named)),
    };
    format!("an attribute is a key and a value: write `{key} = {sigil}{value}`")
}

/// A key that is followed by something else than `=`, and what follows.
fn without_sign(written: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree])> {
    let (key, rest) =
        (1..written.len()).rev().map(|length| written.split_at(length)).find(|(key, _)| is_key(key))?;
    match rest {
        [colon, value @ ..] if is_punct(colon, ':') && !value.is_empty() => Some((key, value)),
        [TokenTree::Ident(_) | TokenTree::Literal(_), ..] => Some((key, rest)),
        _ => None,
    }
}

/// The tokens as the user most likely spaced them.
pub(super) fn text(tokens: &[TokenTree]) -> String {
    tokens.iter().map(ToString::to_string).collect()
}
