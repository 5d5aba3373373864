use proc_macro2::TokenStream;
use syn::LitStr;

/// What names a span or a metric.
pub(crate) enum Name {
    /// A string literal without arguments.
    Literal(LitStr),
    /// A string literal with braces, `"charge {order_id}"`: named arguments, or escapes to undo. Spans only.
    Format(LitStr),
    /// The path of a constant of type `&'static str`.
    Constant(TokenStream),
}
