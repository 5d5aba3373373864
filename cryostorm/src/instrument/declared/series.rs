//! How a handle says which series it means.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::super::cardinality::cut;
use super::index::Index;
use super::metric::DeclaredMetric;

/// A metric and an attribute set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series<S> {
    pub(crate) metric: &'static DeclaredMetric,
    pub(crate) set: S,
}

/// The attributes of a handle: [`Bounded`], or [`Texts`] where some of them are texts. Nobody else implements it.
pub trait AttributeSet: Copy + sealed::Sealed {
    /// Whether an index alone does not tell it.
    #[doc(hidden)]
    const HAS_TEXTS: bool;

    #[doc(hidden)]
    fn index(&self) -> u32;

    #[doc(hidden)]
    fn texts(&self) -> &[&str];

    /// With texts that are not too long.
    #[doc(hidden)]
    #[must_use]
    fn cut(self) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Bounded {}
    impl<const N: usize> Sealed for super::Texts<'_, N> {}
}

/// Attributes whose values are known when the program is compiled: found without a hash.
#[derive(Clone, Copy, Debug)]
pub struct Bounded {
    index: u32,
}

impl Bounded {
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    pub fn new(index: Index) -> Self {
        Self { index: index.at() }
    }
}

impl AttributeSet for Bounded {
    const HAS_TEXTS: bool = false;

    #[inline(always)]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline(always)]
    fn texts(&self) -> &[&str] {
        &[]
    }

    fn cut(self) -> Self {
        self
    }
}

/// Attributes of which `N` are texts, borrowed until the handle is used.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'text, const N: usize> {
    index: u32,
    texts: [&'text str; N],
}

impl<'text, const N: usize> Texts<'text, N> {
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    pub fn new(index: Index, texts: [&'text str; N]) -> Self {
        Self { index: index.at(), texts }
    }
}

impl<const N: usize> AttributeSet for Texts<'_, N> {
    const HAS_TEXTS: bool = true;

    #[inline(always)]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline(always)]
    fn texts(&self) -> &[&str] {
        &self.texts
    }

    fn cut(self) -> Self {
        Self { texts: self.texts.map(cut), ..self }
    }
}

/// An attribute set to be kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) index: u32,
    pub(super) texts: Box<[Box<str>]>,
}

impl Key {
    pub(super) fn of(set: &impl AttributeSet) -> Self {
        Self { index: set.index(), texts: set.texts().iter().map(|text| Box::from(*text)).collect() }
    }

    #[inline]
    pub(super) fn is(&self, set: &impl AttributeSet) -> bool {
        self.index == set.index() && self.texts.iter().map(|text| &**text).eq(set.texts().iter().copied())
    }

    pub(super) fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(|text| &**text).collect()
    }
}

#[inline]
pub(super) fn hash(set: &impl AttributeSet) -> u64 {
    let mut hasher = FxHasher::default();
    set.index().hash(&mut hasher);
    set.texts().iter().for_each(|text| text.hash(&mut hasher));
    hasher.finish()
}
