//! The size of futures and what they may be used for.

use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::size_of_val;
use std::panic::UnwindSafe;
use std::rc::Rc;

use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::give_way;

/// What the future of an annotated function may have more than that of the plain one: its call, what judges its output,
/// and where it stands.
const WORDS: usize = 3;

/// Each body as a plain function and as annotated ones.
macro_rules! bodies {
    ($($module:ident($($argument:ident: $ty:ty = $value:expr),*) -> $output:ty $(, and $more:literal)? $body:block)*) => {
        $(mod $module {
            use super::*;

            pub async fn plain($($argument: $ty),*) -> $output $body

            #[traced]
            pub async fn traced_alone($($argument: $ty),*) -> $output $body

            #[traced(attributes(one = 1, two = "two"))]
            #[counted(attributes(one = true))]
            #[timed(in_flight, attributes(one = true))]
            pub async fn annotated($($argument: $ty),*) -> $output $body

            #[traced(ok(done = |_| true))]
            #[counted]
            pub async fn observed($($argument: $ty),*) -> $output $body
        })*

        #[test]
        fn an_annotated_future_is_a_few_words_larger() {
            $({
                let plain = size_of_val(&$module::plain($($value),*));
                let most = plain + WORDS * size_of::<usize>() $(+ $more)?;
                assert!(size_of_val(&$module::traced_alone($($value),*)) <= most, stringify!($module));
                assert!(size_of_val(&$module::annotated($($value),*)) <= most, stringify!($module));
                assert!(size_of_val(&$module::observed($($value),*)) <= most, stringify!($module));
            })*
        }
    };
}
bodies! {
    nothing() -> () {
        give_way().await;
    }
    number(number: u64 = 1) -> u64 {
        give_way().await;
        number
    }
    text(text: String = String::new()) -> Result<String, String> {
        give_way().await;
        Ok(text)
    }
    kilobyte(bytes: [u8; 1024] = [0; 1024]) -> Result<u8, String> {
        give_way().await;
        Ok(bytes[0])
    }
    unused(_bytes: [u8; 1024] = [0; 1024]) -> Result<(), String> {
        give_way().await;
        Ok(())
    }
    large_local() -> Result<u8, String> {
        let bytes = [0; 4096];
        give_way().await;
        Ok(bytes[1])
    }
    large_output(bytes: [u8; 256] = [0; 256]) -> Result<[u8; 256], String> {
        give_way().await;
        Ok(bytes)
    }
    borrowed(bytes: &[u8; 1024] = &[0; 1024], n: usize = 1) -> u8 {
        give_way().await;
        bytes[n]
    }
    // What the body moves elsewhere stands in the future of the body too, as it does in that of the function.
    moved(bytes: [u8; 1024] = [0; 1024]) -> u8, and 1024 {
        let inner = bytes;
        give_way().await;
        inner[1]
    }
}

/// Whether a type has a trait: the method of the trait's own is taken where its bound holds.
struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

trait HasNot {
    fn is_send(&self) -> bool {
        false
    }

    fn is_unwind_safe(&self) -> bool {
        false
    }
}

impl<T> HasNot for Probe<T> {}

impl<T: Send> Probe<T> {
    fn is_send(&self) -> bool {
        true
    }
}

impl<T: UnwindSafe> Probe<T> {
    fn is_unwind_safe(&self) -> bool {
        true
    }
}

macro_rules! freedoms {
    ($($module:ident($argument:ident: $ty:ty = $value:expr): $expected:expr;)*) => {
        $(mod $module {
            use super::*;

            pub async fn plain($argument: $ty) -> Result<(), String> {
                std::future::ready(()).await;
                consume($argument)
            }

            #[traced]
            #[counted]
            #[timed]
            pub async fn annotated($argument: $ty) -> Result<(), String> {
                std::future::ready(()).await;
                consume($argument)
            }

            #[traced(ok(done = |()| true), error_type = "failed")]
            pub async fn observed($argument: $ty) -> Result<(), String> {
                std::future::ready(()).await;
                consume($argument)
            }

            #[traced]
            pub fn block($argument: $ty) -> impl Future<Output = Result<(), String>> {
                async move {
                    std::future::ready(()).await;
                    consume($argument)
                }
            }
        })*

        #[test]
        fn an_annotated_future_is_as_free_to_move_as_the_plain_one() {
            $({
                let (annotated, observed) = ($module::annotated($value), $module::observed($value));
                let (plain, block) = ($module::plain($value), $module::block($value));
                let of = [
                    (Probe::of(&plain).is_send(), Probe::of(&plain).is_unwind_safe()),
                    (Probe::of(&annotated).is_send(), Probe::of(&annotated).is_unwind_safe()),
                    (Probe::of(&observed).is_send(), Probe::of(&observed).is_unwind_safe()),
                    (Probe::of(&block).is_send(), Probe::of(&block).is_unwind_safe()),
                ];
                assert_eq!(of, [$expected; 4], stringify!($module));
            })*
        }
    };
}
freedoms! {
    owned(text: String = String::new()): (true, true);
    shared(count: Rc<u8> = Rc::new(1)): (false, true);
    cell(count: Option<&'static Cell<u8>> = None): (false, false);
    exclusive(count: Option<&'static mut u8> = None): (true, false);
}

fn consume<T>(_: T) -> Result<(), String> {
    Ok(())
}
