//! What annotated functions leave behind: names, parents, statuses, attributes and counts, for every way to end a call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use cryostorm::opentelemetry::trace::{SpanKind, Status};
use cryostorm::opentelemetry::{Array, Value};
use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{
    attribute, current_id, error_type, give_way, poll_once, spans_of, telemetry, total,
};

#[traced]
fn leaf() {}

#[traced]
async fn child() {
    give_way().await;
    leaf();
}

#[derive(Debug)]
struct Outer(std::num::ParseIntError);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a quantity")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

type Aliased<T> = Result<T, Outer>;

#[traced(kind = Client, attributes(user.id = id, total = %total, input = ?input, absent = None::<u8>, "odd-key" = [1, 2]))]
#[counted(attributes(channel = "web", retry = id > 1, shard = 3))]
#[timed]
fn everything(id: u64, total: f32, input: &str) -> Aliased<u32> {
    cryostorm::current_span().set_attribute("late", true);
    input.parse().map_err(Outer)
}

#[test]
fn a_call_leaves_its_name_place_kind_and_attributes() {
    let trace = spans_of(|| assert_eq!(everything(7, 1.5, "12").unwrap(), 12));
    let span = trace.only();
    assert_eq!(span.name, "attributes::everything");
    assert_eq!(span.parent_span_id, trace.root);
    assert_eq!(span.span_kind, SpanKind::Client);
    assert_eq!(span.status, Status::Unset);
    assert!(span.start_time <= span.end_time);
    assert_eq!(attribute(span, "code.function.name"), Some("attributes::everything".into()));
    assert!(attribute(span, "code.file.path").unwrap().as_str().ends_with("attributes.rs"));
    assert!(matches!(attribute(span, "code.line.number"), Some(Value::I64(line)) if line > 10));
    assert_eq!(attribute(span, "user.id"), Some(Value::I64(7)));
    assert_eq!(attribute(span, "total"), Some("1.5".into()));
    assert_eq!(attribute(span, "input"), Some("\"12\"".into()));
    assert_eq!(attribute(span, "absent"), None);
    assert_eq!(attribute(span, "odd-key"), Some(Value::Array(Array::I64(vec![1, 2]))));
    assert_eq!(attribute(span, "late"), Some(true.into()));
    assert_eq!(span.attributes.len(), 8, "and nothing else: {:?}", span.attributes);
}

#[test]
fn an_error_is_on_the_span_and_on_both_metrics() {
    let trace = spans_of(|| assert!(everything(7, 1.5, "x").is_err()));
    let span = trace.only();
    assert_eq!(span.status, Status::error("not a quantity"));
    assert_eq!(error_type(span).as_deref(), Some("attributes::Outer"));
    let event = span.events.iter().next().expect("an event");
    assert_eq!(event.name, "exception");
    let of = |key: &str| {
        event.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.to_string())
    };
    assert_eq!(of("exception.type").as_deref(), Some("attributes::Outer"));
    assert_eq!(of("exception.message").as_deref(), Some("not a quantity"));
    assert!(of("exception.stacktrace").is_some_and(|causes| causes.contains("invalid digit")));
    assert!(total("function.calls", "everything", Some("attributes::Outer")) >= 1);
    assert_eq!(
        total("function.calls", "everything", Some("attributes::Outer")),
        total("function.duration", "everything", Some("attributes::Outer"))
    );
}

struct Opaque;

#[traced]
fn display_error() -> Result<(), String> {
    Err("by display".to_owned())
}

#[derive(Debug)]
struct OnlyDebug;

#[traced]
fn debug_error() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[traced]
fn opaque_error() -> Result<(), Opaque> {
    Err(Opaque)
}

#[traced]
fn boxed_error() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Err("by box".into())
}

#[test]
fn every_error_type_is_recorded_as_well_as_it_can_be() {
    let trace = spans_of(|| {
        let _ = (display_error(), debug_error(), opaque_error(), boxed_error());
    });
    assert_eq!(trace.named("display_error").status, Status::error("by display"));
    assert_eq!(trace.named("debug_error").status, Status::error("OnlyDebug"));
    assert_eq!(trace.named("opaque_error").status, Status::error("attributes::Opaque"));
    assert_eq!(error_type(trace.named("opaque_error")).as_deref(), Some("attributes::Opaque"));
    assert_eq!(trace.named("boxed_error").status, Status::error("by box"));
}

#[traced]
#[counted]
#[timed]
fn panics() -> u32 {
    panic!("on purpose");
}

