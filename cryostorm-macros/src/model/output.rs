use crate::tokens::{Angles, contains_word, visible};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use std::iter::Peekable;

/// Types that are values in themselves and never a failure.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "str", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

/// The return type of a function, as it is written.
pub(crate) struct Output {
    /// Empty when the function declares none.
    pub(super) written: TokenStream,
}

impl Output {
    pub(crate) fn new(written: TokenStream) -> Self {
        Self { written }
    }

    pub(crate) fn span(&self) -> Option<Span> {
        self.written.clone().into_iter().next().map(|token| token.span())
    }

    pub(crate) fn is_never(&self) -> bool {
        matches!(visible(&self.written).as_slice(), [TokenTree::Punct(punct)] if punct.as_char() == '!')
    }

    /// Whether a value of this type could be a failure, as far as its spelling tells.
    ///
    /// Any path may be an alias of `Result`; what has a syntax of its own may not.
    pub(crate) fn may_fail(&self) -> bool {
        match visible(&self.written).as_slice() {
            [TokenTree::Ident(ident)] => !PRIMITIVES.iter().any(|primitive| ident == primitive),
            [TokenTree::Ident(ident), ..] => {
                !["impl", "dyn", "fn", "unsafe", "extern", "for"].iter().any(|word| ident == word)
            }
            [TokenTree::Punct(punct), ..] => !matches!(punct.as_char(), '&' | '*' | '!'),
            [TokenTree::Group(_), ..] | [] => false,
            [TokenTree::Literal(_), ..] => true,
        }
    }

    /// Whether it is `impl Trait` as a whole, or has one inside.
    pub(crate) fn is_opaque(&self) -> bool {
        contains_word(self.written.clone(), "impl")
    }

    /// The type as a body may name it: with `_` for each `impl Trait`, and `()` where the function declares none.
    pub(crate) fn nameable(&self) -> TokenStream {
        match self.written.is_empty() {
            true => quote_spanned!(Span::mixed_site()=> ()),
            false => nameable(self.written.clone()),
        }
    }
}

pub(super) fn nameable(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut named = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "impl" => {
                skip_bounds(&mut tokens);
                named.push(TokenTree::Ident(Ident::new("_", Span::mixed_site())));
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), nameable(group.stream()));
                inner.set_span(group.span());
                named.push(TokenTree::Group(inner));
            }
            token => named.push(token),
        }
    }
    named.into_iter().collect()
}

/// Drops the bounds that follow `impl`: up to the `,` or `>` that belongs to what is around them.
fn skip_bounds(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) {
    let mut angles = Angles::default();
    while let Some(token) = tokens.peek() {
        if let TokenTree::Punct(punct) = token {
            if angles.is_outside() && (punct.as_char() == ',' || angles.closes(punct)) {
                return;
            }
            angles.follow(punct);
        }
        tokens.next();
    }
}
