use super::Name;
use syn::LitStr;

/// What names and describes the metric of `#[counted]` or `#[timed]`.
pub(crate) struct Metric {
    /// A literal or a constant.
    pub(crate) name: Option<Name>,
    pub(crate) description: Option<LitStr>,
    /// Valid UCUM; of time, for `#[timed]`.
    pub(crate) unit: Option<LitStr>,
}
