//! Functions that are done when they return.

use std::fmt::Display;
use std::pin::Pin;
use std::task::Poll;

use cryostorm::{counted, timed, traced};

use crate::ending::{Broken, Caller, End, Output, Shape, ending, leaf, unfailing};

pub fn shapes() -> Vec<Shape> {
    let failing = |path, call| Shape { path, ends: End::OF_SYNC, caller: Caller::Sync(call) };
    let unfailing = |path, call| Shape { path, ends: End::OF_UNFAILING, caller: Caller::Sync(call) };
    let only = |ends, path, call| Shape { path, ends, caller: Caller::Sync(call) };
    vec![
        failing("synchronous::free", free),
        failing("synchronous::aliased", aliased),
        failing("synchronous::generic", |end| generic(3_u8, end).map(u32::from)),
        failing("synchronous::method", |end| Thing(0).method(end).copied()),
        failing("synchronous::consuming", |end| Box::new(Thing(0)).consuming(end)),
        failing("synchronous::polled", |end| match Pin::new(&mut Thing(0)).polled(end) {
            Poll::Ready(Some(output)) => output,
            Poll::Ready(None) | Poll::Pending => Ok(0),
        }),
        failing("synchronous::associated", Thing::associated),
        failing("synchronous::patterns", |end| patterns((end, 1), [2, 3], 4)),
        failing("synchronous::provided", |end| Thing(0).provided(end)),
        failing("synchronous::Thing::in_block", |end| Thing(0).in_block(end)),
        failing("synchronous::opaque_inside", |end| opaque_inside(end).map(|_| 0)),
        failing("synchronous::in_macro", in_macro),
        failing("synchronous::in_raw", r#in_raw),
        failing("synchronous::dangerous", |end| unsafe { dangerous(end) }),
        unfailing("synchronous::unit", |end| {
            unit(end);
            Ok(0)
        }),
        unfailing("synchronous::number", |end| Ok(number(end))),
        unfailing("synchronous::borrowed", |end| Ok(borrowed(&[1], end)[0])),
        unfailing("synchronous::optional", |end| Ok(optional(end).unwrap_or(0))),
        unfailing("synchronous::opaque", |end| Ok(opaque(end).to_string().len() as u32)),
        unfailing("synchronous::closure", |end| Ok(closure(end)(1))),
        unfailing("synchronous::tracked", |end| {
            Ok(tracked(end) - line!()).inspect(|off| assert_eq!(*off, 0))
        }),
        unfailing("synchronous::nested_function", |end| Ok(nested_function(end))),
        // Whose unwinding would abort.
        only(&[End::Return, End::Early], "synchronous::foreign", |end| Ok(foreign(end))),
        unfailing("synchronous::foreign_unwinding", |end| Ok(foreign_unwinding(end))),
        only(&[End::Panic], "synchronous::diverging", |end| diverging(end)),
    ]
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn free(end: End) -> Output {
    leaf();
    ending!(end)
}

type Aliased<T> = std::result::Result<T, Broken>;

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn aliased(end: End) -> Aliased<u32> {
    leaf();
    ending!(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn generic<T>(value: T, end: End) -> Result<T, Broken>
where
    T: Copy,
{
    leaf();
    ending!(end, value)
}

struct Thing(u32);

impl Thing {
    #[traced(attributes(end = ?end, thing = self.0))]
    #[counted]
    #[timed]
    fn method(&mut self, end: End) -> Result<&mut u32, Broken> {
        leaf();
        ending!(end, &mut self.0)
    }

    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    #[allow(clippy::boxed_local)]
    fn consuming(self: Box<Self>, end: End) -> Output {
        leaf();
        ending!(end)
    }

    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    fn polled(self: Pin<&mut Self>, end: End) -> Poll<Option<Output>> {
        leaf();
        let output = || ending!(end);
        Poll::Ready(Some(output()))
    }

    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    fn associated(end: End) -> Output {
        leaf();
        ending!(end)
    }
}

#[traced(attributes(end = ?end, second = second))]
#[counted]
#[timed]
fn patterns((end, _): (End, u32), [_, second]: [u32; 2], mut more: u32) -> Output {
    leaf();
    more += second;
    ending!(end, more)
}

trait Provide {
    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    fn provided(&self, end: End) -> Output {
        leaf();
        ending!(end)
    }
}

impl Provide for Thing {}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
impl Thing {
    fn in_block(self, end: End) -> Output {
        leaf();
        ending!(end)
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn opaque_inside(end: End) -> Result<impl Display + use<>, Broken> {
    leaf();
    ending!(end)
}

macro_rules! made {
    ($name:ident, $argument:ident: $ty:ty, $output:ty, $body:expr) => {
        #[traced(attributes(end = ?$argument))]
        #[counted]
        #[timed]
        fn $name($argument: $ty) -> $output {
            $body
        }
    };
}
made!(in_macro, end: End, Output, {
    leaf();
    ending!(end)
});
made!(r#in_raw, end: End, Output, {
    leaf();
    ending!(end)
});

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
unsafe fn dangerous(end: End) -> Output {
    leaf();
    ending!(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn unit(end: End) {
    leaf();
    unfailing!(end, Default::default())
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn number(end: End) -> u32 {
    leaf();
    unfailing!(end, 3)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn borrowed(numbers: &[u32], end: End) -> &[u32] {
    leaf();
    unfailing!(end, numbers)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn optional(end: End) -> Option<u32> {
    leaf();
    unfailing!(end, None)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn opaque(end: End) -> impl Display {
    leaf();
    unfailing!(end, "3")
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn closure(end: End) -> impl Fn(u32) -> u32 {
    let more = 1;
    leaf();
    match end {
        End::Panic => panic!("on purpose"),
        _ => move |number| number + more,
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
#[track_caller]
fn tracked(end: End) -> u32 {
    leaf();
    unfailing!(end, std::panic::Location::caller().line())
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn nested_function(end: End) -> u32 {
    fn inner(end: End) -> u32 {
        leaf();
        unfailing!(end, 1)
    }
    inner(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
extern "C" fn foreign(end: End) -> u32 {
    leaf();
    unfailing!(end, 1)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
extern "C-unwind" fn foreign_unwinding(end: End) -> u32 {
    leaf();
    unfailing!(end, 1)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn diverging(end: End) -> ! {
    leaf();
    panic!("on purpose: {end:?}")
}
