use super::literal::text;
use super::name::metric_name;
use super::options::Options;
use super::spec::{DESCRIPTION, NAME};
use crate::diagnostics::Diagnostics;
use crate::model::Metric;
use syn::LitStr;

/// What both metric attributes say of their metric.
pub(super) fn metric(unit: Option<LitStr>, options: &Options, diagnostics: &mut Diagnostics) -> Metric {
    Metric {
        name: metric_name(options, &NAME, diagnostics),
        description: text(options, &DESCRIPTION, diagnostics),
        unit,
    }
}
