//! What a counter is called, which calls it counts, and by how much it rises.

use std::fmt;
use std::panic::catch_unwind;

use cryostorm::export::{MetricPoint, PointValue};
use cryostorm::{ClassifyError, counted, traced};
use cryostorm_tests::trace::{give_way, label, points, poll_once, spans_of, total};
use futures::executor::block_on;

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Ok,
    Error,
    Expected,
    Panic,
    Cancelled,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for End {}

impl ClassifyError for End {
    fn error_type(&self) -> &'static str {
        "failed"
    }

    fn is_expected(&self) -> bool {
        *self == Self::Expected
    }
}

macro_rules! counting {
    ($($name:ident $later:ident ($($option:tt)*))*) => {$(
        #[counted($($option)*)]
        fn $name(end: End) -> Result<(), End> {
            match end {
                End::Ok => Ok(()),
                End::Panic => panic!("on purpose"),
                end => Err(end),
            }
        }

        #[counted($($option)*)]
        async fn $later(end: End) -> Result<(), End> {
            give_way().await;
            match end {
                End::Ok => Ok(()),
                End::Panic => panic!("on purpose"),
                end => Err(end),
            }
        }
    )*};
}
counting! {
    by_default by_default_later ()
    on_call on_call_later (on = call)
    on_ok on_ok_later (on = ok)
    on_err on_err_later (on = err)
}

/// Ends a call in each way.
fn end_each(call: fn(End) -> Result<(), End>, later: impl AsyncFn(End) -> Result<(), End>) {
    for end in [End::Ok, End::Error, End::Expected] {
        assert_eq!(
            (call(end), block_on(later(end))),
            if end == End::Ok { (Ok(()), Ok(())) } else { (Err(end), Err(end)) }
        );
    }
    catch_unwind(|| call(End::Panic)).unwrap_err();
    let panicking = std::panic::AssertUnwindSafe(later(End::Panic));
    catch_unwind(|| block_on({ panicking }.0)).unwrap_err();
    let mut cancelled = Box::pin(later(End::Cancelled));
    assert!(poll_once(cancelled.as_mut()).is_pending());
}

#[test]
fn on_tells_which_calls_are_counted() {
    spans_of(|| {
        end_each(by_default, by_default_later);
        end_each(on_call, on_call_later);
        end_each(on_ok, on_ok_later);
        end_each(on_err, on_err_later);
    });
    let counted = |name: &str| {
        [None, Some("failed"), Some("panic"), Some("cancelled")]
            .map(|error| total("function.calls", name, error))
    };
    assert_eq!(counted("by_default"), [2, 1, 1, 0]);
    assert_eq!(counted("by_default_later"), [2, 1, 1, 1]);
    assert_eq!(counted("on_call"), [2, 1, 1, 0]);
    assert_eq!(counted("on_call_later"), [2, 1, 1, 1]);
    assert_eq!(counted("on_ok"), [2, 0, 0, 0]);
    assert_eq!(counted("on_ok_later"), [2, 0, 0, 0]);
    assert_eq!(counted("on_err"), [0, 1, 1, 0]);
    assert_eq!(counted("on_err_later"), [0, 1, 1, 0]);
}

#[counted(by = items.len())]
fn by_length(items: Vec<u8>) -> Vec<u8> {
    items
}

#[counted(by = amount)]
fn by_byte(amount: u8) -> u8 {
    amount
}

#[counted(by = amount)]
fn by_signed(amount: i64) {}

#[counted(by = amount, on = ok)]
async fn by_wide(amount: u128) -> Result<(), u8> {
    give_way().await;
    if amount > 100 { Err(1) } else { Ok(()) }
}

#[counted(by = items.len())]
fn by_length_before(items: &mut Vec<u8>) {
    items.clear();
}

#[counted(by = 3)]
fn by_literal() {}

