use super::attributes::attributes;
use super::name::metric_name;
use super::options::{ATTRIBUTES, CRATE, NAME, Options, Spec};
use crate::diagnostics::Diagnostics;
use crate::model::{Instrument, Timed};

pub(super) const OPTIONS: &[&Spec] = &[&NAME, &ATTRIBUTES, &CRATE];

pub(super) fn timed(options: &Options, diagnostics: &mut Diagnostics) -> Timed {
    Timed {
        name: metric_name(options, diagnostics),
        attributes: attributes(Instrument::Timed, options, diagnostics),
    }
}
