//! What is known of an annotated function when it compiles.

use opentelemetry::trace::SpanKind;

/// One annotated function: a `static` in its expansion.
#[derive(Debug)]
pub struct CallSite {
    /// Its full path.
    pub function: &'static str,
    /// The file that it stands in.
    pub file: &'static str,
    /// The line that it stands on.
    pub line: u32,
    /// The span that it makes.
    pub span: Option<SpanSite>,
    /// The name of the counter that counts its calls.
    pub counter: Option<&'static str>,
    /// The name of the histogram that its duration goes to.
    pub histogram: Option<&'static str>,
}

/// The span of an annotated function.
#[derive(Debug)]
pub struct SpanSite {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: SpanKind,
}

impl CallSite {
    /// The default name of the counter.
    pub const CALLS: &'static str = "function.calls";
    /// The default name of the histogram.
    pub const DURATION: &'static str = "function.duration";
}
