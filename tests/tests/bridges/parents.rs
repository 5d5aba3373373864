//! Which span is whose child: spans of `tracing`, of annotated functions, made by hand and of others, in one tree.

use std::collections::HashMap;

use cryostorm::opentelemetry::trace::Tracer as _;
use cryostorm::opentelemetry::{Context, global};
use cryostorm::{Telemetry, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::paths::same_on_both;
use cryostorm_tests::told::All;

use super::bridged;

fn told(program: impl Fn()) -> All {
    same_on_both(|builder| builder, |_| bridged(&program))
}

/// The parents of these spans; a root's is the invalid id.
fn parents<const N: usize>(all: &All, names: [&str; N]) -> [String; N] {
    names.map(|name| all[name].parent.clone())
}

const NONE: &str = "0000000000000000";

#[traced(name = "ours")]
fn ours(inside: impl FnOnce()) {
    inside();
}

#[test]
fn spans_nest_in_both_directions() {
    let all = told(|| {
        tracing::info_span!("theirs").in_scope(|| {
            ours(|| {
                tracing::info_span!("theirs in ours").in_scope(|| {
                    Telemetry::global().span("by hand").in_scope(|_| {
                        let _entered = tracing::info_span!("theirs by hand").entered();
                        global::tracer("library").in_span("of a library", |_| {
                            tracing::info_span!("innermost").in_scope(|| ());
                        });
                    });
                });
            });
        });
        tracing::info_span!("another trace").in_scope(|| ());
    });
    let names =
        ["innermost", "of a library", "theirs by hand", "by hand", "theirs in ours", "ours", "theirs"];
    let expected = ["of a library", "theirs by hand", "by hand", "theirs in ours", "ours", "theirs", NONE];
    assert_eq!(parents(&all, names), expected);
    assert!(names.iter().all(|name| all[*name].trace == all["theirs"].trace));
    assert_ne!(all["another trace"].trace, all["theirs"].trace);
}

#[test]
fn a_parent_that_is_named_is_the_parent() {
    let all = told(|| {
        let first = tracing::info_span!("first");
        tracing::info_span!("current").in_scope(|| {
            tracing::info_span!(parent: &first, "of the first").in_scope(|| {
                tracing::info_span!("inside");
            });
            tracing::info_span!(parent: None, "root").in_scope(|| {
                tracing::info_span!("in root");
            });
            tracing::info_span!(parent: first.id(), "of an id");
            tracing::info_span!("contextual");
        });
    });
    let names = ["of the first", "inside", "root", "in root", "of an id", "contextual"];
    assert_eq!(parents(&all, names), ["first", "of the first", NONE, "root", "first", "current"]);
    assert_ne!(all["root"].trace, all["current"].trace);
}

#[test]
fn a_parent_that_is_left_out_starts_no_guess() {
    let all = told(|| {
        tracing::info_span!("current").in_scope(|| {
            let left_out = tracing::debug_span!("left out");
            tracing::info_span!(parent: &left_out, "of what is left out");
        });
    });
    assert_eq!(parents(&all, ["of what is left out"]), [NONE]);
}

#[test]
fn what_a_span_follows_from_is_a_link() {
    let all = told(|| {
        let earlier = tracing::info_span!("earlier");
        let left_out = tracing::debug_span!("left out");
        let later = tracing::info_span!("later");
        later.follows_from(&earlier);
        later.follows_from(&left_out);
        later.follows_from(tracing::Span::none());
    });
    assert_eq!(
        all["later"].links.iter().map(|link| link.name.as_str()).collect::<Vec<_>>(),
        ["earlier in earlier ()"]
    );
    assert_eq!(parents(&all, ["later"]), [NONE]);
}

#[test]
fn a_context_from_elsewhere_is_the_parent_where_it_is_attached() {
    let all = told(|| {
        let telemetry = Telemetry::global();
        let mut headers = HashMap::new();
        telemetry.span("client").in_scope(|_| telemetry.inject_context(&mut headers));
        let _remote = telemetry.extract_context(&headers).attach();
        tracing::info_span!("server").in_scope(|| ours(|| ()));
    });
    assert_eq!(parents(&all, ["server", "ours"]), ["client", "server"]);
    assert!(all["server"].parent_is_remote && !all["ours"].parent_is_remote);
}

#[test]
fn the_context_of_a_span_is_current_where_it_is_entered_and_only_there() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    bridged(|| {
        use cryostorm::opentelemetry::trace::TraceContextExt as _;
        let span = tracing::info_span!("span");
        assert!(!Context::current().has_active_span(), "made and not entered");
        let again = || cryostorm::current_span().span_context();
        let ids = span.in_scope(again);
        assert!(ids.is_valid() && !Context::current().has_active_span());
        assert_eq!(span.in_scope(|| span.in_scope(again)), ids, "entered once more inside itself");
        let elsewhere = span.clone();
        assert_eq!(std::thread::spawn(move || elsewhere.in_scope(again)).join().unwrap(), ids);
        span.in_scope(|| cryostorm::current_span().set_attribute("written", "by hand"));
        assert!(!Context::current().has_active_span());
    });
    telemetry.shutdown().unwrap();
    let spans = telemetry.in_memory().spans();
    assert_eq!(spans.len(), 1);
    assert!(spans[0].attributes.iter().any(|pair| pair.key.as_str() == "written"));
}

#[test]
fn spans_of_two_subscribers_on_one_thread_are_told_apart() {
    let all = told(|| {
        // The first span of each has the same id.
        let outer = tracing::info_span!("outer");
        let inner = bridged(|| tracing::info_span!("inner"));
        let enter = |span: &tracing::Span| span.with_subscriber(|(id, subscriber)| subscriber.enter(id));
        let exit = |span: &tracing::Span| span.with_subscriber(|(id, subscriber)| subscriber.exit(id));
        enter(&outer);
        enter(&inner);
        exit(&outer);
        ours(|| ());
        exit(&inner);
        assert!(!cryostorm::current_span().span_context().is_valid());
    });
    assert_eq!(parents(&all, ["ours", "inner", "outer"]), ["inner", NONE, NONE]);
}
