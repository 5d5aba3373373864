//! Spans as they start, and trees when their root ends.

use std::sync::mpsc;
use std::thread;

use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use cryostorm::settings::ConsoleFormat::Tree;
use cryostorm::settings::{ExporterType, SamplingStrategy};
use cryostorm::{Level, Telemetry, TelemetryGuard, traced};

use crate::screen::{Screen, later, lines, said, shown, shown_with};

fn remote() -> Context {
    let (trace, span) = (TraceId::from(0xabc_def), SpanId::from(7));
    let ids = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::default());
    Context::new().with_remote_span_context(ids)
}

fn request(telemetry: &TelemetryGuard) {
    let root =
        telemetry.span("GET /orders").kind(SpanKind::Server).attribute("id", 7).context(remote()).start();
    later();
    telemetry.span("load").kind(SpanKind::Client).in_scope(|load| {
        load.add_event("cache missed", &[("key", &"a b"), ("size", &3)]);
        later();
        telemetry.span("connect").in_scope(|_| ());
    });
    later();
    // What the span above it says is not said again.
    telemetry.log(Level::Warn, "slow", &[("id", &7), ("millis", &12)]);
    later();
    telemetry.log(Level::Warn, "slower", &[("id", &8)]);
    later();
    let _ = telemetry.span("charge").link(remote()).in_scope(|_| refuse());
    drop(root);
}

#[derive(Debug)]
struct CardDeclined;

impl std::fmt::Display for CardDeclined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("card declined")
    }
}

impl std::error::Error for CardDeclined {}

#[traced]
fn refuse() -> Result<(), CardDeclined> {
    Err(CardDeclined)
}

const TREE: [&str; 9] = [
    "ok    GET /orders (server) id=7",
    "ok    ├─ load (client)",
    "event │  ├─ cache missed key=\"a b\" size=3",
    "ok    │  └─ connect",
    "WARN  ├─ slow millis=12",
    "WARN  ├─ slower id=8",
    "ok    └─ charge",
    "link     ├─ 00000000000000000000000000abcdef:0000000000000007",
    "ERROR    └─ console::tree::refuse console::tree::CardDeclined: card declined",
];

#[test]
fn a_request_is_a_tree_with_its_logs_events_links_outcomes_and_durations() {
    let text = shown(Tree, |telemetry, _| request(telemetry));
    let (starts, tree) = said(&text);
    assert_eq!(tree, TREE, "{text}");
    let expected = [
        "start GET /orders (server) id=7",
        "start   load (client)",
        "start     connect",
        "start   charge",
        "start     console::tree::refuse",
    ];
    assert_eq!(starts, expected, "{text}");
    for line in lines(&text) {
        assert_eq!(line.trace, "abcdef", "{line:?}");
        let has_ended = ["ok", "ERROR"].iter().any(|word| line.rest.starts_with(word));
        assert_eq!(!line.took.is_empty(), has_ended, "{line:?}");
        assert_eq!(line.time.trim().is_empty(), line.rest.starts_with("link"), "{line:?}");
    }
    let took: Vec<f64> =
        lines(&text).iter().filter_map(|line| line.took.strip_suffix("ms")?.parse().ok()).collect();
    assert!(took[0] >= took[1] + took[3] && took[1] >= 2.0, "{text}");
}

/// A processor that wants to see spans start, so that the SDK's tracer serves.
#[derive(Debug)]
struct Watches;

impl SpanProcessor for Watches {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, _span: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }
}

#[test]
fn it_is_the_same_where_the_tracer_of_the_sdk_serves() {
    let parts = |builder: cryostorm::TelemetryBuilder| builder.with_span_processor(Watches);
    let (text, _) = shown_with(Tree, parts, |telemetry, _| request(telemetry));
    let (starts, tree) = said(&text);
    assert_eq!((starts.len(), tree), (5, TREE.map(str::to_owned).to_vec()), "{text}");
}

