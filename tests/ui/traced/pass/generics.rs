#![deny(warnings)]

use cryostorm::traced;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::ops::Add;

#[traced]
fn inferred<T: Default>() -> T {
    T::default()
}

#[traced(attributes(items = ?items, length = N))]
fn const_generic<const N: usize, const REVERSED: bool>(mut items: [u8; N]) -> Result<[u8; N], String> {
    if REVERSED {
        items.reverse();
    }
    Ok(items)
}

#[traced]
fn braces_in_arguments() -> Option<[u8; { const TWO: usize = 2; TWO }]> {
    const_generic::<{ 1 + 1 }, true>([0; 2]).ok()
}

#[traced]
fn where_clause<L, R>(left: L, right: R) -> <L as Add<R>>::Output
where
    L: Add<R>,
    <L as Add<R>>::Output: Debug,
    for<'a> &'a L: Copy,
{
    left + right
}

#[traced]
fn associated<I: Iterator>(mut items: I) -> Option<I::Item>
where
    I::Item: Clone,
{
    items.next()
}

#[traced]
fn unsized_value<T: ?Sized + AsRef<str>>(text: &T) -> Result<usize, &'static str> {
    Ok(text.as_ref().len())
}

#[traced(ok(error = |found| found.len()))]
async fn generic_error<T, E>(result: Result<Vec<T>, E>) -> Result<Vec<T>, E>
where
    E: From<std::fmt::Error>,
{
    let mut items = result?;
    items.truncate(1);
    Ok(items)
}

struct Typed<T, const N: usize = 2>(PhantomData<T>);

impl<T, const N: usize> Typed<T, N>
where
    T: Send,
{
    const SIZE: usize = N;

    #[traced(attributes(size = Self::SIZE, constant = N))]
    fn size<U: Into<usize>>(&self, more: U) -> Result<usize, T> {
        Ok(N + more.into())
    }
}

fn main() {
    assert_eq!(inferred::<u8>(), 0);
    assert_eq!(const_generic::<2, true>([1, 2]), Ok([2, 1]));
    assert_eq!(braces_in_arguments(), Some([0, 0]));
    assert_eq!(where_clause(1, 2), 3);
    assert_eq!(associated([1].iter()), Some(&1));
    assert_eq!(unsized_value("abc"), Ok(3));
    let items = generic_error::<u8, std::fmt::Error>(Ok(vec![1, 2]));
    assert_eq!(futures::executor::block_on(items), Ok(vec![1]));
    assert_eq!(Typed::<u8, 3>(PhantomData).size(1_usize), Ok(4));
}
