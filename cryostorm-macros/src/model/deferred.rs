use super::Output;
use super::output::nameable;
use crate::tokens::{Angles, is_punct, is_word, outside_angles, visible};
use proc_macro2::{TokenStream, TokenTree};

/// What a function returns that is not done when it returns.
pub(crate) struct Deferred {
    pub(crate) work: Work,
    /// Whether it stands behind a `Pin<Box<..>>`.
    pub(crate) is_boxed: bool,
    /// What comes of it, where an `impl Future<Output = T>` or `impl Stream<Item = T>` says so.
    pub(crate) yielded: Option<TokenStream>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Future,
    Stream,
}

impl Work {
    /// The name of the trait.
    pub(crate) fn trait_name(self) -> &'static str {
        match self {
            Self::Future => "Future",
            Self::Stream => "Stream",
        }
    }

    /// The name of what comes of it.
    pub(crate) fn yielded(self) -> &'static str {
        match self {
            Self::Future => "Output",
            Self::Stream => "Item",
        }
    }
}

impl Output {
    /// The work that goes on after the function has returned, where the type says that there is such.
    pub(crate) fn deferred(&self) -> Option<Deferred> {
        let tokens = visible(&self.written);
        if let [word, bounds @ ..] = tokens.as_slice()
            && is_word(word, "impl")
        {
            let (work, arguments) = asynchronous(bounds)?;
            return Some(Deferred { work, is_boxed: false, yielded: associated(work, arguments) });
        }
        let work = aliased(&tokens).or_else(|| pinned(&tokens))?;
        Some(Deferred { work, is_boxed: true, yielded: None })
    }
}

/// What the alias of a pinned box that everybody knows stands for.
fn aliased(ty: &[TokenTree]) -> Option<Work> {
    let length = ty.iter().take_while(|token| !is_punct(token, '<')).count();
    let (last, path) = ty.get(..length)?.split_last()?;
    let is_path = path.iter().all(|token| is_punct(token, ':') || matches!(token, TokenTree::Ident(_)));
    let is_named = |names: [&str; 2]| is_path && names.iter().any(|name| is_word(last, name));
    if is_named(["BoxFuture", "LocalBoxFuture"]) {
        return Some(Work::Future);
    }
    is_named(["BoxStream", "LocalBoxStream"]).then_some(Work::Stream)
}

/// What is in a `Pin<Box<dyn ..>>`.
fn pinned(ty: &[TokenTree]) -> Option<Work> {
    const MODULES: [&str; 5] = ["core", "std", "alloc", "pin", "boxed"];
    let object = ty.iter().position(|token| is_word(token, "dyn"))?;
    let (pointers, object) = ty.split_at(object);
    let is_path =
        pointers.first().is_some_and(|first| is_punct(first, ':') || matches!(first, TokenTree::Ident(_)));
    let is_name = |token: &&TokenTree| {
        matches!(token, TokenTree::Ident(_)) && !MODULES.iter().any(|module| is_word(token, module))
    };
    let names: Vec<_> = pointers.iter().filter(is_name).collect();
    let is_pinned_box =
        is_path && matches!(names.as_slice(), [pin, boxed] if is_word(pin, "Pin") && is_word(boxed, "Box"));
    let (work, _) = asynchronous(object).filter(|_| is_pinned_box)?;
    Some(work)
}

/// The kind of work that one of the bounds tells, and what follows that. What stands in angle brackets belongs to a
/// bound.
fn asynchronous(bounds: &[TokenTree]) -> Option<(Work, &[TokenTree])> {
    // What follows an arrow is returned by what the bound describes.
    let is_arrow = |index: usize| match bounds.get(index..) {
        Some([dash, head, ..]) => is_punct(dash, '-') && is_punct(head, '>'),
        _ => false,
    };
    let mut own = outside_angles(bounds).take_while(|(index, _)| !is_arrow(*index));
    own.find_map(|(index, token)| {
        let is_trait = |work: &Work| is_word(token, work.trait_name());
        let work = [Work::Future, Work::Stream].into_iter().find(is_trait)?;
        Some((work, bounds.get(index + 1..).unwrap_or_default()))
    })
}

/// The `T` of `<Output = T>` or `<Item = T>`.
fn associated(work: Work, arguments: &[TokenTree]) -> Option<TokenStream> {
    let [open, name, equals, ty @ ..] = arguments else { return None };
    if !(is_punct(open, '<') && is_word(name, work.yielded()) && is_punct(equals, '=')) {
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
