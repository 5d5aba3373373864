//! Arguments whose fields are changed, and that look at them when they are dropped.
#![deny(warnings)]
// The compiler does not know that a closure's variable is looked at when it is dropped.
#![allow(unused_assignments)]

use cryostorm::{counted, timed, traced};
use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

thread_local! {
    static COMMITTED: Cell<u32> = const { Cell::new(0) };
}

#[derive(Default)]
struct Transaction {
    is_committed: bool,
}

impl Drop for Transaction {
    fn drop(&mut self) {
        COMMITTED.set(COMMITTED.get() + u32::from(self.is_committed));
    }
}

impl Transaction {
    #[traced]
    fn commit(mut self) -> Result<(), fmt::Error> {
        self.is_committed = true;
        Ok(())
    }
}

#[traced]
fn in_span(mut transaction: Transaction) -> Result<(), fmt::Error> {
    transaction.is_committed = true;
    Ok(())
}

#[counted]
#[timed]
fn in_metrics((mut transaction, committed): (Transaction, bool)) -> Option<()> {
    transaction.is_committed = committed;
    Some(())
}

#[traced(ok(length = |length| *length))]
fn observed(mut transaction: Transaction) -> Result<u64, fmt::Error> {
    transaction.is_committed = true;
    Ok(7)
}

#[traced]
async fn in_future(mut transaction: Transaction) {
    transaction.is_committed = true;
}

#[traced]
async fn in_fallible_future(mut transaction: Transaction) -> Result<(), fmt::Error> {
    transaction.is_committed = true;
    Ok(())
}

#[traced]
fn before_future(mut transaction: Transaction) -> impl Future<Output = ()> {
    transaction.is_committed = true;
    async {}
}

fn done(future: impl Future) -> bool {
    matches!(pin!(future).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
}

fn main() {
    let new = Transaction::default;
    assert!(new().commit().is_ok() && in_span(new()).is_ok() && in_metrics((new(), true)).is_some());
    assert!(observed(new()).is_ok() && done(in_future(new())) && done(in_fallible_future(new())));
    assert!(done(before_future(new())));
    assert_eq!(COMMITTED.get(), 7);
}
