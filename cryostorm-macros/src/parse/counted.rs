use super::attributes::attributes;
use super::name::metric_name;
use super::options::{ATTRIBUTES, CRATE, NAME, Options, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::{Counted, Instrument};

pub(super) const OPTIONS: &[&Spec] = &[&NAME, &ATTRIBUTES, &CRATE];

pub(super) fn counted(options: &Options, diagnostics: &mut Diagnostics) -> Counted {
    Counted {
        name: metric_name(options, diagnostics),
        attributes: attributes(Instrument::Counted, options, diagnostics),
    }
}
