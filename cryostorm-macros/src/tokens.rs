//! Reading token trees without a parser.

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};

/// The tokens of `stream`, out of the invisible groups that a fragment of `macro_rules` (`$type:ty`) wraps them in.
pub(crate) fn visible(stream: &TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<_> = stream.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => visible(&group.stream()),
        _ => tokens,
    }
}

pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether `word` is among the tokens, however deep.
pub(crate) fn contains_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => contains_word(group.stream(), word),
        _ => false,
    })
}

/// Whether part of the type is left to the compiler, by a `_` that is no lifetime.
pub(crate) fn is_inferred(ty: TokenStream) -> bool {
    let mut is_lifetime = false;
    ty.into_iter().any(|token| {
        let was_lifetime = std::mem::replace(&mut is_lifetime, is_punct(&token, '\''));
        match token {
            TokenTree::Ident(ident) => ident == "_" && !was_lifetime,
            TokenTree::Group(group) => is_inferred(group.stream()),
            _ => false,
        }
    })
}

/// Whether `value` is a literal, with or without a sign.
pub(crate) fn is_literal(value: &[TokenTree]) -> bool {
    match value {
        [TokenTree::Literal(_)] => true,
        [minus, TokenTree::Literal(_)] => is_punct(minus, '-'),
        _ => false,
    }
}

/// The parts between the commas that are not in angle brackets.
pub(crate) fn comma_separated(list: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut angles = Angles::default();
    let tokens: Vec<_> = list.into_iter().collect();
    let parts = tokens.split(|token| {
        let TokenTree::Punct(punct) = token else { return false };
        angles.follow(punct);
        angles.is_outside() && punct.as_char() == ','
    });
    parts.filter(|part| !part.is_empty()).map(<[_]>::to_vec).collect()
}

/// Whether the type is `&str`, with whatever lifetime but that of the program's own texts.
pub(crate) fn is_borrowed_text(ty: &[TokenTree]) -> bool {
    match ty {
        [and, text] => is_punct(and, '&') && is_word(text, "str"),
        [and, quote, lifetime, text] => {
            is_punct(and, '&')
                && is_punct(quote, '\'')
                && !is_word(lifetime, "static")
                && is_word(text, "str")
        }
        _ => false,
    }
}

/// The tokens of a signature or a type that stand outside of angle brackets, with their positions.
pub(crate) fn outside_angles(tokens: &[TokenTree]) -> impl Iterator<Item = (usize, &TokenTree)> {
    let mut angles = Angles::default();
    tokens.iter().enumerate().filter(move |(_, token)| {
        let was_outside = angles.is_outside();
        if let TokenTree::Punct(punct) = token {
            angles.follow(punct);
        }
        was_outside && angles.is_outside()
    })
}

/// How deep in angle brackets a run of type tokens is.
#[derive(Default)]
pub(crate) struct Angles {
    depth: usize,
    after_dash: bool,
}

impl Angles {
    pub(crate) fn is_outside(&self) -> bool {
        self.depth == 0
    }

    /// Whether `punct` closes an angle bracket, other than the head of an arrow.
    pub(crate) fn closes(&self, punct: &Punct) -> bool {
        punct.as_char() == '>' && !self.after_dash
    }

    pub(crate) fn follow(&mut self, punct: &Punct) {
        if punct.as_char() == '<' {
            self.depth += 1;
        } else if self.closes(punct) {
            self.depth = self.depth.saturating_sub(1);
        }
        self.after_dash = punct.spacing() == Spacing::Joint && matches!(punct.as_char(), '-' | '=');
    }
}