#[test]
fn by_is_what_it_rises_by() {
    spans_of(|| {
        by_length(by_length(vec![1, 2]));
        assert_eq!(by_byte(200), 200);
        by_byte(100);
        by_signed(5);
        by_signed(-4);
        block_on(by_wide(6)).unwrap();
        block_on(by_wide(101)).unwrap_err();
        by_length_before(&mut vec![1, 2, 3]);
        by_literal();
    });
    let counted = |name: &str| total("function.calls", name, None);
    assert_eq!((counted("by_length"), counted("by_byte"), counted("by_signed")), (4, 300, 5));
    assert_eq!((counted("by_wide"), counted("by_length_before"), counted("by_literal")), (6, 3, 3));
    assert_eq!(total("function.calls", "by_wide", Some("u8")), 0);
}

const NAME: &str = "orders.constant";

enum Channel {
    Web,
    Phone,
}

impl cryostorm::MetricAttribute for Channel {
    fn to_value(&self) -> cryostorm::opentelemetry::Value {
        match self {
            Self::Web => "web".into(),
            Self::Phone => "phone".into(),
        }
    }
}

/// Orders that
/// came in.
///
/// And more about them.
#[counted(name = "orders.taken", unit = "{order}", attributes(channel = *channel, first = true, "shop-id" = 3))]
#[traced]
fn documented(channel: &Channel) {}

/// The function's own words.
#[counted(name = NAME, description = "Given words.")]
fn described() {}

#[counted(name = "orders.undocumented")]
fn undocumented() {}

/// Words that are not those of all functions.
#[counted]
fn shared() {}

fn only(name: &str, function: &str) -> MetricPoint {
    let points = points(name, function);
    assert_eq!(points.len(), 1, "{points:?}");
    points[0].clone()
}

#[test]
fn a_counter_has_a_name_a_unit_a_description_and_attributes() {
    spans_of(|| {
        documented(&Channel::Web);
        documented(&Channel::Web);
        described();
        undocumented();
        shared();
    });
    let point = only("orders.taken", "documented");
    assert_eq!((point.unit.as_str(), point.description.as_str()), ("{order}", "Orders that came in."));
    assert_eq!(point.value, PointValue::Sum { value: 2_u64.into(), monotonic: true });
    assert_eq!(label(&point, "channel").as_deref(), Some("web"));
    assert_eq!(label(&point, "first").as_deref(), Some("true"));
    assert_eq!(label(&point, "shop-id").as_deref(), Some("3"));
    assert_eq!(label(&point, "code.function.name").as_deref(), Some("options::counters::documented"));
    assert_eq!(point.attributes.len(), 4, "{point:?}");
    assert_eq!(only(NAME, "described").description, "Given words.");
    for (name, function) in [("orders.undocumented", "undocumented"), ("function.calls", "shared")] {
        let point = only(name, function);
        assert_eq!(
            (point.unit.as_str(), point.description.as_str()),
            ("{call}", "Calls of annotated functions.")
        );
        assert_eq!(point.attributes.len(), 1);
    }

    spans_of(|| documented(&Channel::Phone));
    assert_eq!(points("orders.taken", "documented").len(), 2, "one for each value");
}

/// What the first of them says.
#[counted(name = "counters.shared", unit = "{first}")]
fn first_of_a_name() {}

/// What the second one says.
#[counted(name = "counters.shared", unit = "{second}")]
fn second_of_a_name() {}

#[test]
fn functions_that_share_a_name_share_the_counter() {
    spans_of(|| {
        first_of_a_name();
        second_of_a_name();
    });
    let all = ["first_of_a_name", "second_of_a_name"].map(|function| points("counters.shared", function));
    for points in &all {
        let [point] = points.as_slice() else { panic!("{points:?}") };
        assert_eq!(
            (point.unit.as_str(), point.description.as_str()),
            ("{first}", "Calls of annotated functions."),
            "what one of them says of itself does not describe what both count"
        );
    }
}
