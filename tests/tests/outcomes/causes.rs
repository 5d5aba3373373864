//! Errors of every kind: their types, messages and chains of sources.

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

use cryostorm::opentelemetry::trace::Status;
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{counted, traced};
use cryostorm_tests::trace::{error_type, give_way, spans_of, total};
use futures::executor::block_on;

#[derive(Debug)]
struct Link {
    depth: u8,
    source: Option<Box<Link>>,
}

impl Link {
    fn chain(depth: u8) -> Self {
        Self { depth, source: (depth > 0).then(|| Box::new(Self::chain(depth - 1))) }
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.depth)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The error type, the message and the causes of a span's only event.
fn exception(span: &SpanData) -> (String, String, Option<String>) {
    let [event] = span.events.events.as_slice() else { panic!("{:?}", span.events) };
    assert_eq!(event.name, "exception");
    let of = |key: &str| {
        event.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.to_string())
    };
    let (name, message) = (of("exception.type").unwrap(), of("exception.message").unwrap());
    assert_eq!(error_type(span).as_ref(), Some(&name));
    assert_eq!(span.status, Status::error(message.clone()));
    (name, message, of("exception.stacktrace"))
}

const CHAIN: &str = "caused by: link 1\ncaused by: link 0\n";

macro_rules! failing {
    ($($name:ident: $error:ty = $value:expr;)*) => {$(
        #[traced]
        #[counted]
        fn $name() -> Result<(), $error> {
            Err($value)
        }
    )*};
}
failing! {
    own: Link = Link::chain(2);
    boxed: Box<dyn Error> = Link::chain(2).into();
    boxed_to_send: Box<dyn Error + Send + Sync> = Link::chain(2).into();
    shared: Arc<dyn Error> = Arc::new(Link::chain(2));
    boxed_itself: Box<Link> = Box::new(Link::chain(2));
    any: anyhow::Error = Link::chain(2).into();
    any_with_context: anyhow::Error = anyhow::Error::from(Link::chain(0)).context("link 1").context("link 2");
    text: &'static str = "link 2";
    text_in_a_box: Box<dyn Error> = "link 2".into();
    alone: Link = Link::chain(0);
    debugged: OnlyDebug = OnlyDebug { text: "seen" };
    opaque: Opaque = Opaque;
    unspeakable: Unspeakable = Unspeakable;
    unsourced: Unsourced = Unsourced;
    circular: Circular = Circular;
    never: fmt::Error = fmt::Error;
}

#[derive(Debug)]
#[allow(dead_code)]
struct OnlyDebug {
    text: &'static str,
}

struct Opaque;

#[derive(Debug)]
struct Unspeakable;

impl Display for Unspeakable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("until ")?;
        panic!("on purpose")
    }
}

impl Error for Unspeakable {}

#[derive(Debug)]
struct Unsourced;

impl Display for Unsourced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unsourced")
    }
}

impl Error for Unsourced {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("on purpose")
    }
}

#[derive(Debug)]
struct Circular;

impl Display for Circular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("circular")
    }
}

impl Error for Circular {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}

fn exception_of<E>(call: fn() -> Result<(), E>) -> (String, String, Option<String>) {
    exception(spans_of(|| assert!(call().is_err())).only())
}

#[test]
fn a_chain_of_sources_is_kept_behind_any_pointer() {
    let expected = |name: &str| (name.to_owned(), "link 2".to_owned(), Some(CHAIN.to_owned()));
    assert_eq!(exception_of(own), expected("outcomes::causes::Link"));
    assert_eq!(exception_of(boxed), expected("alloc::boxed::Box<dyn core::error::Error>"));
    let send = "alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>";
    assert_eq!(exception_of(boxed_to_send), expected(send));
    assert_eq!(exception_of(shared), expected("alloc::sync::Arc<dyn core::error::Error>"));
    assert_eq!(exception_of(boxed_itself), expected("alloc::boxed::Box<outcomes::causes::Link>"));
    assert_eq!(exception_of(any), expected("anyhow::Error"));
    assert_eq!(exception_of(any_with_context), expected("anyhow::Error"));
}

#[test]
fn an_error_without_a_source_has_no_stacktrace() {
    assert_eq!(exception_of(text), ("&str".to_owned(), "link 2".to_owned(), None));
    assert_eq!(exception_of(text_in_a_box).2, None);
    assert_eq!(exception_of(alone), ("outcomes::causes::Link".to_owned(), "link 0".to_owned(), None));
    assert_eq!(exception_of(never).0, "core::fmt::Error");
}

#[test]
fn an_error_says_what_it_can() {
    let debugged = exception_of(debugged);
    assert_eq!(debugged.1, r#"OnlyDebug { text: "seen" }"#);
    let expected = ("outcomes::causes::Opaque".to_owned(), "outcomes::causes::Opaque".to_owned(), None);
    assert_eq!(exception_of(opaque), expected);
}

#[test]
fn an_error_that_misbehaves_hurts_nothing() {
    assert_eq!(exception_of(unspeakable).1, "until ");
    assert_eq!(
        exception_of(unsourced),
        ("outcomes::causes::Unsourced".to_owned(), "unsourced".to_owned(), None)
    );
    assert!(exception_of(circular).2.unwrap().lines().count() <= 32);
    assert_eq!(total("function.calls", "unspeakable", Some("outcomes::causes::Unspeakable")), 1);
}

#[traced]
fn generic<E: Error>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
fn generic_to_show<E: Display>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
async fn generic_to_debug<E: Debug>(error: E) -> Result<(), E> {
    give_way().await;
    Err(error)
}

#[traced]
fn generic_at_all<E>(error: E) -> Result<(), E> {
    Err(error)
}

#[test]
fn a_generic_error_says_what_its_bounds_let_it() {
    let of = |work: &dyn Fn()| exception(spans_of(work).only());
    let chained = of(&|| generic(Link::chain(2)).unwrap_err().depth = 0);
    assert_eq!(chained, ("outcomes::causes::Link".to_owned(), "link 2".to_owned(), Some(CHAIN.to_owned())));
    assert_eq!(of(&|| generic_to_show(Link::chain(2)).unwrap_err().depth = 0).1, "link 2");
    assert_eq!(of(&|| block_on(generic_to_debug(Some(2))).unwrap_err().clone_from(&None)).1, "Some(2)");
    assert_eq!(of(&|| generic_at_all("text").unwrap_err().clone_into(&mut String::new())).1, "&str");
}
