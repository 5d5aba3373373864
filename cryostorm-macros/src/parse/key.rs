use crate::diagnostics::Diagnostics;
use crate::tokens::{is_punct, visible};
use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;
use syn::ext::IdentExt;

/// What an annotated call sets itself.
const RESERVED: [&str; 4] = ["code.function.name", "code.file.path", "code.line.number", "error.type"];

/// The key of an attribute: a dotted path of identifiers, keywords among them, or a string literal.
pub(super) fn key(written: &[TokenTree], diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let tokens: TokenStream = written.iter().cloned().collect();
    let key = match visible(&tokens).as_slice() {
        [TokenTree::Literal(_)] => syn::parse2(tokens.clone()).ok(),
        segments => dotted(segments),
    };
    match key {
        Some(key) if key.value().trim().is_empty() => {
            diagnostics.at(key.span(), "the key is empty: write for example `user.id`");
            None
        }
        Some(key) if RESERVED.contains(&key.value().as_str()) => {
            let text = key.value();
            diagnostics.at(key.span(), format_args!("`{text}` is set on every call: choose another key"));
            None
        }
        None => {
            let text = tokens.to_string().replace(' ', "");
            let text = text.trim_matches('"');
            diagnostics
                .on(tokens, format_args!("a key is `dotted.names` or a string literal: write `\"{text}\"`"));
            None
        }
        key => key,
    }
}

/// Whether `tokens` are a dotted path of identifiers.
pub(super) fn is_key(tokens: &[TokenTree]) -> bool {
    dotted(tokens).is_some()
}

fn dotted(segments: &[TokenTree]) -> Option<LitStr> {
    let mut name = String::new();
    for (index, segment) in segments.iter().enumerate() {
        match segment {
            TokenTree::Ident(ident) if index % 2 == 0 => name.push_str(&ident.unraw().to_string()),
            dot if index % 2 == 1 && is_punct(dot, '.') => name.push('.'),
            _ => return None,
        }
    }
    if name.is_empty() || name.ends_with('.') {
        return None;
    }
    Some(LitStr::new(&name, segments.first()?.span()))
}
