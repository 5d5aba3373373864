use super::Attribute;
use proc_macro2::Ident;
use syn::LitStr;

/// What `#[traced]` asks for.
pub(crate) struct Traced {
    pub(crate) name: Option<LitStr>,
    /// A variant of `SpanKind`, spelled as the user wrote it.
    pub(crate) kind: Option<Ident>,
    pub(crate) attributes: Vec<Attribute>,
}
