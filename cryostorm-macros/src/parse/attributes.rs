use super::entries::entries;
use super::key::{is_key, key};
use super::options::{ATTRIBUTES, Options};
use crate::diagnostics::Diagnostics;
use crate::model::{Attribute, Instrument, Rendering};
use crate::tokens::is_punct;
use proc_macro2::{TokenStream, TokenTree};

/// The `attributes(..)` option.
pub(super) fn attributes(
    instrument: Instrument,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Attribute> {
    let Some(list) = options.list(&ATTRIBUTES, diagnostics) else { return Vec::new() };
    let mut attributes: Vec<Attribute> = Vec::new();
    for entry in entries(list, diagnostics) {
        let Some(attribute) = attribute(instrument, &entry, diagnostics) else { continue };
        let text = attribute.key.value();
        if attributes.iter().any(|earlier| earlier.key.value() == text) {
            diagnostics.at(attribute.key.span(), format_args!("the key `{text}` is given twice: keep one"));
        } else {
            attributes.push(attribute);
        }
    }
    attributes
}

fn attribute(
    instrument: Instrument,
    entry: &[TokenTree],
    diagnostics: &mut Diagnostics,
) -> Option<Attribute> {
    let written = written_key(entry);
    let on_metric = instrument != Instrument::Traced;
    let (rendering, value) = match entry.get(written.len()..) {
        Some([_equals, value @ ..]) if on_metric && is_literal(value) => (Rendering::Literal, value),
        Some([_equals, value @ ..]) => rendered(value),
        _ => {
            without_value(&written, diagnostics);
            return None;
        }
    };
    let tokens: TokenStream = written.iter().cloned().collect();
    if tokens.is_empty() {
        diagnostics.on(entry.first(), "there is no key before this `=`: write for example `user.id = value`");
        return None;
    }
    if value.is_empty() {
        diagnostics.on(&tokens, format_args!("this key has no value: write `{} = value`", text(&written)));
        return None;
    }
    let key = key(&written, diagnostics)?;
    if on_metric
        && matches!(rendering, Rendering::Display | Rendering::Debug)
        && let Some(sigil) = entry.get(written.len() + 1)
    {
        let message = format_args!(
            "metric attributes come from bounded sets, and `{sigil}` makes any text: write a literal, a bool or an \
             enum without fields, or move this one to `{}`",
            Instrument::Traced
        );
        diagnostics.on(sigil, message);
    }
    Some(Attribute { key, rendering, value: value.iter().cloned().collect() })
}

/// What stands before the first `=`.
fn written_key(entry: &[TokenTree]) -> Vec<TokenTree> {
    entry.iter().take_while(|token| !is_punct(token, '=')).cloned().collect()
}

fn rendered(value: &[TokenTree]) -> (Rendering, &[TokenTree]) {
    match value {
        [sigil, value @ ..] if is_punct(sigil, '%') => (Rendering::Display, value),
        [sigil, value @ ..] if is_punct(sigil, '?') => (Rendering::Debug, value),
        value => (Rendering::Value, value),
    }
}

fn is_literal(value: &[TokenTree]) -> bool {
    match value {
        [TokenTree::Literal(_)] => true,
        [minus, TokenTree::Literal(_)] => is_punct(minus, '-'),
        _ => false,
    }
}

/// Reports an entry that is a key or a value alone, with the guess that its author wants to record what it names.
fn without_value(written: &[TokenTree], diagnostics: &mut Diagnostics) {
    let (rendering, named) = rendered(written);
    let sigil = match rendering {
        Rendering::Value | Rendering::Literal => "",
        Rendering::Display => "%",
        Rendering::Debug => "?",
    };
    let (name, value) = (text(named), format!("{sigil}{}", text(named)));
    if let Some((key, value)) = without_sign(written) {
        let message =
            format!("between a key and its value stands `=`: write `{} = {}`", text(key), text(value));
        return diagnostics.on(written.iter().cloned().collect::<TokenStream>(), message);
    }
    let message = match named {
        [TokenTree::Literal(_)] => format!("an attribute is a key and a value: write `{name} = value`"),
        named if is_key(named) => format!("an attribute is a key and a value: write `{name} = {value}`"),
        _ => format!("an attribute is a key and a value: write `key = {value}`"),
    };
    diagnostics.on(written.iter().cloned().collect::<TokenStream>(), message);
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
fn text(tokens: &[TokenTree]) -> String {
    tokens.iter().map(ToString::to_string).collect()
}
