//! The ways to end a call, and how a caller brings each of them about.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll, Waker};

use cryostorm::traced;
use cryostorm_tests::trace::{current_id, poll_once};
use futures::Stream;
use futures::future::LocalBoxFuture;
use futures::stream::LocalBoxStream;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum End {
    Return,
    Early,
    Question,
    Fail,
    Panic,
    /// Dropped after the first poll.
    HalfWay,
    /// Dropped before it.
    Unpolled,
}

impl End {
    pub const OF_UNFAILING: &[Self] = &[Self::Return, Self::Early, Self::Panic];
    pub const OF_SYNC: &[Self] = &[Self::Return, Self::Early, Self::Question, Self::Fail, Self::Panic];
    pub const OF_ASYNC: &[Self] =
        &[Self::Return, Self::Early, Self::Question, Self::Fail, Self::Panic, Self::HalfWay, Self::Unpolled];
}

/// One function, by its path in this crate.
pub struct Shape {
    pub path: &'static str,
    pub ends: &'static [End],
    pub caller: Caller,
}

/// How the call of a function goes on once it is called.
pub enum Caller {
    Sync(fn(End) -> Output),
    /// Its call starts at the first poll.
    Lazy(fn(End) -> LocalBoxFuture<'static, Output>),
    /// Its call starts before it returns a future.
    Eager(fn(End) -> LocalBoxFuture<'static, Output>),
    Stream(fn(End) -> LocalBoxStream<'static, Output>),
}

impl Caller {
    pub fn call(&self, end: End) {
        let around = current_id();
        match self {
            Self::Sync(call) => drop(call(end)),
            Self::Lazy(call) | Self::Eager(call) => {
                let mut future = call(end);
                assert_eq!(current_id(), around, "a future that was made is not current");
                drive(end, || poll_once(future.as_mut()).map(drop));
            }
            Self::Stream(call) => {
                let mut stream = call(end);
                assert_eq!(current_id(), around, "a stream that was made is not current");
                drive(end, || poll_next(stream.as_mut(), end));
            }
        }
    }
}

/// Polls to the end, or as often as `end` has it.
fn drive(end: End, mut poll: impl FnMut() -> Poll<()>) {
    let around = current_id();
    let polls = match end {
        End::Unpolled => 0,
        End::HalfWay => 1,
        _ => usize::MAX,
    };
    for _ in 0..polls {
        let polled = poll();
        assert_eq!(current_id(), around, "between polls nothing is current");
        if polled.is_ready() {
            return;
        }
    }
}

/// Most read to the end of a stream, and those who ask a question of each item stop at the first error.
fn poll_next(stream: Pin<&mut (impl Stream<Item = Output> + ?Sized)>, end: End) -> Poll<()> {
    match stream.poll_next(&mut Wakeup::from_waker(Waker::noop())) {
        Poll::Ready(None) => Poll::Ready(()),
        Poll::Ready(Some(Err(Broken))) if end == End::Question => Poll::Ready(()),
        Poll::Ready(Some(_)) | Poll::Pending => Poll::Pending,
    }
}

pub type Output = Result<u32, Broken>;

#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

/// The child of every call.
#[traced]
pub fn leaf() {}

/// How a body that may fail ends.
macro_rules! ending {
    ($end:expr) => {
        ending!($end, 1)
    };
    ($end:expr, $value:expr) => {
        match $end {
            End::Early => return Ok($value),
            End::Question => Err(Broken)?,
            End::Panic => panic!("on purpose"),
            End::Fail => Err(Broken),
            End::Return | End::HalfWay | End::Unpolled => Ok($value),
        }
    };
}
pub(crate) use ending;

/// How a body that cannot fail ends.
macro_rules! unfailing {
    ($end:expr, $value:expr) => {
        match $end {
            End::Early => return $value,
            End::Panic => panic!("on purpose"),
            _ => $value,
        }
    };
}
pub(crate) use unfailing;
