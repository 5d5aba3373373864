use super::Attribute;
use syn::LitStr;

/// What `#[counted]` asks for.
pub(crate) struct Counted {
    pub(crate) name: Option<LitStr>,
    pub(crate) attributes: Vec<Attribute>,
}