#[test]
fn a_span_is_shown_when_it_starts_and_its_tree_when_it_ends() {
    shown(Tree, |telemetry, screen| {
        let wait_for = |what: &str| {
            while !screen.text().contains(what) {
                thread::yield_now();
            }
        };
        let root = telemetry.span("long").start();
        wait_for("start long\n");
        telemetry.span("part").in_scope(|_| ());
        wait_for("start   part\n");
        assert!(!screen.text().contains(" ok "), "{}", screen.text());
        drop(root);
        wait_for("ok    long\n");
        assert!(screen.text().contains("ok    └─ part\n"), "{}", screen.text());
    });
}

#[test]
fn what_ends_after_its_root_is_shown_and_marked() {
    let text = shown(Tree, |telemetry, screen| {
        let root = telemetry.span("root").start();
        let (context, (started, starts), (end, ends)) =
            (root.context().clone(), mpsc::channel(), mpsc::channel::<()>());
        let task = thread::spawn(move || {
            let telemetry = Telemetry::global();
            telemetry.span("task").context(context).in_scope(|_| {
                telemetry.span("first").in_scope(|_| ());
                telemetry.log(Level::Info, "under way", &[]);
                started.send(()).unwrap();
                ends.recv().unwrap();
                telemetry.span("second").in_scope(|_| ());
            });
        });
        starts.recv().unwrap();
        let late = root.context().clone();
        drop(root);
        while !screen.text().contains("ok    root\n") {
            thread::yield_now();
        }
        end.send(()).unwrap();
        task.join().unwrap();
        telemetry.span("later still").context(late).in_scope(|_| ());
    });
    let (_, trees) = said(&text);
    let expected = [
        "ok    root",
        "open  └─ task",
        "ok    task (late: root had ended)",
        "ok    ├─ first",
        "INFO  ├─ under way",
        "ok    └─ second",
        "ok    later still (late: root had ended)",
    ];
    assert_eq!(trees, expected, "{text}");
}

#[test]
fn requests_at_the_same_time_are_not_mixed() {
    let text = shown(Tree, |_, _| {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let telemetry = Telemetry::global();
                    for _ in 0..50 {
                        telemetry.span("request").in_scope(|_| {
                            telemetry.span("step").in_scope(|_| telemetry.log(Level::Info, "done", &[]));
                        });
                    }
                });
            }
        });
    });
    let lines: Vec<_> = lines(&text).into_iter().filter(|line| !line.rest.starts_with("start")).collect();
    assert_eq!(lines.len(), 8 * 50 * 3);
    for tree in lines.chunks(3) {
        let says: Vec<_> = tree.iter().map(|line| line.rest).collect();
        assert_eq!(says, ["ok    request", "ok    └─ step", "INFO     └─ done"], "{tree:#?}");
        assert!(tree.iter().all(|line| line.trace == tree[0].trace), "{tree:#?}");
    }
}

#[test]
fn what_never_ends_is_shown_at_shutdown() {
    let mut open = None;
    let text = shown(Tree, |telemetry, _| {
        let root = telemetry.span("server").start();
        telemetry.span("step").in_scope(|_| ());
        telemetry.log(Level::Info, "ready", &[]);
        open = Some(root);
    });
    let (_, tree) = said(&text);
    assert_eq!(tree, ["open  server", "ok    ├─ step", "INFO  └─ ready"], "{text}");
}

#[test]
fn logs_of_no_tree_are_shown_at_once() {
    let text = shown(Tree, |telemetry, screen| {
        telemetry.log(Level::Error, "alone", &[("n", &1)]);
        while !screen.text().contains("ERROR alone n=1\n") {
            thread::yield_now();
        }
        let over = telemetry.span("over").start().context().clone();
        while !screen.text().contains("ok    over\n") {
            thread::yield_now();
        }
        let _over = over.attach();
        telemetry.log(Level::Info, "after", &[]);
    });
    let lines = lines(&text);
    let (alone, after) = (&lines[0], lines.last().unwrap());
    assert_eq!((alone.rest, alone.trace), ("ERROR alone n=1", ""));
    assert_eq!((after.rest, after.trace), ("INFO  after", lines[1].trace));
}

