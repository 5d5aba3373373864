use super::Attribute;
use syn::LitStr;

/// What `#[timed]` asks for.
pub(crate) struct Timed {
    pub(crate) name: Option<LitStr>,
    pub(crate) attributes: Vec<Attribute>,
}
