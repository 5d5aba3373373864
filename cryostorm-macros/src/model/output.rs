use crate::tokens::{Angles, is_punct, is_word, visible};
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
    written: TokenStream,
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
        has_opaque(self.written.clone())
    }

    /// The work that goes on after the function has returned, where the type says that there is such.
    pub(crate) fn deferred(&self) -> Option<Deferred> {
        let tokens = visible(&self.written);
        let has = |names: [&str; 2]| tokens.iter().any(|token| names.iter().any(|name| is_word(token, name)));
        if let [word, bounds @ ..] = tokens.as_slice()
            && is_word(word, "impl")
        {
            return Deferred::of_bounds(bounds, false);
        }
        if has(["BoxStream", "LocalBoxStream"]) {
            return Some(Deferred { work: Work::Stream, written: None, is_boxed: true });
        }
        if has(["BoxFuture", "LocalBoxFuture"]) {
            return Some(Deferred { work: Work::Future, written: None, is_boxed: true });
        }
        let is_pinned =
            tokens.iter().find(|token| matches!(token, TokenTree::Ident(_)) && !is_path_start(token));
        if !is_pinned.is_some_and(|token| is_word(token, "Pin")) {
            return None;
        }
        let object = tokens.iter().position(|token| is_word(token, "dyn"))?;
        Deferred::of_bounds(tokens.get(object + 1..)?, true)
    }

    /// The type as a body may name it: with `_` for each `impl Trait`, and `()` where the function declares none.
    pub(crate) fn nameable(&self) -> TokenStream {
        match self.written.is_empty() {
            true => quote_spanned!(Span::mixed_site()=> ()),
            false => nameable(self.written.clone()),
        }
    }
}

/// What a function returns that is not done when it returns.
pub(crate) struct Deferred {
    pub(crate) work: Work,
    /// What it yields, where that is written.
    pub(crate) written: Option<TokenStream>,
    /// Whether it stands behind a `Pin<Box<..>>`.
    pub(crate) is_boxed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Future,
    Stream,
}

impl Deferred {
    fn of_bounds(bounds: &[TokenTree], is_boxed: bool) -> Option<Self> {
        let (bound, arguments) = asynchronous(bounds)?;
        let (work, name) = match is_word(bound, "Future") {
            true => (Work::Future, "Output"),
            false => (Work::Stream, "Item"),
        };
        Some(Self { work, written: associated_type(arguments, name), is_boxed })
    }
}

/// The trait among the bounds that makes a future or a stream, and what follows it. What stands in angle brackets
/// belongs to a bound.
fn asynchronous(bounds: &[TokenTree]) -> Option<(&TokenTree, &[TokenTree])> {
    let mut angles = Angles::default();
    bounds.iter().enumerate().find_map(|(index, token)| match token {
        TokenTree::Punct(punct) => {
            angles.follow(punct);
            None
        }
        token if angles.is_outside() && (is_word(token, "Future") || is_word(token, "Stream")) => {
            Some((token, bounds.get(index + 1..).unwrap_or_default()))
        }
        _ => None,
    })
}

/// The `T` of `<name = T>`.
fn associated_type(arguments: &[TokenTree], name: &str) -> Option<TokenStream> {
    let [open, associated, equals, ty @ ..] = arguments else { return None };
    if !(is_punct(open, '<') && is_word(associated, name) && is_punct(equals, '=')) {
        return None;
    }
    let mut angles = Angles::default();
    let length = ty.iter().position(|token| match token {
        TokenTree::Punct(punct)
            if angles.is_outside() && (angles.closes(punct) || punct.as_char() == ',') =>
        {
            true
        }
        TokenTree::Punct(punct) => {
            angles.follow(punct);
            false
        }
        _ => false,
    })?;
    Some(nameable(ty.get(..length)?.iter().cloned().collect()))
}

/// Whether `token` is a module that `Pin` is found in.
fn is_path_start(token: &TokenTree) -> bool {
    ["core", "std", "pin"].iter().any(|module| is_word(token, module))
}

fn has_opaque(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => has_opaque(group.stream()),
        _ => false,
    })
}

fn nameable(tokens: TokenStream) -> TokenStream {
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