#[test]
fn a_span_whose_parent_is_not_recorded_stands_apart() {
    let _alone = cryostorm_tests::installation::alone();
    let screen = Screen::default();
    let mut settings = cryostorm_tests::installation::quiet();
    settings.tracing.exporter_type = ExporterType::Console;
    settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOn;
    let guard = Telemetry::builder(settings).with_console(screen.exporter(Tree)).install().unwrap();
    let ids =
        SpanContext::new(TraceId::from(1), SpanId::from(1), TraceFlags::default(), false, TraceState::NONE);
    guard.span("child").context(Context::new().with_remote_span_context(ids)).in_scope(|_| ());
    guard.shutdown().unwrap();
    assert_eq!(said(&screen.text()).1, ["ok    child (apart from its parent)"]);
}

#[test]
fn colors_change_nothing_but_the_color() {
    let colored = {
        let _alone = cryostorm_tests::installation::alone();
        let screen = Screen::default();
        let mut settings = cryostorm_tests::installation::quiet();
        settings.tracing.exporter_type = ExporterType::Console;
        settings.logging.exporter_type = ExporterType::Console;
        let console = screen.exporter(Tree).with_color(true);
        let guard = Telemetry::builder(settings).with_console(console).install().unwrap();
        request(&guard);
        guard.shutdown().unwrap();
        screen.text()
    };
    assert!(colored.contains("\x1b[1m\x1b[31mERROR\x1b[0m"), "{colored:?}");
    let mut plain = String::new();
    for (index, part) in colored.split("\x1b[").enumerate() {
        plain += if index == 0 { part } else { part.split_once('m').expect("the end of a sequence").1 };
    }
    assert_eq!(said(&plain).1, TREE);
}

#[test]
fn hostile_text_stays_on_its_line_and_leaves_the_terminal_alone() {
    let hostile = "a\nb\r\x1b[2J\u{9b}31m\u{202e}\u{7}\"";
    let text = shown(Tree, |telemetry, _| {
        telemetry.span(hostile).attribute(hostile, hostile).in_scope(|span| {
            span.add_event(hostile, &[("k", &hostile)]);
            span.set_status(cryostorm::opentelemetry::trace::Status::error(hostile));
            telemetry.log(Level::Info, hostile, &[("k", &hostile)]);
        });
        telemetry.log(Level::Info, hostile, &[]);
    });
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    let escaped = r#"a\nb\r\u{1b}[2J\u{9b}31m\u{202e}\u{7}""#;
    assert!(text.contains(&format!("INFO  {escaped}\n")), "{text}");
}

#[test]
fn long_values_are_cut_and_many_are_counted() {
    let text = shown(Tree, |telemetry, _| {
        let span = telemetry.span("n".repeat(10_000)).attribute("long", "v".repeat(10_000)).start();
        (0..40).for_each(|index| span.set_attribute(format!("k{index}"), index));
    });
    let (starts, tree) = said(&text);
    assert!(starts[0].len() < 1000 && tree[0].len() < 1000, "{text}");
    assert!(tree[0].contains(&format!("long={}… k0=0", "v".repeat(120))), "{text}");
    assert!(tree[0].ends_with("k30=30 … 9 more"), "{text}");
}

#[test]
fn deep_spans_are_drawn_within_bounds() {
    let text = shown(Tree, |telemetry, _| {
        fn dig(telemetry: &TelemetryGuard, depth: usize) {
            if depth > 0 {
                telemetry.span("deep").in_scope(|_| dig(telemetry, depth - 1));
            }
        }
        dig(telemetry, 500);
    });
    let (starts, tree) = said(&text);
    assert_eq!((starts.len(), tree.len()), (500, 500));
    assert!(tree[499].ends_with("└─ [499] deep"), "{}", tree[499]);
    assert!(text.lines().all(|line| line.chars().count() < 150));
}

#[test]
fn spans_of_other_code_are_shown_too() {
    let text = shown(Tree, |telemetry, _| {
        use cryostorm::opentelemetry::trace::Tracer as _;
        telemetry.tracer().in_span("other", |context| context.span().set_attribute(KeyValue::new("a", 2)));
    });
    assert_eq!(said(&text), (vec!["start other".to_owned()], vec!["ok    other a=2".to_owned()]), "{text}");
}
