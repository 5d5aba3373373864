#![deny(warnings)]

use cryostorm::{counted, traced};
use std::collections::HashMap;

struct Pack<const N: usize>;

struct Account<'a, T> {
    owner: &'a str,
    entries: Vec<T>,
}

macro_rules! shorthands {
    ($name:ident) => {
        fn $name(&self) -> usize {
            self.entries.len()
        }
    };
}

/// An account.
#[traced]
#[counted(attributes(of = "account"))]
impl<'a, T> Account<'a, T>
where
    T: Clone + PartialOrd,
    HashMap<&'a str, Vec<T>>: Clone,
{
    #![allow(clippy::needless_lifetimes)]

    /// How many.
    pub const LIMIT: bool = { 1 < 2 };
    const FEW: Pack<{ 1 + 1 }> = Pack::<{ 1 + 1 }> {};

    shorthands! { length }

    shorthands!(size);

    /// Has none.
    pub fn new(owner: &'a str) -> Self {
        Self { owner, entries: Vec::new() }
    }

    fn few() -> Pack<{ 1 + 1 }> {
        Self::FEW
    }

    #[cfg(any())]
    fn owner(&self) -> NotThere {
        not::there()
    }

    #[cfg(all())]
    #[inline]
    #[must_use]
    fn owner(&self) -> &'a str {
        self.owner
    }

    fn add(&mut self, entry: T) -> &mut Self {
        self.entries.push(entry);
        self
    }

    async fn newest(&self) -> Option<&T> {
        self.entries.last()
    }

    fn map<const N: usize, R>(&self, function: impl Fn(&T) -> R) -> [Option<R>; N] {
        std::array::from_fn(|index| self.entries.get(index).map(&function))
    }

    fn by_owner(self) -> HashMap<&'a str, Vec<T>> {
        [(self.owner, self.entries)].into()
    }

    unsafe fn first(&self) -> T {
        // SAFETY: as the caller promises.
        unsafe { self.entries.get_unchecked(0) }.clone()
    }

    extern "C" fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn main() {
    assert!(Account::<u8>::LIMIT);
    let Pack::<2> = Account::<u8>::few();
    let mut account = Account::<u8>::new("Ada");
    account.add(1).add(2);
    assert_eq!((account.length(), account.size()), (2, 2));
    assert_eq!(account.owner(), "Ada");
    assert_eq!(futures::executor::block_on(account.newest()), Some(&2));
    assert_eq!(account.map::<2, _>(|entry| entry + 1), [Some(2), Some(3)]);
    assert_eq!(unsafe { account.first() }, 1);
    assert!(!account.is_empty());
    assert_eq!(account.by_owner()["Ada"], [1, 2]);
}
