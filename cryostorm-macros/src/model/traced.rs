use super::{Attribute, Name, Observation};
use proc_macro2::{Ident, TokenStream};

/// What `#[traced]` asks for.
pub(crate) struct Traced {
    pub(crate) name: Option<Name>,
    /// A variant of `SpanKind`, spelled as the user wrote it.
    pub(crate) kind: Option<Ident>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) links: Option<TokenStream>,
    pub(crate) parent: Option<Parent>,
    pub(crate) ok: Vec<Observation>,
    pub(crate) err: Vec<Observation>,
    pub(crate) record_error: Option<RecordError>,
    /// Whether a call is traced at all.
    pub(crate) condition: Option<TokenStream>,
    /// The name of the tracer: a string literal, or the path of a constant.
    pub(crate) tracer: Option<Name>,
}

/// What a span is a child of, when not of the current one.
pub(crate) enum Parent {
    /// Nothing: it starts a trace.
    Root,
    Context(TokenStream),
}

/// What an error leaves beside the status of the span.
#[derive(Clone, Copy)]
pub(crate) enum RecordError {
    Event,
    Log,
    Both,
    None,
}