#[traced]
#[counted]
async fn panics_later() {
    give_way().await;
    panic!("on purpose");
}

#[test]
fn a_panic_is_an_error_and_counted_once() {
    let trace = spans_of(|| {
        let around = current_id();
        catch_unwind(panics).unwrap_err();
        // The future outlives the unwinding, as it does in an executor that catches panics.
        let mut future = pin!(panics_later());
        assert!(poll_once(future.as_mut()).is_pending());
        catch_unwind(AssertUnwindSafe(|| poll_once(future.as_mut()))).unwrap_err();
        assert_eq!(current_id(), around, "unwinding leaves no span current");
    });
    for name in ["panics", "panics_later"] {
        assert_eq!(trace.named(name).status, Status::error("panicked"));
        assert_eq!(error_type(trace.named(name)).as_deref(), Some("panic"));
        assert_eq!(trace.named(name).parent_span_id, trace.root);
        assert_eq!(total("function.calls", name, Some("panic")), 1);
    }
    assert_eq!(total("function.duration", "panics", Some("panic")), 1);
}

struct Account {
    balance: i64,
}

impl Account {
    #[traced(name = "account.open", attributes(opening = opening))]
    fn open(opening: i64) -> Self {
        Self { balance: opening }
    }

    #[traced(attributes(balance = self.balance))]
    #[counted]
    fn deposit(&mut self, amount: i64) -> &mut i64 {
        self.balance += amount;
        &mut self.balance
    }

    #[traced]
    async fn close(self, reason: impl AsRef<str> + Send) -> usize {
        give_way().await;
        reason.as_ref().len()
    }

    #[traced]
    fn early(&self) -> Option<i64> {
        if self.balance > 0 {
            return Some(self.balance);
        }
        None
    }
}

#[test]
fn methods_are_traced_like_functions() {
    let trace = spans_of(|| {
        let mut account = Account::open(5);
        *account.deposit(3) += 1;
        assert_eq!(account.early(), Some(9));
        assert_eq!(futures::executor::block_on(account.close("done")), 4);
    });
    assert_eq!(attribute(trace.named("account.open"), "opening"), Some(Value::I64(5)));
    assert_eq!(attribute(trace.named("deposit"), "balance"), Some(Value::I64(5)));
    assert_eq!(trace.named("early").status, Status::Unset);
    assert_eq!(trace.named("close").parent_span_id, trace.root);
    assert_eq!(total("function.calls", "deposit", None), 1);
}

#[counted(name = "custom.calls")]
#[timed(name = "custom.duration")]
async fn measured(fail: bool) -> Result<(), String> {
    if fail { Err("failed".to_owned()) } else { Ok(()) }
}

#[test]
fn metrics_do_without_spans() {
    let trace = spans_of(|| {
        futures::executor::block_on(async {
            measured(false).await.unwrap();
            measured(true).await.unwrap_err();
            measured(true).await.unwrap_err();
        });
    });
    assert!(trace.spans.is_empty());
    for name in ["custom.calls", "custom.duration"] {
        assert_eq!(total(name, "measured", None), 1);
        assert_eq!(total(name, "measured", Some("alloc::string::String")), 2);
    }
}

#[test]
fn spans_by_hand_nest_with_annotated_functions() {
    let trace = spans_of(|| {
        telemetry().span("by hand").kind(SpanKind::Consumer).attribute("n", 1_u8).in_scope(|span| {
            span.add_event("began", &[]);
            leaf();
        });
        futures::executor::block_on(telemetry().span("by hand, async").instrument(child()));
        let panicked = telemetry().span("by hand, panicking");
        catch_unwind(AssertUnwindSafe(|| panicked.in_scope(|_| panic!("on purpose")))).unwrap_err();
        let failing = telemetry().span("by hand, failing").start();
        failing.record_error(&Outer("x".parse::<u8>().unwrap_err()));
        drop(failing);
    });
    let by_hand = trace.named("by hand");
    assert_eq!((by_hand.span_kind.clone(), by_hand.events.len()), (SpanKind::Consumer, 1));
    assert!(trace.spans.iter().any(|span| {
        span.name.ends_with("::leaf") && span.parent_span_id == by_hand.span_context.span_id()
    }));
    assert_eq!(trace.named("child").parent_span_id, trace.named("by hand, async").span_context.span_id());
    assert_eq!(error_type(trace.named("by hand, panicking")).as_deref(), Some("panic"));
    assert_eq!(trace.named("by hand, failing").status, Status::error("not a quantity"));
}
