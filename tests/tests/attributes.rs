//! What annotated functions leave behind: names, parents, statuses, attributes and counts, for every way to end a call.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context as Wakeup, Poll, Waker};
use std::time::Duration;

use cryostorm::export::PointValue;
use cryostorm::opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceId};
use cryostorm::opentelemetry::{Array, Context, Value};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{FutureExt as _, Telemetry, TelemetryGuard, counted, timed, traced};
use cryostorm_tests::installation::quiet;

/// The one installation of this process. The tests tell their telemetry apart by trace and by function.
fn telemetry() -> &'static TelemetryGuard {
    static INSTALLED: OnceLock<TelemetryGuard> = OnceLock::new();
    INSTALLED.get_or_init(|| Telemetry::from_settings(quiet()).expect("an installation"))
}

/// Runs `work` under a root span, and returns the spans that it left, without the root.
fn spans_of(work: impl FnOnce()) -> Trace {
    let root = telemetry().span("root").in_scope(|span| {
        work();
        span.span_context()
    });
    Trace::of(&root)
}

/// The spans of one trace.
struct Trace {
    root: SpanId,
    spans: Vec<SpanData>,
}

impl Trace {
    fn of(root: &SpanContext) -> Self {
        telemetry().force_flush(Duration::from_secs(30)).expect("a flush");
        let trace: TraceId = root.trace_id();
        let mut spans = telemetry().in_memory().spans();
        spans.retain(|span| {
            span.span_context.trace_id() == trace && span.span_context.span_id() != root.span_id()
        });
        Self { root: root.span_id(), spans }
    }

    fn named(&self, name: &str) -> &SpanData {
        let mut found = self.spans.iter().filter(|span| span.name.rsplit("::").next() == Some(name));
        let span = found.next().unwrap_or_else(|| panic!("no {name} among {:?}", self.spans));
        assert!(found.next().is_none(), "{name} twice");
        span
    }

    /// The only span there is.
    fn only(&self) -> &SpanData {
        assert_eq!(self.spans.len(), 1, "{:?}", self.spans);
        &self.spans[0]
    }
}

fn attribute(span: &SpanData, key: &str) -> Option<Value> {
    span.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.clone())
}

fn error_type(span: &SpanData) -> Option<String> {
    attribute(span, "error.type").map(|value| value.to_string())
}

/// The value of a metric for one function: the sum, or how many measurements.
fn total(name: &str, function: &str, error: Option<&str>) -> u64 {
    telemetry().force_flush(Duration::from_secs(30)).expect("a flush");
    let points = telemetry().in_memory().metrics();
    let has = |point: &cryostorm::export::MetricPoint, key: &str, value: Option<&str>| {
        let found = point.attributes.iter().find(|pair| pair.key.as_str() == key);
        found.map(|pair| pair.value.to_string()).as_deref() == value
    };
    let function = format!("attributes::{function}");
    points
        .iter()
        .filter(|point| point.name == name)
        .filter(|point| has(point, "code.function.name", Some(&function)) && has(point, "error.type", error))
        .map(|point| match &point.value {
            PointValue::Sum { value, .. } => value.to_string().parse().expect("a whole number"),
            PointValue::Histogram { count, .. } => *count,
            other => panic!("{other:?}"),
        })
        .sum()
}

/// Polls once, as an executor would.
fn poll_once<F: Future + ?Sized>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Wakeup::from_waker(Waker::noop()))
}

/// Gives way once.
async fn give_way() {
    let mut given = false;
    poll_fn(|wakeup| {
        if std::mem::replace(&mut given, true) {
            return Poll::Ready(());
        }
        wakeup.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn current_id() -> SpanId {
    Context::current().span().span_context().span_id()
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
    assert!(matches!(attribute(span, "code.line.number"), Some(Value::I64(line)) if line > 100));
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
    assert_eq!(trace.named("opaque_error").status, Status::error(""));
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

#[traced]
#[counted]
#[timed]
async fn never_done() {
    std::future::pending::<()>().await;
}

#[test]
fn a_future_dropped_half_way_is_cancelled_and_one_never_polled_is_nothing() {
    let trace = spans_of(|| {
        drop(never_done());
        let mut future = Box::pin(never_done());
        assert!(poll_once(future.as_mut()).is_pending());
    });
    let span = trace.only();
    assert_eq!(span.status, Status::Unset);
    assert_eq!(error_type(span).as_deref(), Some("cancelled"));
    assert_eq!(span.events.len(), 0);
    assert_eq!(total("function.calls", "never_done", Some("cancelled")), 1);
    assert_eq!(total("function.duration", "never_done", Some("cancelled")), 1);
    assert_eq!(total("function.calls", "never_done", None), 0);
}

#[traced]
async fn parent(children: usize) {
    let mine = current_id();
    let all = (0..children).map(|_| async {
        child().await;
        assert_eq!(current_id(), mine, "after an await");
    });
    futures::future::join_all(all).await;
}

#[traced]
async fn child() {
    let mine = current_id();
    give_way().await;
    assert_eq!(current_id(), mine, "after giving way");
    leaf();
}

#[traced]
fn leaf() {}

fn check_family(trace: &Trace, children: usize) {
    let parent = trace.named("parent").span_context.span_id();
    let of = |name: &'static str| trace.spans.iter().filter(move |span| span.name.ends_with(name));
    assert_eq!((of("::child").count(), of("::leaf").count()), (children, children));
    assert!(of("::child").all(|span| span.parent_span_id == parent));
    let mut parents: Vec<_> = of("::leaf").map(|span| span.parent_span_id.to_string()).collect();
    let mut ids: Vec<_> = of("::child").map(|span| span.span_context.span_id().to_string()).collect();
    parents.sort();
    ids.sort();
    assert_eq!(parents, ids, "each leaf under a child of its own");
}

#[test]
fn joined_futures_keep_their_parents_on_one_thread() {
    check_family(&spans_of(|| futures::executor::block_on(parent(100))), 100);
}

#[test]
fn spawned_tasks_keep_the_parent_that_they_are_given_on_several_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let trace = spans_of(|| {
        runtime.block_on(
            async {
                let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(child().with_current_context())).collect();
                for task in tasks {
                    task.await.unwrap();
                }
                tokio::spawn(async { assert_eq!(current_id(), SpanId::INVALID) }).await.unwrap();
            }
            .with_current_context(),
        );
    });
    let children = trace.spans.iter().filter(|span| span.name.ends_with("::child"));
    assert_eq!(children.filter(|span| span.parent_span_id == trace.root).count(), 20);
}

#[test]
fn the_loser_of_a_select_is_cancelled_under_its_own_parent() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let trace = spans_of(|| {
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = never_finished() => unreachable!(),
                () = child() => {}
            }
        });
    });
    assert_eq!(error_type(trace.named("never_finished")).as_deref(), Some("cancelled"));
    assert_eq!(trace.named("never_finished").parent_span_id, trace.root);
    assert_eq!(trace.named("child").parent_span_id, trace.root);
}

