//! Calls without instrumentation.

use std::hint::black_box;

use super::{Refused, Subject, Yields, at_ten_places, block_on, dynamic, repeat};
use crate::row::{POLLS, Row};

pub fn set_up(row: Row) -> Subject {
    match row {
        Row::Off => at_ten_places!(nothing_installed),
        Row::Async => Subject::new(|calls| repeat(calls, |id| block_on(ready(id)))),
        Row::Poll => Subject::new(|calls| repeat(calls, |id| block_on(pending(id)))),
        Row::RootWithTen => Subject::new(|calls| repeat(calls, root)),
        Row::Error => Subject::new(|calls| repeat(calls, |id| refused(id).is_err())),
        Row::CountedDynamic => Subject::new(|calls| {
            repeat(calls, |id| {
                let (cached, channel) = dynamic(id);
                of_channel(id, cached, channel)
            })
        }),
        _ => Subject::new(|calls| repeat(calls, call)),
    }
}

#[inline(never)]
fn nothing_installed<const PLACE: u64>(id: u64) -> u64 {
    black_box(id ^ PLACE)
}

#[inline(never)]
fn call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
fn of_channel(id: u64, cached: bool, channel: &'static str) -> u64 {
    black_box((cached, channel));
    black_box(id)
}

#[inline(never)]
async fn ready(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
async fn pending(id: u64) -> u64 {
    Yields(POLLS - 1).await;
    black_box(id)
}

#[inline(never)]
fn root(id: u64) -> u64 {
    (0..10).map(|child| call(id + child)).sum()
}

#[inline(never)]
fn refused(id: u64) -> Result<u64, Refused> {
    black_box(id);
    Err(Refused)
}
