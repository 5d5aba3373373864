//! Errors inside an `Option` or a `Poll`, and outputs that look like failures and are none.

use std::ops::ControlFlow;
use std::task::Poll;

use cryostorm::opentelemetry::trace::Status;
use cryostorm::{counted, traced};
use cryostorm_tests::trace::{error_type, give_way, spans_of, total};
use futures::executor::block_on;

type Outcome<T> = Option<Result<T, String>>;

fn failed<T>() -> Result<T, String> {
    Err("failed".to_owned())
}

macro_rules! returning {
    ($($name:ident $ty:ty)*) => {$(
        #[traced(ok(seen = |_| true), err(seen = |_| false))]
        #[counted]
        fn $name(output: $ty) -> $ty {
            output
        }
    )*};
}
returning! {
    optional Option<Result<u8, String>>
    aliased Outcome<u8>
    polled Poll<Result<u8, String>>
    polled_optional Poll<Option<Result<u8, String>>>
    polled_aliased Poll<Outcome<u8>>
}

#[traced]
#[counted]
async fn optional_later(output: Outcome<u8>) -> Outcome<u8> {
    give_way().await;
    output
}

#[test]
fn an_error_inside_is_the_outcome() {
    let trace = spans_of(|| {
        drop((optional(Some(failed())), aliased(Some(failed())), block_on(optional_later(Some(failed())))));
        drop((polled(Poll::Ready(failed())), polled_optional(Poll::Ready(Some(failed())))));
        drop(polled_aliased(Poll::Ready(Some(failed()))));
    });
    assert_eq!(trace.spans.len(), 6);
    for span in &trace.spans {
        assert_eq!(span.status, Status::error("failed"), "{}", span.name);
        assert_eq!(error_type(span).as_deref(), Some("alloc::string::String"));
        let name = span.name.rsplit("::").next().unwrap();
        assert_eq!(total("function.calls", name, Some("alloc::string::String")), 1);
    }
}

#[test]
fn anything_else_is_a_good_call() {
    let trace = spans_of(|| {
        drop((optional(Some(Ok(1))), optional(None), aliased(None), block_on(optional_later(None))));
        drop((polled(Poll::Ready(Ok(1))), polled(Poll::Pending)));
        drop((polled_optional(Poll::Ready(None)), polled_optional(Poll::Pending)));
        drop((polled_aliased(Poll::Ready(Some(Ok(1)))), polled_aliased(Poll::Pending)));
    });
    assert_eq!(trace.spans.len(), 10);
    assert!(trace.spans.iter().all(|span| span.status == Status::Unset && error_type(span).is_none()));
    let seen = |name: &str| {
        let spans = trace.spans.iter().filter(|span| span.name.ends_with(name));
        spans.filter(|span| span.attributes.iter().any(|pair| pair.key.as_str() == "seen")).count()
    };
    assert_eq!((seen("::optional"), seen("::polled"), seen("::polled_aliased")), (1, 1, 1));
}

macro_rules! unfailing {
    ($($name:ident $ty:ty = $value:expr;)*) => {
        $(#[traced]
        fn $name() -> $ty {
            $value
        })*

        #[test]
        fn an_output_that_only_looks_like_a_failure_is_none() {
            let trace = spans_of(|| { $(let _ = $name();)* });
            assert_eq!(trace.spans.iter().filter_map(error_type).next(), None);
            assert!(trace.spans.iter().all(|span| span.status == Status::Unset));
        }
    };
}
unfailing! {
    none Option<u8> = None;
    broken ControlFlow<String, u8> = ControlFlow::Break("done".to_owned());
    listed Vec<Result<u8, String>> = vec![failed()];
    paired (Result<u8, String>, u8) = (failed(), 1);
    of_another_name Result2<u8, String> = Result2::Err("no".to_owned());
    inside Result<Result<u8, String>, String> = Ok(failed());
}

#[allow(dead_code)]
enum Result2<T, E> {
    Ok(T),
    Err(E),
}