#[traced]
async fn never_finished() {
    std::future::pending::<()>().await;
}

#[test]
fn a_span_is_current_at_every_poll_and_only_then() {
    spans_of(|| {
        let around = current_id();
        let mut first = pin!(child());
        let mut second = pin!(parent(3));
        assert!(poll_once(first.as_mut()).is_pending());
        assert_eq!(current_id(), around);
        assert!(poll_once(second.as_mut()).is_pending());
        assert_eq!(current_id(), around);
        assert!(poll_once(first.as_mut()).is_ready());
        assert!(poll_once(second.as_mut()).is_ready());
        assert_eq!(current_id(), around);
    });
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

#[traced(attributes(text = text))]
#[counted]
fn returned(text: &str) -> impl Future<Output = Result<usize, Outer>> + use<> {
    let text = text.to_owned();
    leaf();
    async move {
        give_way().await;
        leaf();
        text.parse().map_err(Outer)
    }
}

#[traced]
fn returned_in_a_box(done: bool) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        leaf();
        if !done {
            std::future::pending::<()>().await;
        }
    })
}

#[async_trait::async_trait]
trait Storage {
    async fn load(&self, key: &str) -> Result<usize, Outer>;
}

struct Memory;

#[async_trait::async_trait]
impl Storage for Memory {
    #[traced(attributes(key = key))]
    #[timed]
    async fn load(&self, key: &str) -> Result<usize, Outer> {
        give_way().await;
        key.parse().map_err(Outer)
    }
}

#[test]
fn a_function_that_returns_a_future_is_done_when_that_is() {
    let trace = spans_of(|| {
        assert_eq!(futures::executor::block_on(returned("12")).unwrap(), 12);
    });
    let span = trace.named("returned");
    assert_eq!((span.parent_span_id, attribute(span, "text")), (trace.root, Some("12".into())));
    let leaves: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("::leaf")).collect();
    assert_eq!(leaves.len(), 2, "where the future is made, and where it runs");
    assert!(leaves.iter().all(|leaf| leaf.parent_span_id == span.span_context.span_id()));
    assert!(leaves.iter().all(|leaf| leaf.end_time <= span.end_time));

    let trace = spans_of(|| {
        futures::executor::block_on(returned("x")).unwrap_err();
        futures::executor::block_on(returned_in_a_box(true));
        let mut dropped = returned_in_a_box(false);
        assert!(poll_once(dropped.as_mut()).is_pending());
    });
    assert_eq!(trace.named("returned").status, Status::error("not a quantity"));
    assert_eq!(total("function.calls", "returned", Some("attributes::Outer")), 1);
    let boxed: Vec<_> =
        trace.spans.iter().filter(|span| span.name.ends_with("in_a_box")).map(error_type).collect();
    assert_eq!(boxed, [None, Some("cancelled".to_owned())]);
}

#[test]
fn async_trait_is_seen_through() {
    let trace = spans_of(|| {
        assert_eq!(futures::executor::block_on(Memory.load("7")).unwrap(), 7);
        futures::executor::block_on(Memory.load("x")).unwrap_err();
    });
    let statuses: Vec<_> = trace.spans.iter().map(|span| span.status.clone()).collect();
    assert_eq!(statuses, [Status::Unset, Status::error("not a quantity")]);
    assert_eq!(attribute(&trace.spans[0], "key"), Some("7".into()));
    assert_eq!(total("function.duration", "load", None), 1);
}
