use proc_macro2::TokenStream;
use syn::{Lit, LitStr};

/// One `key = value` of `attributes(..)`.
pub(crate) struct Attribute {
    pub(crate) key: LitStr,
    pub(crate) rendering: Rendering,
    /// An expression, left unparsed: the compiler reports its mistakes better than we would.
    pub(crate) value: TokenStream,
}

impl Attribute {
    /// The variant of `StaticValue` for a value that is data of the binary: a literal that has the variant's type.
    pub(crate) fn static_type(&self) -> Option<&'static str> {
        if matches!(self.rendering, Rendering::Display | Rendering::Debug) {
            return None;
        }
        match syn::parse2(self.value.clone()).ok()? {
            Lit::Str(text) if text.suffix().is_empty() => Some("Str"),
            Lit::Bool(_) => Some("Bool"),
            Lit::Int(number) if ["", "i64"].contains(&number.suffix()) => {
                number.base10_parse::<i64>().ok().map(|_| "I64")
            }
            Lit::Float(number) if ["", "f64"].contains(&number.suffix()) => Some("F64"),
            _ => None,
        }
    }
}

/// How a value becomes an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rendering {
    /// As it is.
    Value,
    /// `%value`: its `Display` text.
    Display,
    /// `?value`: its `Debug` text.
    Debug,
    /// A literal on a metric: bounded whatever its type.
    Literal,
}
