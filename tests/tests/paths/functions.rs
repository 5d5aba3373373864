//! Annotated functions of every kind.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use cryostorm::{Telemetry, counted, timed, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::paths::same_on_both;
use cryostorm_tests::trace::{give_way, poll_once};
use futures::executor::block_on;
use futures::{Stream, StreamExt as _};

#[traced(name = "plain")]
fn plain() {}

#[traced(name = "all types", attributes(text = "a", number = 1, share = 0.5, yes = true, id = id, shown = %id, debugged = ?id))]
fn all_types(id: &str) {}

#[traced(name = "client", kind = Client, tracer = "shop.orders", attributes(a = 1))]
fn client() {}

#[traced(name = "rooted", root)]
fn rooted() {
    plain();
}

#[traced(name = "linked", links = &links)]
fn linked(links: Vec<SpanContext>) {}

#[traced(name = "under another", context = context)]
fn under(context: &Context) {}

#[traced(name = "calls {n}")]
#[counted]
#[timed]
fn formatted(n: u8) {}

#[traced(name = "if", if = yes)]
fn conditional(yes: bool) {
    plain();
}

#[traced(name = "failing", ok(n = |n| *n), err(why = |error| error.clone()))]
fn failing(fails: bool) -> Result<u8, String> {
    if fails { Err("no".to_owned()) } else { Ok(1) }
}

#[traced(name = "failing later")]
async fn failing_later() -> Result<u8, std::num::ParseIntError> {
    give_way().await;
    "x".parse()
}

#[traced(name = "panicking")]
fn panicking() {
    panic!("on purpose");
}

#[traced(name = "panicking later")]
async fn panicking_later() {
    give_way().await;
    panic!("on purpose");
}

#[traced(name = "made", attributes(id = id))]
fn made(id: u8) -> impl Future<Output = ()> {
    async move {
        give_way().await;
        plain();
    }
}

#[traced(name = "streaming")]
fn streaming(fails: bool) -> impl Stream<Item = Result<u8, String>> {
    futures::stream::iter([Ok(1), if fails { Err("no".to_owned()) } else { Ok(2) }, Ok(3)])
}

#[traced(name = "writing")]
fn writing() {
    let span = cryostorm::current_span();
    span.set_attribute("late", "yes");
    span.add_event("here", &[("at", &1)]);
    span.set_status(Status::Ok);
    Context::current().span().update_name("written");
}

#[traced(name = "crowded", attributes(first = 1, second = second))]
fn crowded(second: u8) {
    for number in 0..130 {
        cryostorm::current_span().set_attribute(format!("number.{number}"), number);
    }
}

#[traced(name = "ended early")]
fn ended_early() {
    Context::current().span().end();
    cryostorm::current_span().set_attribute("late", true);
    plain();
}

#[test]
fn an_end_by_hand_is_no_end_of_what_ends_next() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(7);
    ended_early();
    let builder = SpanBuilder::from_name("then").with_start_time(then);
    guard.tracer().build(builder).end_with_timestamp(then + Duration::from_secs(2));
    guard.force_flush(Duration::from_secs(30)).unwrap();
    let spans = guard.in_memory().spans();
    let span = spans.iter().find(|span| span.name == "then").unwrap();
    assert_eq!((span.start_time, span.end_time), (then, then + Duration::from_secs(2)));
    guard.shutdown().unwrap();
}

/// Runs it under a span, where it leaves one of that name.
macro_rules! same {
    ($($test:ident: $name:literal, $work:expr;)*) => {$(
        #[test]
        fn $test() {
            let all = same_on_both(
                |builder| builder,
                |telemetry| {
                    telemetry.span("around").in_scope(|_| {
                        let _ = $work;
                    });
                },
            );
            assert!(all.contains_key($name), "{all:?}");
            assert!(all.contains_key("around"));
        }
    )*};
}

same! {
    a_call: "plain", plain();
    attributes: "all types", all_types("seven");
    a_kind_and_a_tracer: "client", client();
    a_root: "rooted", rooted();
    a_root_with_a_child: "plain", rooted();
    links: "linked", linked(vec![cryostorm::current_span().span_context(), SpanContext::NONE]);
    a_context: "under another", under(&other_context());
    a_name_of_arguments_with_metrics: "calls 3", formatted(3);
    a_condition: "plain", conditional(false);
    a_condition_that_holds: "if", conditional(true);
    an_error: "failing", failing(true);
    no_error: "failing", failing(false);
    an_error_later: "failing later", block_on(failing_later());
    a_panic: "panicking", catch_unwind(panicking);
    a_panic_later: "panicking later", catch_unwind(|| block_on(panicking_later()));
    cancelled: "made", {
        let mut future = Box::pin(made(1));
        assert!(poll_once(future.as_mut()).is_pending());
    };
    finished: "made", block_on(made(2));
    finished_on_another_thread: "made", {
        let mut future: std::pin::Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(made(2));
        assert!(poll_once(future.as_mut()).is_pending());
        std::thread::spawn(move || block_on(future)).join().unwrap();
    };
    a_stream: "streaming", block_on(streaming(false).count());
    a_stream_with_an_error: "streaming", block_on(streaming(true).count());
    a_stream_given_up: "streaming", block_on(async { Box::pin(streaming(false)).next().await });
    a_stream_given_up_after_an_error: "streaming", block_on(async {
        let mut stream = Box::pin(streaming(true));
        stream.next().await;
        stream.next().await;
    });
    written_in: "written", writing();
    limits: "crowded", crowded(2);
    ended_by_others: "ended early", ended_early();
    a_panic_inside_of_a_handmade_span: "handmade", catch_unwind(AssertUnwindSafe(|| {
        cryostorm::Telemetry::global().span("handmade").in_scope(|_| panic!("on purpose"))
    }));
}

fn other_context() -> Context {
    let parent = cryostorm::current_span().span_context();
    Context::new().with_remote_span_context(parent)
}

#[test]
fn what_the_functions_say_is_what_they_should() {
    let all = same_on_both(
        |builder| builder,
        |_| {
            client();
            crowded(2);
            failing(true).unwrap_err();
            writing();
        },
    );
    assert_eq!((all["client"].kind.clone(), all["client"].scope.name()), (SpanKind::Client, "shop.orders"));
    assert_eq!(
        (all["crowded"].attributes.len(), all["crowded"].dropped_attributes),
        (128, 3 + 2 + 130 - 128)
    );
    assert_eq!(all["failing"].status, Status::error("no"));
    assert_eq!((all["failing"].events.len(), all["failing"].events[0].name.as_str()), (1, "exception"));
    assert_eq!(all["written"].status, Status::Ok);
}
