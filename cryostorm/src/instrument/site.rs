//! What is known of an annotated function when it compiles.

use opentelemetry::trace::SpanKind;

/// One annotated function: a `static` in its expansion.
#[derive(Debug)]
pub struct CallSite {
    pub(crate) function: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) span: Option<SpanSite>,
    /// The name of the counter.
    pub(crate) counter: Option<&'static str>,
    /// The name of the histogram.
    pub(crate) histogram: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct SpanSite {
    pub(crate) name: &'static str,
    pub(crate) kind: SpanKind,
}

impl CallSite {
    /// The default name of the counter.
    pub const CALLS: &'static str = "function.calls";
    /// The default name of the histogram.
    pub const DURATION: &'static str = "function.duration";

    /// A function by its full path and where it stands.
    pub const fn new(function: &'static str, file: &'static str, line: u32) -> Self {
        Self { function, file, line, span: None, counter: None, histogram: None }
    }

    /// It makes a span.
    pub const fn traced(self, name: &'static str, kind: SpanKind) -> Self {
        Self { span: Some(SpanSite { name, kind }), ..self }
    }

    /// It counts its calls.
    pub const fn counted(self, name: &'static str) -> Self {
        Self { counter: Some(name), ..self }
    }

    /// It measures its duration.
    pub const fn timed(self, name: &'static str) -> Self {
        Self { histogram: Some(name), ..self }
    }
}
